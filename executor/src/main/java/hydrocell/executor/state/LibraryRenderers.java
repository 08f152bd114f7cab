package hydrocell.executor.state;

import hydrocell.api.Renderer;
import hydrocell.api.RendererProvider;
import hydrocell.cell.local.CauseText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The renderers that a session's libraries provide, asked for when a value is first shown after a
 * library came. Calls code of the libraries. Thread-safe.
 */
public final class LibraryRenderers {
  private static final Logger LOG = LoggerFactory.getLogger(LibraryRenderers.class);

  private final ClassLoader classes;
  private volatile @Nullable Map<Class<?>, Renderer<?>> known = Map.of();

  LibraryRenderers(ClassLoader classes) {
    this.classes = classes;
  }

  /** Libraries came: they are to be asked. */
  void forget() {
    known = null;
  }

  /** The renderer of the first of these types that has one; null when none has. */
  public @Nullable Renderer<?> nearest(List<Class<?>> types) {
    Map<Class<?>, Renderer<?>> here = known;
    if (here == null) {
      here = provided();
      known = here;
    }
    for (Class<?> type : here.isEmpty() ? List.<Class<?>>of() : types) {
      Renderer<?> found = here.get(type);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private Map<Class<?>, Renderer<?>> provided() {
    Map<Class<?>, Renderer<?>> found = new HashMap<>();
    try {
      for (RendererProvider provider : ServiceLoader.load(RendererProvider.class, classes)) {
        found.putAll(provider.renderers());
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      // Values are shown without it; the library's user is not who can mend it.
      LOG.warn("a library's renderers cannot be had: {}", CauseText.of(e));
    }
    return found;
  }
}
