package hydrocell.api.widgets;

/** Yes or no, by a tick. */
public final class Checkbox extends FlagWidget<Checkbox> {
  private static final long serialVersionUID = 1L;

  /** A box before this text. */
  public Checkbox(String description, boolean value) {
    super("Checkbox", description, value);
    set("indent", false);
  }
}
