package hydrocell.cell.wire;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Makes records of any class that the codec knows, from a seed. */
public final class RandomRecords {
  private static final int MAX_ELEMENTS = 3;
  private static final int MAX_DEPTH = 6;
  private static final String LETTERS = "abyz AZ019/.:é日😀\n";

  private final Random random;

  /** Everything that it makes follows from the seed. */
  public RandomRecords(long seed) {
    random = new Random(seed);
  }

  /** A member of a sealed interface, or a record. */
  public <T> T make(Class<T> type) {
    for (int attempt = 0; attempt < 200; attempt++) {
      try {
        return type.cast(make(type, 0));
      } catch (IllegalArgumentException e) {
        // Its constructor refused these values.
        continue;
      }
    }
    throw new AssertionError("no " + type + " can be made");
  }

  private Object make(Type declared, int depth) {
    Class<?> type =
        declared instanceof ParameterizedType generic
            ? (Class<?>) generic.getRawType()
            : (Class<?>) declared;
    if (type == int.class || type == Integer.class) {
      return random.nextInt() >>> random.nextInt(32);
    } else if (type == long.class || type == Long.class) {
      return random.nextLong() >>> random.nextInt(64);
    } else if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    } else if (type == double.class || type == Double.class) {
      return random.nextGaussian();
    } else if (type == String.class) {
      return text();
    } else if (type == byte[].class) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      return bytes;
    } else if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    } else if (type == List.class || type == Set.class) {
      return collection(declared, type, depth);
    } else if (type == Map.class) {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = count(depth); i > 0; i--) {
        map.put(make(argument(declared, 0), depth + 1), make(argument(declared, 1), depth + 1));
      }
      return map;
    } else if (type.isSealed()) {
      Class<?>[] members = type.getPermittedSubclasses();
      return make(members[random.nextInt(members.length)], depth);
    }
    return record(type, depth);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int at = random.nextInt(LETTERS.codePointCount(0, LETTERS.length()));
      text.appendCodePoint(LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, at)));
    }
    return text.toString();
  }

  private int count(int depth) {
    return depth > MAX_DEPTH ? 0 : random.nextInt(MAX_ELEMENTS + 1);
  }

  private Object collection(Type declared, Class<?> type, int depth) {
    List<Object> elements = new ArrayList<>();
    for (int i = count(depth); i > 0; i--) {
      elements.add(make(argument(declared, 0), depth + 1));
    }
    return type == List.class ? elements : new LinkedHashSet<>(elements);
  }

  private static Type argument(Type declared, int index) {
    return ((ParameterizedType) declared).getActualTypeArguments()[index];
  }

  private Object record(Class<?> type, int depth) {
    try {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        values[i] = make(components[i].getGenericType(), depth + 1);
      }
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("not a valid " + type, e);
    }
  }
}
