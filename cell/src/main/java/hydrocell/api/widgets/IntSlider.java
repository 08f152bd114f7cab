package hydrocell.api.widgets;

/** A whole number, chosen by sliding. */
public final class IntSlider extends Slider<Integer, IntSlider> {
  private static final long serialVersionUID = 1L;

  /** A slider from one number to another, at the first. */
  public IntSlider(int min, int max) {
    this(min, min, max);
  }

  /** A slider at a value between two others. */
  public IntSlider(int value, int min, int max) {
    super("IntSlider", "d", 1);
    start(value, min, max);
  }

  @Override
  Integer of(Number number) {
    return number.intValue();
  }
}
