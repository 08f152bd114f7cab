package hydrocell.api.widgets;

/** A whole number, typed. */
public final class IntText extends NumberWidget<Integer, IntText> {
  private static final long serialVersionUID = 1L;

  /** A field with this number. */
  public IntText(int value) {
    super("IntText");
    set("step", 1);
    set("disabled", false);
    set("continuous_update", false);
    set("value", value);
  }

  @Override
  Integer of(Number number) {
    return number.intValue();
  }
}
