package hydrocell.api.widgets;

import org.jspecify.annotations.Nullable;

/** A widget whose value is yes or no. */
abstract class FlagWidget<W extends FlagWidget<W>> extends ValueWidget<Boolean, W> {
  private static final long serialVersionUID = 1L;

  FlagWidget(String name, String description, boolean value) {
    super(name);
    set("description", description);
    set("disabled", false);
    set("value", value);
  }

  @Override
  public Boolean value() {
    return Boolean.TRUE.equals(get("value"));
  }

  @Override
  public W value(Boolean value) {
    return with("value", value);
  }

  @Override
  @Nullable Object accepted(String key, @Nullable Object value) {
    return key.equals("value") && !(value instanceof Boolean) ? get("value") : value;
  }
}
