package hydrocell.api.widgets;

/** Text that is only shown; formulas between dollar signs are set. */
public final class Label extends TextWidget<Label> {
  private static final long serialVersionUID = 1L;

  /** This text. */
  public Label(String value) {
    super("Label", value);
  }
}
