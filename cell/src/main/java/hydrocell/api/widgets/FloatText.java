package hydrocell.api.widgets;

/** A number, typed. */
public final class FloatText extends NumberWidget<Double, FloatText> {
  private static final long serialVersionUID = 1L;

  /** A field with this number. */
  public FloatText(double value) {
    super("FloatText");
    set("step", null);
    set("disabled", false);
    set("continuous_update", false);
    set("value", value);
  }

  @Override
  Double of(Number number) {
    return number.doubleValue();
  }
}
