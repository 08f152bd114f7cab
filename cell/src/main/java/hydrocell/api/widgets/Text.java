package hydrocell.api.widgets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A line of text, typed. */
public final class Text extends TextWidget<Text> {
  private static final long serialVersionUID = 1L;
  private final List<Consumer<? super String>> submits = new ArrayList<>();

  /** A field with this text. */
  public Text(String value) {
    super("Text", value);
    set("disabled", false);
    set("continuous_update", true);
  }

  /** An empty field. */
  public Text() {
    this("");
  }

  /** What is shown where nothing is typed. */
  public Text placeholder(String text) {
    return with("placeholder", text);
  }

  /** Whether each letter is told, or only the end. */
  public Text continuous(boolean continuous) {
    return with("continuous_update", continuous);
  }

  /** Does something with the text when Enter is pressed. */
  public Text onSubmit(Consumer<? super String> action) {
    submits.add(action);
    return this;
  }

  @Override
  void custom(Map<?, ?> content) {
    if ("submit".equals(content.get("event"))) {
      List.copyOf(submits).forEach(action -> action.accept(value()));
    }
  }
}
