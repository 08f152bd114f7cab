package hydrocell.kernel.debug;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.ClassType;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.PrimitiveValue;
import com.sun.jdi.StringReference;
import com.sun.jdi.Value;
import hydrocell.kernel.debug.Expression.RefusedException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What methods would return that only read an object: found in its fields, nothing is called. */
final class Readings {
  private static final int MAX_TEXT_BYTES = 1 << 20;
  private static final int MAX_LOOKED_AT = 10_000;
  private static final String RECORD = "java.lang.Record";

  private Readings() {}

  /** A value as the expression works with it: primitives, boxes and strings as Java's own. */
  static @Nullable Object plain(@Nullable Object value) throws RefusedException {
    if (value instanceof PrimitiveValue primitive) {
      return primitive(primitive);
    }
    if (value instanceof StringReference text) {
      return text(text);
    }
    if (value instanceof ObjectReference box
        && ValueText.isPlain(box)
        && ObjectFields.has(box, "value")) {
      return plain(ObjectFields.value(box, "value"));
    }
    return value;
  }

  private static Object primitive(PrimitiveValue value) {
    char tag = value.type().signature().charAt(0);
    return switch (tag) {
      case 'Z' -> value.booleanValue();
      case 'B' -> value.byteValue();
      case 'S' -> value.shortValue();
      case 'C' -> value.charValue();
      case 'I' -> value.intValue();
      case 'J' -> value.longValue();
      case 'F' -> value.floatValue();
      case 'D' -> value.doubleValue();
      default -> throw new IllegalArgumentException("no such primitive: " + value.type());
    };
  }

  private static String text(StringReference text) throws RefusedException {
    if (ObjectFields.array(text, "value").length() > MAX_TEXT_BYTES) {
      throw new RefusedException("a text is too long to be read here");
    }
    return text.value();
  }

  private static ObjectReference object(@Nullable Object of, String what) throws RefusedException {
    if (of == null) {
      throw new RefusedException("it is null, and has no " + what);
    }
    if (of instanceof ObjectReference object) {
      return object;
    }
    throw new RefusedException("%s is no object with %s".formatted(of, what));
  }

  /** A field, or the length of an array. */
  static @Nullable Object field(@Nullable Object of, String name) throws RefusedException {
    ObjectReference object = object(of, name);
    if (object instanceof ArrayReference array && name.equals("length")) {
      return array.length();
    }
    if (!ObjectFields.has(object, name)) {
      throw new RefusedException("%s has no field %s".formatted(ValueText.type(object), name));
    }
    return ObjectFields.value(object, name);
  }

  /** An element of an array. */
  static @Nullable Object element(@Nullable Object of, @Nullable Object index)
      throws RefusedException {
    if (object(of, "elements") instanceof ArrayReference array) {
      return array.getValue(checked(index, array.length()));
    }
    throw new RefusedException("%s is no array".formatted(Operations.text(of)));
  }

  private static int checked(@Nullable Object index, int size) throws RefusedException {
    Object plain = plain(index);
    if (plain instanceof Integer at && at >= 0 && at < size) {
      return at;
    }
    throw new RefusedException("%s is no index below %,d".formatted(plain, size));
  }

  /** What a method without arguments would return. */
  static @Nullable Object call(@Nullable Object of, String method) throws RefusedException {
    if (of != null && plain(of) instanceof String text) {
      return switch (method) {
        case "length" -> text.length();
        case "isEmpty" -> text.isEmpty();
        default -> throw unknown("String", method);
      };
    }
    ObjectReference object = object(of, method + "()");
    Elements elements = object instanceof ArrayReference ? null : Structure.of(object);
    if (elements != null && method.equals("size")) {
      return elements.size();
    }
    if (elements != null && method.equals("isEmpty")) {
      return elements.size() == 0;
    }
    boolean part =
        object.referenceType() instanceof ClassType type
            && (isRecord(type)
                || (type.isEnum() && (method.equals("name") || method.equals("ordinal"))));
    if (part && ObjectFields.has(object, method)) {
      return ObjectFields.value(object, method);
    }
    throw unknown(ValueText.type(object), method);
  }

  private static boolean isRecord(ClassType type) {
    ClassType above = type.superclass();
    return above != null && above.name().equals(RECORD);
  }

  private static RefusedException unknown(String type, String method) {
    return new RefusedException(
        "the debugger reads values and runs no code: what %s() of %s returns it cannot tell"
            .formatted(method, type));
  }

  /** What a method with one argument would return. */
  static @Nullable Object call(@Nullable Object of, String method, @Nullable Object argument)
      throws RefusedException {
    Object self = of == null ? null : plain(of);
    if (self instanceof String text) {
      return switch (method) {
        case "charAt" -> text.charAt(checked(argument, text.length()));
        case "equals" -> text.equals(plain(argument));
        default -> throw unknown("String", method);
      };
    }
    if (self != null && method.equals("equals") && !(self instanceof ObjectReference)) {
      return self.equals(plain(argument));
    }
    ObjectReference object = object(of, method + "()");
    Elements elements = object instanceof ArrayReference ? null : Structure.of(object);
    if (elements != null && method.equals("get")) {
      return get(elements, argument);
    }
    throw unknown(ValueText.type(object), method);
  }

  /** By key of what has keys, and otherwise by index. */
  private static @Nullable Value get(Elements elements, @Nullable Object wanted)
      throws RefusedException {
    Iterator<Elements.Element> all =
        elements.read(0, Math.min(elements.size(), MAX_LOOKED_AT)).iterator();
    Elements.Element first = all.hasNext() ? all.next() : null;
    if (first == null || first.key() == null) {
      int at = checked(wanted, elements.size());
      return elements.read(at, 1).getFirst().value();
    }
    Object key = plain(wanted);
    for (Elements.Element each = first; ; each = all.next()) {
      if (Operations.same(plain(each.key()), key)) {
        return each.value();
      }
      if (!all.hasNext()) {
        break;
      }
    }
    if (elements.size() > MAX_LOOKED_AT) {
      throw new RefusedException(
          "it is not among the first %,d of %,d keys".formatted(MAX_LOOKED_AT, elements.size()));
    }
    return null;
  }
}
