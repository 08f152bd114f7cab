package hydrocell.api.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Something to press. */
public final class Button extends DomWidget<Button> {
  private static final long serialVersionUID = 1L;
  private final List<Consumer<? super Button>> clicks = new ArrayList<>();

  /** A button with this text. */
  public Button(String description) {
    super("Button");
    set("description", description);
    set("disabled", false);
    set("icon", "");
    set("button_style", "");
    set("tooltip", null);
  }

  /**
   * Its colour: {@code primary}, {@code success}, {@code info}, {@code warning}, {@code danger}, or
   * empty.
   */
  public Button style(String style) {
    return with("button_style", style);
  }

  /** A picture of Font Awesome before the text, such as {@code check}. */
  public Button icon(String name) {
    return with("icon", name);
  }

  /** Does something at every press. */
  public Button onClick(Consumer<? super Button> action) {
    clicks.add(action);
    return this;
  }

  /** Does what a press does. */
  public void click() {
    List.copyOf(clicks).forEach(action -> action.accept(this));
  }

  @Override
  void custom(Map<?, ?> content) {
    if ("click".equals(content.get("event"))) {
      click();
    }
  }

  @Override
  public String toString() {
    return "Button(" + textOf("description") + ")";
  }
}
