package hydrocell.api.widgets;

import java.util.List;

/** Widgets, one beside the other. */
public final class HBox extends Box<HBox> {
  private static final long serialVersionUID = 1L;

  /** These, in this order. */
  public HBox(List<? extends Widget> children) {
    super("HBox", children);
  }

  /** These, in this order. */
  public HBox(Widget... children) {
    this(List.of(children));
  }
}
