package hydrocell.executor.state;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects by their fields, synthetic captures included and {@code transient} ones left out; no
 * constructor of theirs runs. A class that extends one of the JDK's has the parts of that class
 * after its own.
 */
final class FieldForm extends Form {
  private final List<FieldKey> keys;
  private final long[] bitOffsets;
  private final char[] bitKinds;
  private final long[] partOffsets;
  private final Class<?>[] partTypes;
  private final String[] partNames;
  private final @Nullable Form base;
  private final @Nullable Constructor<?> constructor;
  private final boolean doubtful;

  /**
   * A form for a class.
   *
   * @param base form of the superclass in the JDK that has state; null without
   * @param constructor makes an object by the constructor of the JDK's superclass; null when that
   *     is {@code Object}
   */
  FieldForm(
      Class<?> type,
      Class<?> end,
      @Nullable Form base,
      @Nullable Constructor<?> constructor,
      boolean doubtful) {
    super(type, Shape.FIELDS);
    this.base = base;
    this.constructor = constructor;
    this.doubtful = doubtful;
    List<FieldKey> primitives = new ArrayList<>();
    List<FieldKey> references = new ArrayList<>();
    List<Field> primitiveFields = new ArrayList<>();
    List<Field> referenceFields = new ArrayList<>();
    int owner = 0;
    for (Class<?> c = type; c != null && c != end; c = c.getSuperclass(), owner++) {
      for (Field field : c.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) != 0) {
          continue;
        }
        boolean primitive = field.getType().isPrimitive();
        (primitive ? primitives : references)
            .add(new FieldKey(owner, field.getName(), field.getType().descriptorString()));
        (primitive ? primitiveFields : referenceFields).add(field);
      }
    }
    List<FieldKey> all = new ArrayList<>(primitives);
    all.addAll(references);
    keys = List.copyOf(all);
    bitOffsets = primitiveFields.stream().mapToLong(Jdk::offset).toArray();
    bitKinds = new char[primitives.size()];
    for (int i = 0; i < bitKinds.length; i++) {
      bitKinds[i] = primitives.get(i).descriptor().charAt(0);
    }
    partOffsets = referenceFields.stream().mapToLong(Jdk::offset).toArray();
    partTypes = referenceFields.stream().map(Field::getType).toArray(Class<?>[]::new);
    partNames = referenceFields.stream().map(Field::getName).toArray(String[]::new);
  }

  @Override
  boolean doubtful() {
    return doubtful;
  }

  @Override
  boolean hasShell() {
    return base == null || base.hasShell();
  }

  @Override
  List<FieldKey> fields() {
    return keys;
  }

  @Override
  void bits(Object object, long[] into) {
    for (int i = 0; i < bitOffsets.length; i++) {
      into[i] = Jdk.bits(object, bitOffsets[i], bitKinds[i]);
    }
  }

  @Override
  @Nullable Object[] parts(Object object) throws UnstorableException {
    @Nullable Object[] inherited = base == null ? NONE : base.parts(object);
    @Nullable Object[] parts = new @Nullable Object[partOffsets.length + inherited.length];
    for (int i = 0; i < partOffsets.length; i++) {
      parts[i] = Jdk.get(object, partOffsets[i]);
    }
    System.arraycopy(inherited, 0, parts, partOffsets.length, inherited.length);
    return parts;
  }

  private static final @Nullable Object[] NONE = {};

  @Override
  Object shell() {
    try {
      return constructor == null ? Jdk.allocate(wireType()) : constructor.newInstance();
    } catch (Throwable e) {
      throw Jdk.asUnchecked(e);
    }
  }

  @Override
  void fill(Object shell, long[] bits, @Nullable Object[] parts) throws Throwable {
    for (int i = 0; i < bitOffsets.length; i++) {
      Jdk.putBits(shell, bitOffsets[i], bitKinds[i], bits[i]);
    }
    for (int i = 0; i < partOffsets.length; i++) {
      Object part = parts[i];
      if (part != null && !partTypes[i].isInstance(part)) {
        throw new StaleValueException(
            "the field %s of %s holds a %s, which is not a %s any more"
                .formatted(
                    partNames[i],
                    wireType().getSimpleName(),
                    part.getClass().getSimpleName(),
                    partTypes[i].getSimpleName()));
      }
      Jdk.put(shell, partOffsets[i], part);
    }
    if (base != null) {
      base.fill(shell, bits, java.util.Arrays.copyOfRange(parts, partOffsets.length, parts.length));
    }
  }

  @Override
  String step(Object object, int part) {
    if (part < partNames.length) {
      return "." + partNames[part];
    }
    return base == null ? "" : base.step(object, part - partNames.length);
  }
}
