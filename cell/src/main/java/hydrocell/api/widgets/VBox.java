package hydrocell.api.widgets;

import java.util.List;

/** Widgets, one below the other. */
public final class VBox extends Box<VBox> {
  private static final long serialVersionUID = 1L;

  /** These, in this order. */
  public VBox(List<? extends Widget> children) {
    super("VBox", children);
  }

  /** These, in this order. */
  public VBox(Widget... children) {
    this(List.of(children));
  }
}
