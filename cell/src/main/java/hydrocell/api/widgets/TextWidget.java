package hydrocell.api.widgets;

import org.jspecify.annotations.Nullable;

/** A widget whose value is text. */
abstract class TextWidget<W extends TextWidget<W>> extends ValueWidget<String, W> {
  private static final long serialVersionUID = 1L;

  TextWidget(String name, String value) {
    super(name);
    set("placeholder", "");
    set("value", value);
  }

  @Override
  public String value() {
    return textOf("value");
  }

  @Override
  public W value(String value) {
    return with("value", value);
  }

  @Override
  @Nullable Object accepted(String key, @Nullable Object value) {
    return key.equals("value") && !(value instanceof String) ? get("value") : value;
  }
}
