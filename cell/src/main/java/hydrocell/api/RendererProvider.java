package hydrocell.api;

import java.util.Map;

/**
 * What a library implements, and names in {@code META-INF/services/hydrocell.api.RendererProvider},
 * to have its types shown in notebooks that add it. What a notebook registers itself comes first.
 */
public interface RendererProvider {
  /** Renderers by the class or interface whose values they take. Called once an executor. */
  Map<Class<?>, Renderer<?>> renderers();
}
