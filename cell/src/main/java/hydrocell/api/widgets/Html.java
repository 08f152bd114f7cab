package hydrocell.api.widgets;

/** HTML that is only shown. */
public final class Html extends TextWidget<Html> {
  private static final long serialVersionUID = 1L;

  /** This HTML. */
  public Html(String value) {
    super("HTML", value);
  }
}
