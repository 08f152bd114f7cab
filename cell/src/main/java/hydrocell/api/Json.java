package hydrocell.api;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) as plain objects: maps, lists, strings, {@link Long}, {@link Double}, {@link
 * java.math.BigInteger}, {@link Boolean} and null. Thread-safe.
 */
public final class Json {
  /** Deeper nesting than this is refused. */
  static final int MAX_DEPTH = 500;

  private Json() {}

  /**
   * Reads one value; the fields of objects keep their order.
   *
   * @throws IllegalArgumentException when the text is not JSON; the message says where
   */
  public static @Nullable Object parse(String text) {
    return new JsonReader(text).read();
  }

  /**
   * Writes a value: maps and records as objects, collections and arrays as arrays, enums by their
   * names, empty optionals and numbers that JSON does not have as null, and anything else as its
   * text.
   *
   * @throws IllegalArgumentException when it holds itself, or is nested too deeply
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value, 0);
    return out.toString();
  }

  private static void write(StringBuilder out, @Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nested more than %d deep".formatted(MAX_DEPTH));
    }
    if (value == null) {
      out.append("null");
    } else if (value instanceof Boolean || isNumber(value)) {
      out.append(value);
    } else if (value instanceof Number) {
      out.append("null");
    } else if (value instanceof Map<?, ?> map) {
      object(out, map, depth);
    } else if (value instanceof Iterable<?> elements) {
      array(out, elements, depth);
    } else if (value instanceof Optional<?> optional) {
      write(out, optional.orElse(null), depth + 1);
    } else if (value.getClass().isRecord()) {
      record(out, value, depth);
    } else if (value.getClass().isArray()) {
      array(out, value, depth);
    } else if (value instanceof Enum<?> constant) {
      quote(out, constant.name());
    } else {
      quote(out, String.valueOf(value));
    }
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number number && Double.isFinite(number.doubleValue())
        || value instanceof java.math.BigInteger
        || value instanceof java.math.BigDecimal;
  }

  private static void object(StringBuilder out, Map<?, ?> map, int depth) {
    String before = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(before);
      quote(out, String.valueOf(entry.getKey()));
      out.append(':');
      write(out, entry.getValue(), depth + 1);
      before = ",";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static void array(StringBuilder out, Iterable<?> elements, int depth) {
    String before = "[";
    for (Object element : elements) {
      out.append(before);
      write(out, element, depth + 1);
      before = ",";
    }
    out.append(before.equals("[") ? "[]" : "]");
  }

  private static void array(StringBuilder out, Object array, int depth) {
    out.append('[');
    for (int i = 0; i < Array.getLength(array); i++) {
      out.append(i == 0 ? "" : ",");
      write(out, Array.get(array, i), depth + 1);
    }
    out.append(']');
  }

  private static void record(StringBuilder out, Object value, int depth) {
    String before = "{";
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      out.append(before);
      quote(out, component.getName());
      out.append(':');
      try {
        component.getAccessor().setAccessible(true);
        write(out, component.getAccessor().invoke(value), depth + 1);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalArgumentException("cannot read " + component, e);
      }
      before = ",";
    }
    out.append(before.equals("{") ? "{}" : "}");
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || isLoneSurrogate(text, i)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isLoneSurrogate(String text, int at) {
    char c = text.charAt(at);
    return Character.isHighSurrogate(c)
            && (at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1)))
        || Character.isLowSurrogate(c)
            && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }
}
