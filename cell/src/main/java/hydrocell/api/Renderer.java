package hydrocell.api;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How values of a class are shown; see {@link Hydrocell#renderer}. A lambda of a cell will do: it
 * is kept with the notebook's state.
 *
 * @param <T> the class or interface of the values
 */
@FunctionalInterface
public interface Renderer<T> extends Serializable {
  /**
   * What is shown in place of a value: something that {@link Hydrocell#html} and its kin make, or
   * any other value. Null when this one is to be shown as if there were no renderer.
   */
  @Nullable Object render(T value) throws Exception;

  /**
   * The same, where only some forms are wanted.
   *
   * @param mimeTypes what was asked for; empty when nothing in particular was
   */
  default @Nullable Object render(T value, List<String> mimeTypes) throws Exception {
    return render(value);
  }
}
