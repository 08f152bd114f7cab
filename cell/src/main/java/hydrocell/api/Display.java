package hydrocell.api;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Something that a cell has shown and that may be replaced where it stands, by later cells too.
 * Immutable: what is shown belongs to the page.
 *
 * @param id by which the page knows it
 */
public record Display(String id) implements Serializable {
  /** Shows another value in its place, everywhere where it is shown. */
  public void update(@Nullable Object value, String... mimeTypes) {
    CellRuntime.output().update(id, value, mimeTypes);
  }
}
