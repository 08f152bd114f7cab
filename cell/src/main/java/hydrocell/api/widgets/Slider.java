package hydrocell.api.widgets;

/** A number, chosen by sliding. */
abstract sealed class Slider<T extends Number, W extends Slider<T, W>> extends NumberWidget<T, W>
    permits IntSlider, FloatSlider {
  private static final long serialVersionUID = 1L;

  Slider(String name, String format, Number step) {
    super(name);
    set("step", step);
    set("orientation", "horizontal");
    set("readout", true);
    set("readout_format", format);
    set("continuous_update", true);
    set("disabled", false);
    set("behavior", "drag-tap");
  }

  /** How far apart values are. */
  public W step(T step) {
    return with("step", step);
  }

  /** Whether values are told while it is dragged, or only when it is let go. */
  public W continuous(boolean continuous) {
    return with("continuous_update", continuous);
  }

  /** Stands it up. */
  public W vertical() {
    return with("orientation", "vertical");
  }
}
