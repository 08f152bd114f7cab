package hydrocell.executor.render;

import java.util.HashSet;
import java.util.Set;

/** The names of everything that an object is: its classes and interfaces. */
final class Ancestry {
  private Ancestry() {}

  static Set<String> of(Object value) {
    Set<String> names = new HashSet<>();
    for (Class<?> c = value.getClass(); c != null; c = c.getSuperclass()) {
      names.add(c.getName());
      addInterfaces(c, names);
    }
    return names;
  }

  private static void addInterfaces(Class<?> type, Set<String> names) {
    for (Class<?> face : type.getInterfaces()) {
      if (names.add(face.getName())) {
        addInterfaces(face, names);
      }
    }
  }
}
