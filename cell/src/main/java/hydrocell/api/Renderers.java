package hydrocell.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The renderers that the notebook's cells registered, kept with its state under the names of their
 * classes. A class that is defined anew is another one, and its renderer is to be registered again:
 * the earlier one was made for the earlier class. Thread-safe.
 */
public final class Renderers {
  private static final String KEY = "renderer/";

  private Renderers() {}

  static void register(Class<?> type, Renderer<?> renderer) {
    CellRuntime.kept().put(KEY + type.getTypeName(), type.getSimpleName(), renderer);
  }

  /** The renderer of the nearest of these types that has one; null when none has. */
  public static @Nullable Renderer<?> nearest(CellRuntime.Kept kept, List<Class<?>> types) {
    Set<String> keys = kept.keys(KEY);
    if (keys.isEmpty()) {
      return null;
    }
    for (Class<?> type : types) {
      String key = KEY + type.getTypeName();
      if (keys.contains(key) && kept.get(key) instanceof Renderer<?> renderer) {
        return renderer;
      }
    }
    return null;
  }

  /**
   * All that an object is: its class with its interfaces, what that extends with its own, and so
   * on.
   */
  public static List<Class<?>> typesOf(Object value) {
    Set<Class<?>> types = new LinkedHashSet<>();
    for (Class<?> c = value.getClass(); c != null; c = c.getSuperclass()) {
      Deque<Class<?>> open = new ArrayDeque<>(List.of(c));
      while (!open.isEmpty()) {
        Class<?> next = open.poll();
        if (types.add(next)) {
          open.addAll(List.of(next.getInterfaces()));
        }
      }
    }
    return new ArrayList<>(types);
  }
}
