package hydrocell.api.widgets;

/** Yes or no, by a button that stays down. */
public final class ToggleButton extends FlagWidget<ToggleButton> {
  private static final long serialVersionUID = 1L;

  /** A button with this text. */
  public ToggleButton(String description, boolean value) {
    super("ToggleButton", description, value);
    set("button_style", "");
    set("icon", "");
  }
}
