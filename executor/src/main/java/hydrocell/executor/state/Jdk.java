package hydrocell.executor.state;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * The few things that Java does not let a program say, but that reading an object graph back needs:
 * an object without running its class's constructor, its final fields, and a look into the JDK's
 * wrappers. All of it through {@code sun.misc.Unsafe}, reached by method handles because the
 * compiler warns of every use.
 */
final class Jdk {
  private static final MethodHandle ALLOCATE;
  private static final MethodHandle OFFSET;
  private static final MethodHandle GET_OBJECT;
  private static final MethodHandle PUT_OBJECT;
  private static final MethodHandle GET_BOOLEAN;
  private static final MethodHandle PUT_BOOLEAN;
  private static final MethodHandle GET_BYTE;
  private static final MethodHandle PUT_BYTE;
  private static final MethodHandle GET_SHORT;
  private static final MethodHandle PUT_SHORT;
  private static final MethodHandle GET_CHAR;
  private static final MethodHandle PUT_CHAR;
  private static final MethodHandle GET_INT;
  private static final MethodHandle PUT_INT;
  private static final MethodHandle GET_LONG;
  private static final MethodHandle PUT_LONG;
  private static final MethodHandle GET_FLOAT;
  private static final MethodHandle PUT_FLOAT;
  private static final MethodHandle GET_DOUBLE;
  private static final MethodHandle PUT_DOUBLE;
  private static final MethodHandle STATIC_BASE;
  private static final MethodHandle STATIC_OFFSET;
  private static final MethodHandle CONSTRUCTOR_FOR;
  private static final MethodHandles.Lookup TRUSTED;

  static {
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field instance = type.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Object unsafe = instance.get(null);
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ALLOCATE = bind(lookup, unsafe, "allocateInstance", Object.class, Class.class);
      OFFSET = bind(lookup, unsafe, "objectFieldOffset", long.class, Field.class);
      GET_OBJECT = bind(lookup, unsafe, "getObject", Object.class, Object.class, long.class);
      PUT_OBJECT =
          bind(lookup, unsafe, "putObject", void.class, Object.class, long.class, Object.class);
      GET_BOOLEAN = bind(lookup, unsafe, "getBoolean", boolean.class, Object.class, long.class);
      PUT_BOOLEAN =
          bind(lookup, unsafe, "putBoolean", void.class, Object.class, long.class, boolean.class);
      GET_BYTE = bind(lookup, unsafe, "getByte", byte.class, Object.class, long.class);
      PUT_BYTE = bind(lookup, unsafe, "putByte", void.class, Object.class, long.class, byte.class);
      GET_SHORT = bind(lookup, unsafe, "getShort", short.class, Object.class, long.class);
      PUT_SHORT =
          bind(lookup, unsafe, "putShort", void.class, Object.class, long.class, short.class);
      GET_CHAR = bind(lookup, unsafe, "getChar", char.class, Object.class, long.class);
      PUT_CHAR = bind(lookup, unsafe, "putChar", void.class, Object.class, long.class, char.class);
      GET_INT = bind(lookup, unsafe, "getInt", int.class, Object.class, long.class);
      PUT_INT = bind(lookup, unsafe, "putInt", void.class, Object.class, long.class, int.class);
      GET_LONG = bind(lookup, unsafe, "getLong", long.class, Object.class, long.class);
      PUT_LONG = bind(lookup, unsafe, "putLong", void.class, Object.class, long.class, long.class);
      GET_FLOAT = bind(lookup, unsafe, "getFloat", float.class, Object.class, long.class);
      PUT_FLOAT =
          bind(lookup, unsafe, "putFloat", void.class, Object.class, long.class, float.class);
      GET_DOUBLE = bind(lookup, unsafe, "getDouble", double.class, Object.class, long.class);
      PUT_DOUBLE =
          bind(lookup, unsafe, "putDouble", void.class, Object.class, long.class, double.class);
      STATIC_BASE = bind(lookup, unsafe, "staticFieldBase", Object.class, Field.class);
      STATIC_OFFSET = bind(lookup, unsafe, "staticFieldOffset", long.class, Field.class);
      Field trusted = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
      TRUSTED =
          (MethodHandles.Lookup)
              (Object)
                  GET_OBJECT.invoke(
                      (Object) STATIC_BASE.invoke(trusted), (long) STATIC_OFFSET.invoke(trusted));
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      Object reflection = factory.getMethod("getReflectionFactory").invoke(null);
      CONSTRUCTOR_FOR =
          lookup
              .findVirtual(
                  factory,
                  "newConstructorForSerialization",
                  MethodType.methodType(Constructor.class, Class.class, Constructor.class))
              .bindTo(reflection);
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Jdk() {}

  private static MethodHandle bind(
      MethodHandles.Lookup lookup, Object unsafe, String name, Class<?> result, Class<?>... types)
      throws ReflectiveOperationException {
    return lookup
        .findVirtual(unsafe.getClass(), name, MethodType.methodType(result, types))
        .bindTo(unsafe);
  }

  /** A lookup with all rights in a class, whatever its module. */
  static MethodHandles.Lookup in(Class<?> type) {
    return TRUSTED.in(type);
  }

  /** An object of a class, its fields zero; the class is initialised, no constructor runs. */
  static Object allocate(Class<?> type) {
    try {
      return (Object) ALLOCATE.invokeExact(type);
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  static long offset(Field field) {
    try {
      return (long) OFFSET.invokeExact(field);
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  static Object get(Object object, long offset) {
    try {
      return (Object) GET_OBJECT.invokeExact(object, offset);
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  static void put(Object object, long offset, Object value) {
    try {
      PUT_OBJECT.invokeExact(object, offset, value);
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  /** A primitive field as bits; {@code kind} is its descriptor. */
  static long bits(Object object, long offset, char kind) {
    try {
      return switch (kind) {
        case 'Z' -> (boolean) GET_BOOLEAN.invokeExact(object, offset) ? 1 : 0;
        case 'B' -> (byte) GET_BYTE.invokeExact(object, offset);
        case 'S' -> (short) GET_SHORT.invokeExact(object, offset);
        case 'C' -> (char) GET_CHAR.invokeExact(object, offset);
        case 'I' -> (int) GET_INT.invokeExact(object, offset);
        case 'J' -> (long) GET_LONG.invokeExact(object, offset);
        case 'F' -> Float.floatToRawIntBits((float) GET_FLOAT.invokeExact(object, offset));
        case 'D' -> Double.doubleToRawLongBits((double) GET_DOUBLE.invokeExact(object, offset));
        default -> throw new IllegalArgumentException("no primitive: " + kind);
      };
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  /** Sets a primitive field from its bits. */
  static void putBits(Object object, long offset, char kind, long bits) {
    try {
      switch (kind) {
        case 'Z' -> PUT_BOOLEAN.invokeExact(object, offset, bits != 0);
        case 'B' -> PUT_BYTE.invokeExact(object, offset, (byte) bits);
        case 'S' -> PUT_SHORT.invokeExact(object, offset, (short) bits);
        case 'C' -> PUT_CHAR.invokeExact(object, offset, (char) bits);
        case 'I' -> PUT_INT.invokeExact(object, offset, (int) bits);
        case 'J' -> PUT_LONG.invokeExact(object, offset, bits);
        case 'F' -> PUT_FLOAT.invokeExact(object, offset, Float.intBitsToFloat((int) bits));
        case 'D' -> PUT_DOUBLE.invokeExact(object, offset, Double.longBitsToDouble(bits));
        default -> throw new IllegalArgumentException("no primitive: " + kind);
      }
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  /**
   * Sets a final field: of an enum's constant, or of an interface whose class is just being
   * initialised, before anything compiled can rely on it.
   *
   * @throws IllegalArgumentException when the value is not of the field's type
   */
  static void setFinal(Field field, @Nullable Object target, @Nullable Object value) {
    try {
      Object owner = target == null ? (Object) STATIC_BASE.invoke(field) : target;
      long at = target == null ? (long) STATIC_OFFSET.invoke(field) : offset(field);
      Class<?> type = field.getType();
      if (type.isPrimitive() && value != null) {
        char kind = type.descriptorString().charAt(0);
        putBits(owner, at, kind, RecordForm.unbox(kind, value));
      } else if (value == null || type.isInstance(value)) {
        PUT_OBJECT.invokeExact(owner, at, (Object) value);
      } else {
        throw new IllegalArgumentException(field + " cannot hold a " + value.getClass());
      }
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  /** A private field of a JDK class, for its public form. */
  static Object field(Object object, Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      return TRUSTED.unreflectGetter(field).invoke(object);
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  /** A constructor that makes a {@code type} by running that of its superclass {@code parent}. */
  static Constructor<?> constructor(Class<?> type, Class<?> parent) throws NoSuchMethodException {
    try {
      return (Constructor<?>) CONSTRUCTOR_FOR.invoke(type, parent.getDeclaredConstructor());
    } catch (NoSuchMethodException e) {
      throw e;
    } catch (Throwable e) {
      throw asUnchecked(e);
    }
  }

  /** Rethrows what a method handle threw; errors and unchecked exceptions as they are. */
  static RuntimeException asUnchecked(Throwable thrown) {
    if (thrown instanceof RuntimeException unchecked) {
      return unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(thrown.toString(), thrown);
  }
}
