package hydrocell.api.jjava;

import java.io.Serializable;

/**
 * Puts the forms of a value into a context.
 *
 * @param <T> the class or interface of the values
 */
@FunctionalInterface
public interface RenderFunction<T> extends Serializable {
  /** Adds the forms that are wanted. */
  void render(T value, RenderContext context) throws Exception;
}
