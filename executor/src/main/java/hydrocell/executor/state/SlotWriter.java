package hydrocell.executor.state;

import hydrocell.cell.ClassRef;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes references, what stands in their place, and classes. Not thread-safe. */
final class SlotWriter {
  static final int NULL = 0;
  static final int STRING = 1;
  static final int STRING_WIDE = 2;
  static final int STRING_AGAIN = 3;
  static final int TRUE = 4;
  static final int FALSE = 5;
  static final int BYTE = 6;
  static final int SHORT = 7;
  static final int CHAR = 8;
  static final int INT = 9;
  static final int LONG = 10;
  static final int FLOAT = 11;
  static final int DOUBLE = 12;
  static final int CLASS = 13;
  static final int ENUM = 14;
  static final int REF = 15;
  static final int LEAF = 16;

  /** Recent strings, by hash: a repeated one is named by its place. */
  static final int RECENT = 1024;

  static final int RECENT_LONGEST = 64;

  private final ValueSink sink;
  private final Map<Class<?>, Integer> types = new IdentityHashMap<>();
  private final Map<ClassRef, Class<?>> classes = new LinkedHashMap<>();
  private final @Nullable String[] recent = new @Nullable String[RECENT];
  private @Nullable Class<?> lastType;
  private int lastNumber;
  private int predecessor;

  SlotWriter(ValueSink sink) {
    this.sink = sink;
  }

  /** Whether a value is written without its class's form. */
  static boolean plain(Object value) {
    return value instanceof String
        || value instanceof Number && boxed(value.getClass())
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>
        || value instanceof Class<?>;
  }

  private static boolean boxed(Class<?> type) {
    return type == Integer.class
        || type == Double.class
        || type == Long.class
        || type == Float.class
        || type == Short.class
        || type == Byte.class;
  }

  /** Begins a run of slots; references count from the newest object. */
  void start(int objects) {
    predecessor = objects;
  }

  void plainSlot(@Nullable Object value) {
    switch (value) {
      case null -> sink.u8(NULL);
      case String text -> string(text);
      case Boolean bool -> sink.u8(bool ? TRUE : FALSE);
      case Integer number -> {
        sink.u8(INT);
        sink.zigzag(number);
      }
      case Long number -> {
        sink.u8(LONG);
        sink.zigzag(number);
      }
      case Double number -> {
        sink.u8(DOUBLE);
        sink.u64(Double.doubleToRawLongBits(number));
      }
      case Float number -> {
        sink.u8(FLOAT);
        sink.u32(Float.floatToRawIntBits(number));
      }
      case Short number -> {
        sink.u8(SHORT);
        sink.u16(number);
      }
      case Byte number -> {
        sink.u8(BYTE);
        sink.u8(number);
      }
      case Character character -> {
        sink.u8(CHAR);
        sink.u16(character);
      }
      case Enum<?> constant -> {
        sink.u8(ENUM);
        type(constant.getDeclaringClass(), null);
        sink.text(constant.name());
      }
      case Class<?> type -> {
        sink.u8(CLASS);
        type(type, null);
      }
      default -> throw new IllegalArgumentException("not plain: " + value.getClass());
    }
  }

  private void string(String text) {
    int place = text.hashCode() & (RECENT - 1);
    if (text.length() <= RECENT_LONGEST) {
      if (text.equals(recent[place])) {
        sink.u8(STRING_AGAIN);
        sink.varint(place);
        return;
      }
      recent[place] = text;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (losesSurrogates(text, utf8)) {
      sink.u8(STRING_WIDE);
      char[] chars = text.toCharArray();
      sink.varint(chars.length);
      sink.elements(chars, 2, chars.length);
      return;
    }
    sink.u8(STRING);
    sink.varint(utf8.length);
    sink.raw(utf8);
  }

  /** UTF-8 has a question mark for half a surrogate pair, which Java texts may hold. */
  private static boolean losesSurrogates(String text, byte[] utf8) {
    for (byte each : utf8) {
      if (each == '?') {
        return !new String(utf8, StandardCharsets.UTF_8).equals(text);
      }
    }
    return false;
  }

  void leaf(LeafForm form, Object value) {
    sink.u8(LEAF);
    sink.varint(form.kind());
    sink.text(form.text(value));
  }

  void reference(int number) {
    sink.u8(REF);
    sink.zigzag((long) number - predecessor);
    predecessor = number;
  }

  /** The class of an object. */
  void type(Form form) {
    type(form.wireType(), form);
  }

  private void type(Class<?> type, @Nullable Form form) {
    if (type == lastType) {
      sink.varint(lastNumber);
      return;
    }
    Integer known = types.get(type);
    int number = known == null ? types.size() : known;
    sink.varint(number);
    lastType = type;
    lastNumber = number;
    if (known == null) {
      types.put(type, number);
      define(type, form);
    }
  }

  private void define(Class<?> type, @Nullable Form given) {
    sink.text(type.getName());
    ClassRef ref = need(type);
    sink.text(ref == null ? "" : ref.sha256());
    Form form = given == null ? formOf(type) : given;
    if (form == null) {
      sink.u8(0);
      sink.varint(0);
      return;
    }
    sink.u8(form.shape().ordinal());
    List<Form.FieldKey> fields = form.fields();
    sink.varint(fields.size());
    for (Form.FieldKey field : fields) {
      sink.varint(field.owner());
      sink.text(field.name());
      sink.text(field.descriptor());
    }
  }

  /**
   * A class may stand in a slot first and be an object's class later: one definition serves both.
   */
  private static @Nullable Form formOf(Class<?> type) {
    if (type.isPrimitive() || type.isInterface() || type.isEnum()) {
      return null;
    }
    try {
      Form form = Forms.of(type);
      return form.wireType() == type ? form : null;
    } catch (UnstorableException e) {
      return null;
    }
  }

  /** Notes that reading needs a class; its reference when a session made it. */
  @Nullable ClassRef need(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    if (element.getClassLoader() instanceof SessionLoader loader) {
      ClassRef ref = loader.refOf(element);
      classes.put(ref, element);
      return ref;
    }
    return null;
  }

  Map<ClassRef, Class<?>> classes() {
    return classes;
  }
}
