package hydrocell.executor.render;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * A value as text: strings without quotes, arrays by their content, long collections and texts cut
 * with the count of what is missing. Calls methods of the user's, so only on the user's thread.
 */
final class PlainText {
  static final int MAX_ELEMENTS = 1_000;
  static final int MAX_CHARS = 10_000;
  private static final int MAX_DEPTH = 16;

  private final StringBuilder text = new StringBuilder();
  private final Map<Object, Boolean> above = new IdentityHashMap<>();

  private PlainText() {}

  /** The text; an exception of a {@code toString} passes through. */
  static String of(@Nullable Object value) {
    if (value instanceof CharSequence) {
      return value.toString();
    }
    PlainText plain = new PlainText();
    plain.append(value);
    return plain.text.toString();
  }

  private boolean full() {
    return text.length() > MAX_CHARS;
  }

  private void append(@Nullable Object value) {
    if (value == null) {
      text.append("null");
    } else if (value.getClass().isArray() || isOwnCollection(value)) {
      if (above.size() >= MAX_DEPTH || above.putIfAbsent(value, true) != null) {
        text.append("…");
        return;
      }
      try {
        appendWhole(value);
      } finally {
        above.remove(value);
      }
    } else if (value instanceof BaseStream) {
      text.append("a stream; showing its elements would use it up: `.toList()` does");
    } else {
      cut(String.valueOf(value));
    }
  }

  /** Of the JDK: a collection of somebody else's has a {@code toString} that means something. */
  private static boolean isOwnCollection(Object value) {
    return (value instanceof Collection || value instanceof Map)
        && value.getClass().getName().startsWith("java.util.");
  }

  private void appendWhole(Object value) {
    if (value instanceof Map<?, ?> map) {
      Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
      text.append('{');
      for (int i = 0; entries.hasNext(); i++) {
        if (left(i, map.size(), '}')) {
          return;
        }
        Map.Entry<?, ?> entry = entries.next();
        append(entry.getKey());
        text.append('=');
        append(entry.getValue());
      }
      text.append('}');
    } else if (value instanceof Collection<?> collection) {
      Iterator<?> elements = collection.iterator();
      text.append('[');
      for (int i = 0; elements.hasNext(); i++) {
        if (left(i, collection.size(), ']')) {
          return;
        }
        append(elements.next());
      }
      text.append(']');
    } else {
      int length = Array.getLength(value);
      text.append('[');
      for (int i = 0; i < length; i++) {
        if (left(i, length, ']')) {
          return;
        }
        append(Array.get(value, i));
      }
      text.append(']');
    }
  }

  /** Begins the element with this index, or ends the listing there. */
  private boolean left(int index, int size, char end) {
    if (index > 0) {
      text.append(", ");
    }
    if (index < MAX_ELEMENTS && !full()) {
      return false;
    }
    text.append("… %,d more".formatted(size - index)).append(end);
    return true;
  }

  private void cut(String whole) {
    int room = Math.max(100, MAX_CHARS - text.length());
    if (whole.length() <= room || above.isEmpty() && whole.length() <= 10 * MAX_CHARS) {
      text.append(whole);
    } else {
      text.append(whole, 0, room)
          .append("… (%,d characters more)".formatted(whole.length() - room));
    }
  }
}
