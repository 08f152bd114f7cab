package hydrocell.executor.state;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of generated classes that are a name's value: the one field of a variable's holder,
 * the static fields of a type, which make one value together. Reading and writing them does not run
 * the class's initialiser when that is running on the same thread already.
 */
final class Fields {
  /** The compiler's constant that names the static fields which the source made final. */
  private static final String FINALS = "$finals";

  private Fields() {}

  /** The value of a name in the class that holds it. */
  static @Nullable Object read(Name name, Class<?> holder) {
    try {
      if (name.kind() == Kind.VARIABLE) {
        return variable(name, holder).get(null);
      }
      List<@Nullable Object> state = new ArrayList<>();
      for (Field field : statics(holder)) {
        state.add(field.getName());
        state.add(field.get(null));
      }
      if (holder.isEnum()) {
        readConstants(holder, state);
      }
      return state.toArray();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(holder + " does not hold " + name, e);
    }
  }

  /**
   * Sets the value of a name.
   *
   * @throws StaleValueException when the value does not fit the field's type
   */
  static void write(Name name, Class<?> holder, @Nullable Object value) throws StaleValueException {
    try {
      if (name.kind() == Kind.VARIABLE) {
        set(variable(name, holder), null, value, name.text());
      } else if (value instanceof Object[] state) {
        writeStatics(name, holder, state);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(holder + " does not hold " + name, e);
    }
  }

  /** Sets a name's fields back to zero. */
  static void clear(Name name, Class<?> holder) {
    try {
      if (name.kind() == Kind.VARIABLE) {
        Field field = variable(name, holder);
        field.set(null, zero(field.getType()));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(holder + " does not hold " + name, e);
    }
  }

  /** What a field of a type holds before anything is assigned. */
  static @Nullable Object zero(Class<?> type) {
    return type.isPrimitive() ? RecordForm.box(type.descriptorString().charAt(0), 0) : null;
  }

  private static Field variable(Name name, Class<?> holder) throws NoSuchFieldException {
    Field field = holder.getDeclaredField(name.text());
    field.setAccessible(true);
    return field;
  }

  /** The fields that the initialiser of a type sets; in interfaces they are final. */
  private static List<Field> statics(Class<?> type) throws ReflectiveOperationException {
    Set<String> finals = type.isInterface() ? finals(type) : Set.of();
    List<Field> fields = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      if (Modifier.isStatic(modifiers)
          && (!Modifier.isFinal(modifiers) || finals.contains(field.getName()))
          && !Modifier.isTransient(modifiers)
          && !field.isSynthetic()
          && !field.isEnumConstant()) {
        field.setAccessible(true);
        fields.add(field);
      }
    }
    return fields;
  }

  private static Set<String> finals(Class<?> type) throws ReflectiveOperationException {
    Field names = type.getDeclaredField(FINALS);
    names.setAccessible(true);
    return Set.of(String.valueOf(names.get(null)).split(","));
  }

  /** The fields of an enum's constants belong to its static state: {@code RED#count}. */
  private static void readConstants(Class<?> type, List<@Nullable Object> state)
      throws IllegalAccessException {
    for (Object constant : constants(type)) {
      for (Field field : ofConstant(constant)) {
        state.add(key(constant, field));
        state.add(field.get(constant));
      }
    }
  }

  /** The constants of an enum; none while its initialiser has not made them. */
  private static Object[] constants(Class<?> type) {
    @Nullable Object @Nullable [] constants = type.getEnumConstants();
    return constants == null ? new Object[0] : constants;
  }

  private static List<Field> ofConstant(Object constant) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = constant.getClass(); c != null && c != Enum.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        int without = Modifier.STATIC | Modifier.TRANSIENT;
        if ((field.getModifiers() & without) == 0 && !field.isSynthetic()) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }

  /** {@code RED#count}, or {@code RED##count} for a field of the constant's own body. */
  private static String key(Object constant, Field field) {
    boolean ofBody = !field.getDeclaringClass().isEnum();
    return ((Enum<?>) constant).name() + (ofBody ? "##" : "#") + field.getName();
  }

  private static void writeStatics(Name name, Class<?> holder, @Nullable Object[] state)
      throws ReflectiveOperationException, StaleValueException {
    List<Field> fields = statics(holder);
    for (int i = 0; i + 1 < state.length; i += 2) {
      String key = String.valueOf(state[i]);
      if (key.indexOf('#') >= 0) {
        writeConstant(holder, key, state[i + 1]);
        continue;
      }
      for (Field field : fields) {
        if (field.getName().equals(key)) {
          set(field, null, state[i + 1], name.text() + "." + key);
        }
      }
    }
  }

  private static void writeConstant(Class<?> type, String key, @Nullable Object value)
      throws ReflectiveOperationException, StaleValueException {
    for (Object constant : type.isEnum() ? constants(type) : new Object[0]) {
      if (key.startsWith(((Enum<?>) constant).name() + "#")) {
        for (Field field : ofConstant(constant)) {
          if (key(constant, field).equals(key)) {
            set(field, constant, value, type.getSimpleName() + "." + ((Enum<?>) constant).name());
          }
        }
      }
    }
  }

  private static void set(Field field, @Nullable Object target, @Nullable Object value, String what)
      throws IllegalAccessException, StaleValueException {
    if (value == null && field.getType().isPrimitive()) {
      return;
    }
    try {
      if (Modifier.isFinal(field.getModifiers())) {
        Jdk.setFinal(field, target, value);
      } else {
        field.set(target, value);
      }
    } catch (IllegalArgumentException e) {
      throw new StaleValueException(
          "%s holds a %s, which is not a %s"
              .formatted(
                  what,
                  value == null ? "null" : ClassVersions.plainName(value.getClass().getName()),
                  ClassVersions.plainName(field.getType().getName())));
    }
  }
}
