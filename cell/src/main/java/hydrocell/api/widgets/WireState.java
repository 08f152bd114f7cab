package hydrocell.api.widgets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * State of widgets as it travels: other widgets as references to their models, bytes taken out of
 * the JSON and replaced by paths to where they stood.
 */
final class WireState {
  private static final String MODEL = "IPY_MODEL_";

  private final List<List<Object>> paths = new ArrayList<>();
  private final List<byte[]> buffers = new ArrayList<>();
  private final Map<String, @Nullable Object> state = new LinkedHashMap<>();

  /** This state. */
  static WireState of(Map<String, ?> state) {
    WireState wire = new WireState();
    state.forEach((key, value) -> wire.put(List.of(), wire.state, key, value));
    return wire;
  }

  private void put(
      List<Object> above, Map<String, @Nullable Object> into, String key, @Nullable Object value) {
    List<Object> path = below(above, key);
    if (value instanceof byte[] bytes) {
      paths.add(path);
      buffers.add(bytes);
    } else {
      into.put(key, spelled(path, value));
    }
  }

  /** Whether two values are the same for a page, which knows one kind of number only. */
  static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number left && other instanceof Number right) {
      return left.doubleValue() == right.doubleValue();
    }
    if (one instanceof List<?> left && other instanceof List<?> right) {
      boolean same = left.size() == right.size();
      for (int i = 0; same && i < left.size(); i++) {
        same = same(left.get(i), right.get(i));
      }
      return same;
    }
    return Objects.equals(one, other);
  }

  private static List<Object> below(List<Object> path, Object step) {
    List<Object> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }

  private @Nullable Object spelled(List<Object> path, @Nullable Object value) {
    if (value instanceof Widget widget) {
      return MODEL + widget.modelId();
    } else if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, inner) -> put(path, copy, String.valueOf(key), inner));
      return copy;
    } else if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        Object element = list.get(i);
        if (element instanceof byte[] bytes) {
          paths.add(below(path, i));
          buffers.add(bytes);
          copy.add(null);
        } else {
          copy.add(spelled(below(path, i), element));
        }
      }
      return copy;
    }
    return value;
  }

  Map<String, @Nullable Object> state() {
    return state;
  }

  List<List<Object>> paths() {
    return paths;
  }

  List<byte[]> buffers() {
    return buffers;
  }

  /** How many bytes stand beside the JSON. */
  long bytes() {
    return buffers.stream().mapToLong(buffer -> buffer.length).sum();
  }

  /** Puts bytes that came beside the JSON back to where their paths point. */
  static void restore(Map<?, ?> state, @Nullable Object paths, List<byte[]> buffers) {
    if (!(paths instanceof List<?> list)) {
      return;
    }
    for (int i = 0; i < Math.min(list.size(), buffers.size()); i++) {
      if (list.get(i) instanceof List<?> path && !path.isEmpty()) {
        restore(state, path, buffers.get(i));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void restore(Object root, List<?> path, byte[] bytes) {
    Object at = root;
    for (Object step : path.subList(0, path.size() - 1)) {
      at = at instanceof Map<?, ?> map ? map.get(step) : elementOf(at, step);
      if (at == null) {
        return;
      }
    }
    Object last = path.getLast();
    if (at instanceof Map<?, ?> map) {
      ((Map<Object, Object>) map).put(last, bytes);
    } else if (at instanceof List<?> list && elementExists(list, last)) {
      ((List<Object>) list).set(((Number) last).intValue(), bytes);
    }
  }

  private static @Nullable Object elementOf(Object at, Object step) {
    return at instanceof List<?> list && elementExists(list, step)
        ? list.get(((Number) step).intValue())
        : null;
  }

  private static boolean elementExists(List<?> list, Object step) {
    return step instanceof Number number
        && number.intValue() >= 0
        && number.intValue() < list.size();
  }
}
