package hydrocell.executor.state;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedCollection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which form the objects of a class have, or why they cannot be stored. Thread-safe. */
final class Forms {
  /** A form, or the reason why there is none. */
  private record Choice(@Nullable Form form, String refusal) {}

  private static final ClassValue<Choice> CHOICES =
      new ClassValue<>() {
        @Override
        protected Choice computeValue(Class<?> type) {
          try {
            return new Choice(choose(type), "");
          } catch (UnstorableException e) {
            return new Choice(null, e.reason());
          }
        }
      };

  /** By these methods a class takes part in its serialization. */
  private static final Set<String> HOOKS =
      Set.of("writeObject", "readObject", "writeReplace", "readResolve");

  private Forms() {}

  /** The form of a class. */
  static Form of(Class<?> type) throws UnstorableException {
    Choice choice = CHOICES.get(type);
    if (choice.form == null) {
      throw new UnstorableException(choice.refusal, "");
    }
    return choice.form;
  }

  /** The form that reads objects whose class stands in a value. */
  static Form reading(Class<?> wireType) throws UnstorableException {
    return wireType == SerializedLambda.class ? LambdaForm.READING : of(wireType);
  }

  /** Whether a class belongs to the JDK. */
  static boolean fromJdk(Class<?> type) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    ClassLoader loader = element.getClassLoader();
    return loader == null
        || loader == ClassLoader.getPlatformClassLoader()
        || (element.getModule().isNamed()
            && element.getModule().getDescriptor().name().startsWith("jdk."));
  }

  private static Form choose(Class<?> type) throws UnstorableException {
    if (type.isArray()) {
      return new ArrayForm(type);
    }
    String refusal = Refusals.of(type);
    if (refusal != null) {
      throw new UnstorableException(refusal, "");
    }
    if (type.isHidden()) {
      return LambdaForm.of(type);
    }
    boolean jdk = fromJdk(type);
    LeafForm leaf = LeafForm.of(type);
    if (leaf != null) {
      return leaf;
    }
    if (type.isRecord()) {
      return new RecordForm(type);
    }
    if (!jdk) {
      return storesItself(type) ? new SerializedForm(type) : byFields(type);
    }
    Form known = JdkForms.of(type);
    if (known == null) {
      known = copied(type);
    }
    if (known == null) {
      known = Throwable.class.isAssignableFrom(type) ? ThrowableForm.of(type) : null;
    }
    if (known != null) {
      return known;
    }
    if (Serializable.class.isAssignableFrom(type)) {
      return new SerializedForm(type);
    }
    throw new UnstorableException(
        "is a " + type.getName() + ", which Java has no way to store", "");
  }

  /**
   * Whether a library's class says itself how it is serialized: then its fields alone do not make
   * the object, as where a collection keeps its elements in a transient field.
   */
  private static boolean storesItself(Class<?> type) {
    if (!(type.getClassLoader() instanceof Libraries)
        || !Serializable.class.isAssignableFrom(type)) {
      return false;
    }
    if (Externalizable.class.isAssignableFrom(type)) {
      return true;
    }
    for (Class<?> c = type; c != null && !fromJdk(c); c = c.getSuperclass()) {
      for (var method : c.getDeclaredMethods()) {
        if (HOOKS.contains(method.getName())) {
          return true;
        }
      }
    }
    return false;
  }

  private static Form byFields(Class<?> type) throws UnstorableException {
    Class<?> parent = type.getSuperclass();
    while (!fromJdk(parent)) {
      parent = parent.getSuperclass();
    }
    boolean doubtful =
        !(type.getClassLoader() instanceof SessionLoader)
            && !type.getName().startsWith("hydrocell.api.");
    if (parent == Object.class) {
      return new FieldForm(type, parent, null, null, doubtful);
    }
    if (Throwable.class.isAssignableFrom(parent)) {
      return new FieldForm(type, Throwable.class, ThrowableForm.BASE, null, doubtful);
    }
    Form base = JdkForms.of(parent);
    if (base == null && hasState(parent)) {
      throw new UnstorableException(
          "is a %s, which extends %s of the JDK, whose state cannot be reached"
              .formatted(type.getSimpleName(), parent.getName()),
          "");
    }
    try {
      Constructor<?> constructor = Jdk.constructor(type, parent);
      return new FieldForm(type, parent, base, constructor, true);
    } catch (NoSuchMethodException e) {
      throw new UnstorableException(
          "extends %s, which has no constructor without arguments".formatted(parent.getName()), "");
    }
  }

  private static boolean hasState(Class<?> parent) {
    for (Class<?> c = parent; c != null; c = c.getSuperclass()) {
      for (var field : c.getDeclaredFields()) {
        if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** Views and private collections of the JDK are stored as a public collection of that kind. */
  private static @Nullable Form copied(Class<?> type) {
    if (!type.getName().startsWith("java.util.") || Modifier.isPublic(type.getModifiers())) {
      return null;
    }
    if (List.class.isAssignableFrom(type)) {
      return copy(ArrayList.class, type);
    } else if (SortedMap.class.isAssignableFrom(type)) {
      return copy(TreeMap.class, type);
    } else if (Map.class.isAssignableFrom(type)) {
      return copy(java.util.LinkedHashMap.class, type);
    } else if (java.util.SortedSet.class.isAssignableFrom(type)) {
      return copy(java.util.TreeSet.class, type);
    } else if (Set.class.isAssignableFrom(type)
        || type.getName().endsWith("KeySet")
        || type.getName().endsWith("EntrySet")) {
      return copy(LinkedHashSet.class, type);
    } else if (Map.Entry.class.isAssignableFrom(type)) {
      return PartsForm.<Map.Entry<Object, Object>>built(
          java.util.AbstractMap.SimpleEntry.class,
          e -> new @Nullable Object[] {e.getKey(), e.getValue()},
          p -> new java.util.AbstractMap.SimpleEntry<>(p[0], p[1]));
    } else if (java.util.Collection.class.isAssignableFrom(type)
        && (SequencedCollection.class.isAssignableFrom(type) || type.getName().endsWith("Values"))
        && !Queue.class.isAssignableFrom(type)) {
      return copy(ArrayList.class, type);
    }
    return null;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Form copy(Class<?> to, Class<?> from) {
    return PartsForm.built(
        to,
        view ->
            JdkForms.required(to)
                .parts(
                    to == ArrayList.class
                        ? new ArrayList((java.util.Collection) view)
                        : to == TreeMap.class
                            ? new TreeMap((SortedMap) view)
                            : to == java.util.LinkedHashMap.class
                                ? new java.util.LinkedHashMap((Map) view)
                                : to == java.util.TreeSet.class
                                    ? new java.util.TreeSet((java.util.SortedSet) view)
                                    : new LinkedHashSet((java.util.Collection) view)),
        parts -> {
          throw new IllegalStateException(from + " is stored as " + to);
        });
  }
}
