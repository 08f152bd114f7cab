package hydrocell.api.jjava;

import hydrocell.api.Hydrocell;
import hydrocell.api.Shown;
import org.jspecify.annotations.Nullable;

/** Showing values, under the names of IJava and JJava; {@link Hydrocell} has the same. */
public final class Display {
  private Display() {}

  /** Shows a value below the cell and returns the id by which it can be updated. */
  public static String display(@Nullable Object value, String... mimeTypes) {
    return Hydrocell.display(value, mimeTypes);
  }

  /** The forms of a value without showing them. */
  public static Shown render(@Nullable Object value, String... mimeTypes) {
    return Hydrocell.render(value, mimeTypes);
  }

  /** Shows a value in place of an earlier one. */
  public static void updateDisplay(String id, @Nullable Object value, String... mimeTypes) {
    Hydrocell.updateDisplay(id, value, mimeTypes);
  }
}
