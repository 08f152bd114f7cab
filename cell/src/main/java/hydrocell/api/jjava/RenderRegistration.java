package hydrocell.api.jjava;

import hydrocell.api.Hydrocell;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The registration of a renderer, which ends with {@link #register}. For one thread.
 *
 * @param <T> the class or interface of the values
 */
public final class RenderRegistration<T> {
  private final List<Class<? extends T>> types = new ArrayList<>();
  private final Set<String> preferred = new LinkedHashSet<>();

  RenderRegistration() {}

  /** Says which forms there are; a renderer shows it by what it makes. */
  public RenderRegistration<T> supporting(MIMEType... mimeTypes) {
    return this;
  }

  /** Says which forms there are; a renderer shows it by what it makes. */
  public RenderRegistration<T> supporting(String... mimeTypes) {
    return this;
  }

  /** The forms to make when nothing in particular is asked for. */
  public RenderRegistration<T> preferring(MIMEType... mimeTypes) {
    for (MIMEType each : mimeTypes) {
      preferred.add(each.type());
    }
    return this;
  }

  /** The forms to make when nothing in particular is asked for. */
  public RenderRegistration<T> preferring(String... mimeTypes) {
    preferred.addAll(List.of(mimeTypes));
    return this;
  }

  /** Another class that the renderer takes. */
  public RenderRegistration<T> onType(Class<? extends T> type) {
    types.add(type);
    return this;
  }

  /** Registers a function for these classes; it is kept with the notebook. */
  public void register(RenderFunction<? super T> function) {
    for (Class<? extends T> type : types) {
      Hydrocell.renderer(type, new Renderer.Adapted<T>(function, preferred));
    }
  }
}
