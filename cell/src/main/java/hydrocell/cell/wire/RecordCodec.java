package hydrocell.cell.wire;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes records and sealed hierarchies of records by their components; drawn in this package's
 * description. Only types named by a component's declaration are ever created, so hostile bytes can
 * make wrong values but no foreign objects. Thread-safe.
 */
public final class RecordCodec {
  private static final int MAX_DEPTH = 32;
  private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

  private RecordCodec() {}

  /** How one record class is taken apart and put together. */
  private record Shape(Constructor<?> constructor, Method[] accessors, Type[] types) {
    static Shape of(Class<?> type) {
      try {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] raw = new Class<?>[components.length];
        Type[] types = new Type[components.length];
        Method[] accessors = new Method[components.length];
        for (int i = 0; i < components.length; i++) {
          raw[i] = components[i].getType();
          types[i] = components[i].getGenericType();
          accessors[i] = components[i].getAccessor();
          accessors[i].setAccessible(true);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(raw);
        constructor.setAccessible(true);
        return new Shape(constructor, accessors, types);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(type + " is a record without its constructor", e);
      }
    }
  }

  /** Encodes a record or a member of a sealed interface, which {@code decode} must be told. */
  public static byte[] encode(Record value) {
    ByteWriter out = new ByteWriter();
    writeRecord(out, value);
    return out.toByteArray();
  }

  /** Decodes exactly one record. */
  public static <T extends Record> T decode(Class<T> type, byte[] bytes)
      throws MalformedFrameException {
    ByteReader in = new ByteReader(bytes);
    Object value = read(in, type, 0);
    in.end();
    if (value == null) {
      throw new MalformedFrameException("a record is null");
    }
    return type.cast(value);
  }

  /** Writes a value declared as {@code type}: a record class or a sealed interface of records. */
  public static <T> void write(ByteWriter out, Class<T> type, T value) {
    writeAs(out, type, value);
  }

  /** Reads what {@link #write} wrote. */
  public static <T> T read(ByteReader in, Class<T> type) throws MalformedFrameException {
    Object value = read(in, type, 0);
    if (value == null) {
      throw new MalformedFrameException("a " + type.getSimpleName() + " is null");
    }
    return type.cast(value);
  }

  private static void writeRecord(ByteWriter out, Record value) {
    out.u8(1);
    writeFields(out, value);
  }

  private static void writeFields(ByteWriter out, Object value) {
    Shape shape = SHAPES.computeIfAbsent(value.getClass(), Shape::of);
    out.varint(shape.types.length);
    try {
      for (int i = 0; i < shape.types.length; i++) {
        writeAs(out, shape.types[i], shape.accessors[i].invoke(value));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read a component of " + value.getClass(), e);
    }
  }

  /** Not a switch over types: that is linked at run time, while the first cell waits. */
  @SuppressWarnings("IfChainToSwitch")
  private static void writeAs(ByteWriter out, Type declared, @Nullable Object value) {
    if (value == null) {
      out.u8(0);
    } else if (value instanceof String text) {
      out.u8(1).text(text);
    } else if (value instanceof Integer || value instanceof Long) {
      out.varint(((Number) value).longValue());
    } else if (value instanceof Boolean flag) {
      out.bool(flag);
    } else if (value instanceof Double number) {
      out.u64(Double.doubleToRawLongBits(number));
    } else if (value instanceof Enum<?> constant) {
      out.varint(constant.ordinal());
    } else if (value instanceof byte[] bytes) {
      out.u8(1).bytes(bytes);
    } else if (value instanceof Map<?, ?> map) {
      writeMap(out, declared, map);
    } else if (value instanceof Collection<?> values) {
      out.varint(values.size());
      values.forEach(element -> writeAs(out, argument(declared, 0), element));
    } else if (value instanceof Record record) {
      if (declared instanceof Class<?> type && type.isSealed()) {
        out.varint(ordinal(type, record.getClass()) + 1);
        writeFields(out, record);
      } else {
        writeRecord(out, record);
      }
    } else {
      throw new IllegalArgumentException("cannot encode " + value.getClass());
    }
  }

  private static void writeMap(ByteWriter out, Type declared, Map<?, ?> map) {
    out.varint(map.size());
    map.forEach((k, v) -> {
      writeAs(out, argument(declared, 0), k);
      writeAs(out, argument(declared, 1), v);
    });
  }

  private static @Nullable Object read(ByteReader in, Type declared, int depth)
      throws MalformedFrameException {
    if (depth > MAX_DEPTH) {
      throw new MalformedFrameException("records are nested too deeply");
    }
    Class<?> type = raw(declared);
    if (type == int.class || type == Integer.class) {
      return (int) in.varint();
    } else if (type == long.class || type == Long.class) {
      return in.varint();
    } else if (type == boolean.class || type == Boolean.class) {
      return in.bool();
    } else if (type == double.class || type == Double.class) {
      return Double.longBitsToDouble(in.u64());
    } else if (type.isEnum()) {
      return constant(type, in.count());
    } else if (type == String.class) {
      return in.bool() ? in.text() : null;
    } else if (type == byte[].class) {
      return in.bool() ? in.bytes() : null;
    } else if (type == List.class) {
      return List.copyOf(readAll(in, declared, depth, new ArrayList<>()));
    } else if (type == Set.class) {
      return java.util.Collections.unmodifiableSet(
          (Set<?>) readAll(in, declared, depth, new LinkedHashSet<>()));
    } else if (type == Map.class) {
      return readMap(in, declared, depth);
    } else if (type.isSealed()) {
      int ordinal = in.count();
      return ordinal == 0 ? null : readFields(in, member(type, ordinal - 1), depth);
    } else if (type.isRecord()) {
      return in.bool() ? readFields(in, type, depth) : null;
    }
    throw new IllegalArgumentException("cannot decode " + type);
  }

  private static Collection<Object> readAll(
      ByteReader in, Type declared, int depth, Collection<Object> into)
      throws MalformedFrameException {
    Type element = argument(declared, 0);
    int count = in.count();
    for (int i = 0; i < count; i++) {
      into.add(present(read(in, element, depth + 1)));
    }
    return into;
  }

  private static Map<Object, Object> readMap(ByteReader in, Type declared, int depth)
      throws MalformedFrameException {
    Map<Object, Object> map = new LinkedHashMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      Object key = present(read(in, argument(declared, 0), depth + 1));
      map.put(key, present(read(in, argument(declared, 1), depth + 1)));
    }
    return java.util.Collections.unmodifiableMap(map);
  }

  private static Object present(@Nullable Object value) throws MalformedFrameException {
    if (value == null) {
      throw new MalformedFrameException("an element is null");
    }
    return value;
  }

  private static Object readFields(ByteReader in, Class<?> type, int depth)
      throws MalformedFrameException {
    Shape shape = SHAPES.computeIfAbsent(type, Shape::of);
    int written = in.count();
    if (written > shape.types.length) {
      throw new MalformedFrameException(
          "a %s has %d fields and this build knows %d; open it with the newer build"
              .formatted(type.getSimpleName(), written, shape.types.length));
    }
    @Nullable Object[] values = new @Nullable Object[shape.types.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < written ? read(in, shape.types[i], depth + 1) : absent(shape.types[i]);
    }
    try {
      return shape.constructor.newInstance(values);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new MalformedFrameException("a " + type.getSimpleName() + " is not valid: " + e);
    }
  }

  private static @Nullable Object absent(Type declared) {
    Class<?> type = raw(declared);
    if (type == int.class || type == Integer.class) {
      return 0;
    } else if (type == long.class || type == Long.class) {
      return 0L;
    } else if (type == boolean.class || type == Boolean.class) {
      return false;
    } else if (type == double.class || type == Double.class) {
      return 0.0;
    } else if (type == List.class) {
      return List.of();
    } else if (type == Set.class) {
      return Set.of();
    } else if (type == Map.class) {
      return Map.of();
    } else if (type == String.class) {
      return "";
    }
    return null;
  }

  private static Object constant(Class<?> type, int ordinal) throws MalformedFrameException {
    Object[] constants = type.getEnumConstants();
    if (ordinal >= constants.length) {
      throw new MalformedFrameException("no " + type.getSimpleName() + " has number " + ordinal);
    }
    return constants[ordinal];
  }

  private static int ordinal(Class<?> sealed, Class<?> member) {
    Class<?>[] members = sealed.getPermittedSubclasses();
    for (int i = 0; i < members.length; i++) {
      if (members[i] == member) {
        return i;
      }
    }
    throw new IllegalArgumentException(member + " is not permitted by " + sealed);
  }

  private static Class<?> member(Class<?> sealed, int ordinal) throws MalformedFrameException {
    Class<?>[] members = sealed.getPermittedSubclasses();
    if (ordinal >= members.length) {
      throw new MalformedFrameException("no " + sealed.getSimpleName() + " has number " + ordinal);
    }
    return members[ordinal];
  }

  private static Class<?> raw(Type declared) {
    return declared instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) declared;
  }

  private static Type argument(Type declared, int index) {
    if (declared instanceof ParameterizedType generic) {
      return generic.getActualTypeArguments()[index];
    }
    throw new IllegalArgumentException("a collection without element type");
  }
}
