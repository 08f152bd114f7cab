package hydrocell.kernel.debug;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.ByteValue;
import com.sun.jdi.CharValue;
import com.sun.jdi.ClassType;
import com.sun.jdi.Field;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.StringReference;
import com.sun.jdi.Value;
import hydrocell.kernel.debug.Elements.Element;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value of a suspended JVM as a short text, bounded in length and depth; nothing runs there. */
final class ValueText {
  private static final int MAX_CHARS = 200;
  private static final int MAX_ELEMENTS = 8;
  private static final int MAX_DEPTH = 2;
  private static final Set<String> BOXES =
      Set.of(
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Short",
          "java.lang.Byte",
          "java.lang.Character",
          "java.lang.Boolean",
          "java.lang.Float",
          "java.lang.Double",
          "java.util.concurrent.atomic.AtomicInteger",
          "java.util.concurrent.atomic.AtomicLong");

  private ValueText() {}

  /** The text of a value. */
  static String of(@Nullable Value value) {
    return shortened(of(value, 0));
  }

  private static String shortened(String text) {
    return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
  }

  private static String of(@Nullable Value value, int depth) {
    if (value instanceof StringReference string) {
      return quoted(shortened(beginning(string)), '"');
    } else if (value instanceof CharValue character) {
      return quoted(String.valueOf(character.value()), '\'');
    } else if (value instanceof ObjectReference object) {
      return ofObject(object, depth);
    }
    return String.valueOf(value);
  }

  /** No more of a string than may be shown: the kernel is small. */
  private static String beginning(StringReference string) {
    ArrayReference bytes = ObjectFields.array(string, "value");
    if (bytes.length() <= 4 * MAX_CHARS) {
      return string.value();
    }
    boolean wide =
        ObjectFields.value(string, "coder") instanceof ByteValue coder && coder.value() != 0;
    byte[] read = new byte[4 * MAX_CHARS];
    int at = 0;
    for (Value each : bytes.getValues(0, read.length)) {
      read[at++] = ((ByteValue) each).value();
    }
    Charset charset =
        !wide
            ? StandardCharsets.ISO_8859_1
            : ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                ? StandardCharsets.UTF_16BE
                : StandardCharsets.UTF_16LE;
    return new String(read, charset);
  }

  /** A text that is not in a JVM, as one that is would be shown. */
  static String ofText(String text) {
    return quoted(shortened(text), '"');
  }

  private static String quoted(String text, char quote) {
    return quote
        + text.replace("\\", "\\\\")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace(String.valueOf(quote), "\\" + quote)
        + quote;
  }

  /** What has no parts worth looking at. */
  static boolean isPlain(ObjectReference object) {
    return object instanceof StringReference
        || BOXES.contains(object.referenceType().name())
        || isEnum(object);
  }

  private static boolean isEnum(ObjectReference object) {
    return object.referenceType() instanceof ClassType type && type.isEnum();
  }

  private static String ofObject(ObjectReference object, int depth) {
    if (BOXES.contains(object.referenceType().name())) {
      return of(ObjectFields.value(object, "value"), depth);
    }
    if (isEnum(object)) {
      return ObjectFields.value(object, "name") instanceof StringReference name
          ? name.value()
          : type(object);
    }
    Elements elements = Structure.of(object);
    if (elements != null) {
      return ofElements(object, elements, depth);
    }
    String type = type(object);
    return type.equals("lambda") || depth >= MAX_DEPTH ? type : type + ofFields(object, depth);
  }

  /** The type of a value without packages. */
  static String type(ObjectReference object) {
    return CellNames.type(object.referenceType().name());
  }

  private static String ofElements(ObjectReference object, Elements elements, int depth) {
    String size = " (" + elements.size() + ")";
    if (depth >= MAX_DEPTH) {
      return type(object) + size;
    }
    List<String> shown = new ArrayList<>();
    boolean pairs = false;
    for (Element each : elements.read(0, MAX_ELEMENTS)) {
      String text = of(each.value(), depth + 1);
      pairs |= each.key() != null;
      shown.add(each.key() == null ? text : of(each.key(), depth + 1) + "=" + text);
    }
    if (elements.size() > MAX_ELEMENTS) {
      shown.add("…");
    }
    String all = String.join(", ", shown);
    String list = pairs ? "{" + all + "}" : "[" + all + "]";
    return object instanceof ArrayReference || elements.size() <= MAX_ELEMENTS ? list : list + size;
  }

  private static String ofFields(ObjectReference object, int depth) {
    List<String> shown = new ArrayList<>();
    for (Field field : ObjectFields.all(object)) {
      if (shown.size() == MAX_ELEMENTS) {
        shown.add("…");
        break;
      }
      shown.add(field.name() + "=" + of(object.getValue(field), depth + 1));
    }
    return "[" + String.join(", ", shown) + "]";
  }
}
