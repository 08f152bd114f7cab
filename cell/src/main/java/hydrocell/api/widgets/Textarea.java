package hydrocell.api.widgets;

/** Lines of text, typed. */
public final class Textarea extends TextWidget<Textarea> {
  private static final long serialVersionUID = 1L;

  /** A field with this text. */
  public Textarea(String value) {
    super("Textarea", value);
    set("disabled", false);
    set("continuous_update", true);
    set("rows", null);
  }

  /** How many lines it shows. */
  public Textarea rows(int rows) {
    return with("rows", rows);
  }
}
