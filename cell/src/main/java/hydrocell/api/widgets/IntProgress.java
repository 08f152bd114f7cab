package hydrocell.api.widgets;

/** How much of something is done, as a bar that the notebook fills. */
public final class IntProgress extends NumberWidget<Integer, IntProgress> {
  private static final long serialVersionUID = 1L;

  /** A bar up to this number. */
  public IntProgress(int max) {
    super("IntProgress");
    // The page has one view for bars of all kinds of numbers.
    set("_view_name", "ProgressView");
    set("orientation", "horizontal");
    set("bar_style", "");
    start(0, 0, max);
  }

  /** Its colour: {@code success}, {@code info}, {@code warning}, {@code danger}, or empty. */
  public IntProgress style(String style) {
    return with("bar_style", style);
  }

  /** Goes on by one. */
  public IntProgress step() {
    return value(value() + 1);
  }

  @Override
  Integer of(Number number) {
    return number.intValue();
  }
}
