package hydrocell.api.widgets;

import org.jspecify.annotations.Nullable;

/**
 * A widget that has a place on the page.
 *
 * @param <W> the widget itself, so that settings can follow each other
 */
public abstract class DomWidget<W extends DomWidget<W>> extends Widget {
  private static final long serialVersionUID = 1L;
  private @Nullable Layout layout;

  DomWidget(String module, String version, String name) {
    super(module, version, name);
  }

  /** One of the controls. */
  DomWidget(String name) {
    this(CONTROLS, "2.0.0", name);
  }

  @SuppressWarnings("unchecked")
  final W self() {
    return (W) this;
  }

  final W with(String key, @Nullable Object value) {
    set(key, value);
    return self();
  }

  /** The text before it. */
  public W description(String text) {
    return with("description", text);
  }

  /** Whether people can change nothing. */
  public W disabled(boolean disabled) {
    return with("disabled", disabled);
  }

  /** The text that is shown where the mouse rests. */
  public W tooltip(String text) {
    return with("tooltip", text);
  }

  /** A property of CSS, such as {@code width} or {@code border_left}. */
  public W layout(String property, String value) {
    Layout known = layout;
    if (known == null) {
      known = new Layout();
      layout = known;
    }
    known.property(property, value);
    return with("layout", known);
  }

  /** Its width as in CSS, such as {@code 50%}. */
  public W width(String width) {
    return layout("width", width);
  }

  /** How it lies on the page. */
  private static final class Layout extends Widget {
    private static final long serialVersionUID = 1L;

    Layout() {
      super(BASE, "2.0.0", "Layout");
    }

    void property(String name, String value) {
      set(name.replace('-', '_'), value);
    }
  }
}
