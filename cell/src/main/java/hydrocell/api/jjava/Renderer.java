package hydrocell.api.jjava;

import hydrocell.api.Hydrocell;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes registrations of renderers; the notebook keeps them. */
public final class Renderer {
  Renderer() {}

  /** Begins the registration of a class or interface. */
  public <T> RenderRegistration<T> createRegistration(Class<T> type) {
    return new RenderRegistration<T>().onType(type);
  }

  /** The forms of a value. */
  public DisplayData render(@Nullable Object value) {
    return renderAs(value);
  }

  /** The forms of a value that are of these types. */
  public DisplayData renderAs(@Nullable Object value, String... mimeTypes) {
    DisplayData data = new DisplayData();
    Hydrocell.render(value, mimeTypes).forms().forEach(data::putData);
    return data;
  }

  /**
   * A function in the place of one of ours.
   *
   * @param usual what is rendered when nothing in particular is asked for; all when empty
   */
  record Adapted<T>(RenderFunction<? super T> function, Set<String> usual)
      implements hydrocell.api.Renderer<T> {
    private static final long serialVersionUID = 1L;

    @Override
    public Object render(T value) throws Exception {
      return render(value, List.of());
    }

    @Override
    public Object render(T value, List<String> mimeTypes) throws Exception {
      RenderContext context =
          new RenderContext(mimeTypes.isEmpty() ? usual : new LinkedHashSet<>(mimeTypes));
      function.render(value, context);
      return context.getOutputContainer();
    }
  }
}
