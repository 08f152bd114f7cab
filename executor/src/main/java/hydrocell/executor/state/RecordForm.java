package hydrocell.executor.state;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records by their components; put together by the canonical constructor. */
final class RecordForm extends Form {
  private final List<FieldKey> keys;
  private final MethodHandle[] bits;
  private final MethodHandle[] parts;
  private final String[] partNames;
  private final char[] kinds;
  private final int[] positions;
  private final Class<?>[] types;
  private final MethodHandle constructor;

  RecordForm(Class<?> type) {
    super(type, Shape.RECORD);
    try {
      MethodHandles.Lookup lookup = Jdk.in(type);
      RecordComponent[] components = type.getRecordComponents();
      types = new Class<?>[components.length];
      kinds = new char[components.length];
      positions = new int[components.length];
      List<FieldKey> primitiveKeys = new ArrayList<>();
      List<FieldKey> partKeys = new ArrayList<>();
      List<MethodHandle> primitives = new ArrayList<>();
      List<MethodHandle> references = new ArrayList<>();
      for (int i = 0; i < components.length; i++) {
        Class<?> of = components[i].getType();
        String name = components[i].getName();
        types[i] = of;
        kinds[i] = of.descriptorString().charAt(0);
        MethodHandle getter = lookup.unreflectGetter(type.getDeclaredField(name));
        FieldKey key = new FieldKey(0, name, of.descriptorString());
        if (of.isPrimitive()) {
          positions[i] = primitives.size();
          primitives.add(asBits(getter, of));
          primitiveKeys.add(key);
        } else {
          positions[i] = references.size();
          references.add(getter.asType(MethodType.methodType(Object.class, Object.class)));
          partKeys.add(key);
        }
      }
      bits = primitives.toArray(MethodHandle[]::new);
      parts = references.toArray(MethodHandle[]::new);
      partNames = partKeys.stream().map(FieldKey::name).toArray(String[]::new);
      primitiveKeys.addAll(partKeys);
      keys = List.copyOf(primitiveKeys);
      constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, types))
              .asSpreader(Object[].class, types.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is a record without its parts", e);
    }
  }

  private static MethodHandle asBits(MethodHandle getter, Class<?> of)
      throws ReflectiveOperationException {
    MethodHandle raw = getter;
    if (of == double.class) {
      raw =
          MethodHandles.filterReturnValue(
              getter,
              MethodHandles.lookup()
                  .findStatic(
                      Double.class,
                      "doubleToRawLongBits",
                      MethodType.methodType(long.class, double.class)));
    } else if (of == float.class) {
      raw =
          MethodHandles.filterReturnValue(
              getter,
              MethodHandles.lookup()
                  .findStatic(
                      Float.class,
                      "floatToRawIntBits",
                      MethodType.methodType(int.class, float.class)));
    }
    return MethodHandles.explicitCastArguments(
        raw, MethodType.methodType(long.class, Object.class));
  }

  @Override
  boolean immutable() {
    return true;
  }

  @Override
  List<FieldKey> fields() {
    return keys;
  }

  @Override
  void bits(Object object, long[] into) {
    try {
      for (int i = 0; i < bits.length; i++) {
        into[i] = (long) bits[i].invokeExact(object);
      }
    } catch (Throwable e) {
      throw Jdk.asUnchecked(e);
    }
  }

  @Override
  @Nullable Object[] parts(Object object) {
    @Nullable Object[] taken = new @Nullable Object[parts.length];
    try {
      for (int i = 0; i < parts.length; i++) {
        taken[i] = (Object) parts[i].invokeExact(object);
      }
    } catch (Throwable e) {
      throw Jdk.asUnchecked(e);
    }
    return taken;
  }

  @Override
  Object build(long[] from, @Nullable Object[] references) throws Throwable {
    @Nullable Object[] arguments = new @Nullable Object[types.length];
    for (int i = 0; i < arguments.length; i++) {
      if (types[i].isPrimitive()) {
        arguments[i] = box(kinds[i], from[positions[i]]);
        continue;
      }
      Object part = references[positions[i]];
      if (part != null && !types[i].isInstance(part)) {
        throw new StaleValueException(
            "the component %s of %s holds a %s, which is not a %s any more"
                .formatted(
                    partNames[positions[i]],
                    wireType().getSimpleName(),
                    part.getClass().getSimpleName(),
                    types[i].getSimpleName()));
      }
      arguments[i] = part;
    }
    return (Object) constructor.invokeExact((Object[]) arguments);
  }

  /**
   * The bits of a primitive of a kind.
   *
   * @throws IllegalArgumentException when the value is of another kind
   */
  static long unbox(char kind, Object value) {
    return switch (value) {
      case Boolean flag when kind == 'Z' -> flag ? 1 : 0;
      case Byte number when kind == 'B' -> number;
      case Short number when kind == 'S' -> number;
      case Character letter when kind == 'C' -> letter;
      case Integer number when kind == 'I' -> number;
      case Long number when kind == 'J' -> number;
      case Float number when kind == 'F' -> Float.floatToRawIntBits(number);
      case Double number when kind == 'D' -> Double.doubleToRawLongBits(number);
      default ->
          throw new IllegalArgumentException(
              "a %s is not a primitive of kind %s".formatted(value.getClass(), kind));
    };
  }

  /** A primitive of a kind from its bits. */
  static Object box(char kind, long bits) {
    return switch (kind) {
      case 'Z' -> bits != 0;
      case 'B' -> (byte) bits;
      case 'S' -> (short) bits;
      case 'C' -> (char) bits;
      case 'I' -> (int) bits;
      case 'J' -> bits;
      case 'F' -> Float.intBitsToFloat((int) bits);
      case 'D' -> Double.longBitsToDouble(bits);
      default -> throw new IllegalArgumentException("no primitive: " + kind);
    };
  }

  @Override
  String step(Object object, int part) {
    return "." + partNames[part];
  }
}
