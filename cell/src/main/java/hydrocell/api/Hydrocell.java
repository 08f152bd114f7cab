package hydrocell.api;

import org.jspecify.annotations.Nullable;

/** Functions that every cell can call by their plain names. Thread-safe. */
public final class Hydrocell {
  private Hydrocell() {}

  /**
   * Shows a value below the cell, in every form that is known for it.
   *
   * @param mimeTypes when given, the value is text of the first of these types
   * @return an id for {@link #updateDisplay}
   */
  public static String display(@Nullable Object value, String... mimeTypes) {
    return CellRuntime.output().display(value, mimeTypes);
  }

  /** Shows a value in place of an earlier one. */
  public static void updateDisplay(String displayId, @Nullable Object value, String... mimeTypes) {
    CellRuntime.output().update(displayId, value, mimeTypes);
  }

  /** Clears the cell's output; with {@code wait} only when the next output comes. */
  public static void clearOutput(boolean wait) {
    CellRuntime.output().clear(wait);
  }

  /** Something that is shown as this HTML. */
  public static Rich html(String html) {
    return () -> java.util.Map.of("text/html", html);
  }

  /** Something that is shown as this Markdown. */
  public static Rich markdown(String markdown) {
    return () -> java.util.Map.of("text/markdown", markdown);
  }

  /** Something that is shown as this SVG image. */
  public static Rich svg(String svg) {
    return () -> java.util.Map.of("image/svg+xml", svg);
  }
}
