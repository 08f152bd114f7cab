package hydrocell.executor.state;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of generated classes that are a name's value: the one field of a variable's holder,
 * the static fields of a type, which make one value together. Reading and writing them does not run
 * the class's initialiser when that is running on the same thread already.
 */
final class Fields {
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

  private static List<Field> statics(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      if (Modifier.isStatic(modifiers)
          && !Modifier.isFinal(modifiers)
          && !Modifier.isTransient(modifiers)
          && !field.isSynthetic()
          && !field.isEnumConstant()) {
        field.setAccessible(true);
        fields.add(field);
      }
    }
    return fields;
  }

  /** The changeable fields of an enum's constants belong to its static state: RED#count. */
  private static void readConstants(Class<?> type, List<@Nullable Object> state)
      throws IllegalAccessException {
    for (Object constant : constants(type)) {
      for (Field field : changeable(constant.getClass())) {
        state.add(((Enum<?>) constant).name() + "#" + field.getName());
        state.add(field.get(constant));
      }
    }
  }

  /** The constants of an enum; none while its initialiser has not made them. */
  private static Object[] constants(Class<?> type) {
    @Nullable Object @Nullable [] constants = type.getEnumConstants();
    return constants == null ? new Object[0] : constants;
  }

  private static List<Field> changeable(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Enum.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        int without = Modifier.STATIC | Modifier.FINAL | Modifier.TRANSIENT;
        if ((field.getModifiers() & without) == 0 && !field.isSynthetic()) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
    }
    return fields;
  }

  private static void writeStatics(Name name, Class<?> holder, @Nullable Object[] state)
      throws ReflectiveOperationException, StaleValueException {
    List<Field> fields = statics(holder);
    for (int i = 0; i + 1 < state.length; i += 2) {
      String key = String.valueOf(state[i]);
      int mark = key.indexOf('#');
      if (mark < 0) {
        for (Field field : fields) {
          if (field.getName().equals(key)) {
            set(field, null, state[i + 1], name.text() + "." + key);
          }
        }
      } else if (holder.isEnum()) {
        writeConstant(holder, key.substring(0, mark), key.substring(mark + 1), state[i + 1]);
      }
    }
  }

  private static void writeConstant(
      Class<?> type, String constantName, String fieldName, @Nullable Object value)
      throws ReflectiveOperationException, StaleValueException {
    for (Object constant : constants(type)) {
      if (((Enum<?>) constant).name().equals(constantName)) {
        for (Field field : changeable(constant.getClass())) {
          if (field.getName().equals(fieldName)) {
            set(field, constant, value, type.getSimpleName() + "." + constantName);
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
      field.set(target, value);
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
