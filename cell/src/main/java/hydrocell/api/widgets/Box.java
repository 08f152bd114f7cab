package hydrocell.api.widgets;

import java.util.List;

/** Widgets together. */
abstract sealed class Box<W extends Box<W>> extends DomWidget<W> permits HBox, VBox {
  private static final long serialVersionUID = 1L;

  Box(String name, List<? extends Widget> children) {
    super(name);
    set("box_style", "");
    set("children", List.copyOf(children));
  }

  /** Puts other widgets in. */
  public W children(List<? extends Widget> children) {
    return with("children", List.copyOf(children));
  }
}
