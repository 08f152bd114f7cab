package hydrocell.executor.state;

import hydrocell.cell.Name;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which types of a cell have their static initialisers still before them. As in Java, one that is
 * needed by another runs in the middle of that one. Thread-safe.
 */
final class Initialisers {
  private static final String INITIALISE = "$initialise";

  private final Set<Name> expected = ConcurrentHashMap.newKeySet();

  /** A cell defines types; what an earlier one left is forgotten. */
  void expect(Collection<Name> types) {
    expected.clear();
    types.forEach(type -> expected.add(Name.statics(type.text())));
  }

  /** Whether it is the caller's to run the initialiser of this type. */
  boolean begin(Name statics) {
    return expected.remove(statics);
  }

  /** Runs what was the static initialiser of a class, if it has one; interfaces keep theirs. */
  static void run(Class<?> type) throws InvocationTargetException, IllegalAccessException {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(INITIALISE) && method.isSynthetic()) {
        method.setAccessible(true);
        method.invoke(null);
        return;
      }
    }
  }

  /** A constant of an enum as its constructor would find it: with its name and nothing else. */
  static Enum<?> constant(Class<?> type, String name, int ordinal) {
    try {
      Enum<?> constant = (Enum<?>) Jdk.allocate(type);
      Jdk.put(constant, Jdk.offset(Enum.class.getDeclaredField("name")), name);
      Jdk.putBits(constant, Jdk.offset(Enum.class.getDeclaredField("ordinal")), 'I', ordinal);
      return constant;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("this JDK's enums have other fields", e);
    }
  }
}
