package hydrocell.api.widgets;

/** A number, chosen by sliding. */
public final class FloatSlider extends Slider<Double, FloatSlider> {
  private static final long serialVersionUID = 1L;

  /** A slider from one number to another, at the first, in a hundred steps. */
  public FloatSlider(double min, double max) {
    this(min, min, max);
  }

  /** A slider at a value between two others. */
  public FloatSlider(double value, double min, double max) {
    super("FloatSlider", ".2f", (max - min) / 100);
    start(value, min, max);
  }

  @Override
  Double of(Number number) {
    return number.doubleValue();
  }
}
