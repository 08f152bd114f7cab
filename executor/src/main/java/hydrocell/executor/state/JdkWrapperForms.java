package hydrocell.executor.state;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Forms of the JDK's wrappers, of collections that never change, and of those over enums. */
@SuppressWarnings({"unchecked", "rawtypes"})
final class JdkWrapperForms {
  private static final String COLLECTIONS = "java.util.Collections$";

  private JdkWrapperForms() {}

  private static @Nullable Object[] one(@Nullable Object part) {
    return new @Nullable Object[] {part};
  }

  private static <T> T inner(@Nullable Object[] parts) throws CorruptValueException {
    if (parts.length == 0 || parts[0] == null) {
      throw new CorruptValueException("a wrapper is empty");
    }
    return (T) parts[0];
  }

  /** A wrapper: the class, the class and field that hold what is wrapped, and how to wrap again. */
  private static <T> void wrapper(
      Map<Class<?>, Form> forms,
      String name,
      String owner,
      String field,
      Function<T, Object> wrap) {
    Class<?> type = named(COLLECTIONS + name);
    Class<?> holder = named(COLLECTIONS + owner);
    forms.put(
        type,
        PartsForm.fixed(
            type,
            o -> one(Jdk.field(o, holder, field)),
            p -> wrap.apply(JdkWrapperForms.<T>inner(p))));
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this JDK has no " + name, e);
    }
  }

  static void addTo(Map<Class<?>, Form> forms) {
    unmodifiable(forms);
    synchronizedOnes(forms);
    single(forms);
    comparators(forms);
    immutable(forms);
    Class<?> asList = Arrays.asList().getClass();
    forms.put(
        asList,
        PartsForm.built(
            asList, o -> one(Jdk.field(o, asList, "a")), p -> Arrays.asList((Object[]) inner(p))));
    forms.put(
        EnumMap.class,
        PartsForm.<EnumMap>built(
            EnumMap.class,
            m -> JdkForms.entries(m, Jdk.field(m, EnumMap.class, "keyType")),
            p -> {
              EnumMap map = new EnumMap((Class) JdkWrapperForms.<Class>inner(p));
              JdkForms.putAll(map, p, 1);
              return map;
            }));
    for (Class<?> entry :
        List.of(AbstractMap.SimpleEntry.class, AbstractMap.SimpleImmutableEntry.class)) {
      boolean fixed = entry == AbstractMap.SimpleImmutableEntry.class;
      forms.put(
          entry,
          PartsForm.<Map.Entry<Object, Object>>built(
              entry,
              e -> new @Nullable Object[] {e.getKey(), e.getValue()},
              p ->
                  fixed
                      ? new AbstractMap.SimpleImmutableEntry<>(p[0], p[1])
                      : new AbstractMap.SimpleEntry<>(p[0], p[1])));
    }
    Class<?> pair = Map.entry(1, 2).getClass();
    forms.put(
        pair,
        PartsForm.<Map.Entry<Object, Object>>fixed(
            pair,
            e -> new @Nullable Object[] {e.getKey(), e.getValue()},
            p -> Map.entry(Objects.requireNonNull(p[0]), Objects.requireNonNull(p[1]))));
  }

  private static void unmodifiable(Map<Class<?>, Form> forms) {
    JdkWrapperForms.<Collection<?>>wrapper(
        forms,
        "UnmodifiableCollection",
        "UnmodifiableCollection",
        "c",
        Collections::unmodifiableCollection);
    JdkWrapperForms.<List<?>>wrapper(
        forms, "UnmodifiableList", "UnmodifiableList", "list", Collections::unmodifiableList);
    JdkWrapperForms.<List<?>>wrapper(
        forms,
        "UnmodifiableRandomAccessList",
        "UnmodifiableList",
        "list",
        Collections::unmodifiableList);
    JdkWrapperForms.<Set<?>>wrapper(
        forms, "UnmodifiableSet", "UnmodifiableCollection", "c", Collections::unmodifiableSet);
    JdkWrapperForms.<SortedSet<?>>wrapper(
        forms,
        "UnmodifiableSortedSet",
        "UnmodifiableSortedSet",
        "ss",
        Collections::unmodifiableSortedSet);
    JdkWrapperForms.<NavigableSet<?>>wrapper(
        forms,
        "UnmodifiableNavigableSet",
        "UnmodifiableNavigableSet",
        "ns",
        Collections::unmodifiableNavigableSet);
    JdkWrapperForms.<Map<?, ?>>wrapper(
        forms, "UnmodifiableMap", "UnmodifiableMap", "m", Collections::unmodifiableMap);
    JdkWrapperForms.<SortedMap<?, ?>>wrapper(
        forms,
        "UnmodifiableSortedMap",
        "UnmodifiableSortedMap",
        "sm",
        Collections::unmodifiableSortedMap);
    JdkWrapperForms.<NavigableMap<?, ?>>wrapper(
        forms,
        "UnmodifiableNavigableMap",
        "UnmodifiableNavigableMap",
        "nm",
        Collections::unmodifiableNavigableMap);
    JdkWrapperForms.<java.util.SequencedCollection<?>>wrapper(
        forms,
        "UnmodifiableSequencedCollection",
        "UnmodifiableCollection",
        "c",
        Collections::unmodifiableSequencedCollection);
    JdkWrapperForms.<java.util.SequencedSet<?>>wrapper(
        forms,
        "UnmodifiableSequencedSet",
        "UnmodifiableCollection",
        "c",
        Collections::unmodifiableSequencedSet);
    JdkWrapperForms.<java.util.SequencedMap<?, ?>>wrapper(
        forms,
        "UnmodifiableSequencedMap",
        "UnmodifiableMap",
        "m",
        Collections::unmodifiableSequencedMap);
    JdkWrapperForms.<Map<Object, Boolean>>wrapper(
        forms, "SetFromMap", "SetFromMap", "m", JdkWrapperForms::setFromMap);
    JdkWrapperForms.<java.util.Deque<?>>wrapper(
        forms, "AsLIFOQueue", "AsLIFOQueue", "q", Collections::asLifoQueue);
  }

  /** Such a set takes an empty map only. */
  private static Object setFromMap(Map<Object, Boolean> map) {
    List<Object> elements = new ArrayList<>(map.keySet());
    map.clear();
    Set<Object> set = Collections.newSetFromMap(map);
    set.addAll(elements);
    return set;
  }

  private static void synchronizedOnes(Map<Class<?>, Form> forms) {
    JdkWrapperForms.<Collection<?>>wrapper(
        forms,
        "SynchronizedCollection",
        "SynchronizedCollection",
        "c",
        Collections::synchronizedCollection);
    JdkWrapperForms.<List<?>>wrapper(
        forms, "SynchronizedList", "SynchronizedList", "list", Collections::synchronizedList);
    JdkWrapperForms.<List<?>>wrapper(
        forms,
        "SynchronizedRandomAccessList",
        "SynchronizedList",
        "list",
        Collections::synchronizedList);
    JdkWrapperForms.<Set<?>>wrapper(
        forms, "SynchronizedSet", "SynchronizedCollection", "c", Collections::synchronizedSet);
    JdkWrapperForms.<SortedSet<?>>wrapper(
        forms,
        "SynchronizedSortedSet",
        "SynchronizedSortedSet",
        "ss",
        Collections::synchronizedSortedSet);
    JdkWrapperForms.<Map<?, ?>>wrapper(
        forms, "SynchronizedMap", "SynchronizedMap", "m", Collections::synchronizedMap);
    JdkWrapperForms.<SortedMap<?, ?>>wrapper(
        forms,
        "SynchronizedSortedMap",
        "SynchronizedSortedMap",
        "sm",
        Collections::synchronizedSortedMap);
  }

  private static void fixed(
      Map<Class<?>, Form> forms, Object sample, PartsForm.Take<?> take, PartsForm.Build build) {
    forms.put(sample.getClass(), PartsForm.fixed(sample.getClass(), take, build));
  }

  private static void single(Map<Class<?>, Form> forms) {
    fixed(forms, Collections.emptyList(), o -> new Object[0], p -> Collections.emptyList());
    fixed(forms, Collections.emptySet(), o -> new Object[0], p -> Collections.emptySet());
    fixed(forms, Collections.emptyMap(), o -> new Object[0], p -> Collections.emptyMap());
    fixed(
        forms,
        Collections.singletonList(1),
        (List<?> o) -> o.toArray(),
        p -> Collections.singletonList(p[0]));
    fixed(
        forms,
        Collections.singleton(1),
        (Set<?> o) -> o.toArray(),
        p -> Collections.singleton(p[0]));
    fixed(
        forms,
        Collections.singletonMap(1, 1),
        (Map<?, ?> o) -> JdkForms.entries(o, null),
        p -> Collections.singletonMap(p[1], p[2]));
    fixed(
        forms,
        Collections.nCopies(1, 1),
        (List<?> o) -> new @Nullable Object[] {o.size(), o.isEmpty() ? null : o.get(0)},
        p -> Collections.nCopies((int) JdkWrapperForms.<Integer>inner(p), p[1]));
  }

  private static void comparators(Map<Class<?>, Form> forms) {
    fixed(forms, Comparator.reverseOrder(), o -> new Object[0], p -> Comparator.reverseOrder());
    fixed(
        forms,
        String.CASE_INSENSITIVE_ORDER,
        o -> new Object[0],
        p -> String.CASE_INSENSITIVE_ORDER);
    JdkWrapperForms.<Comparator<?>>wrapper(
        forms, "ReverseComparator2", "ReverseComparator2", "cmp", Collections::reverseOrder);
    Class<?> nulls = Comparator.nullsFirst(Comparator.<Integer>naturalOrder()).getClass();
    forms.put(
        nulls,
        PartsForm.fixed(
            nulls,
            o ->
                new @Nullable Object[] {
                  Jdk.field(o, nulls, "nullFirst"), Jdk.field(o, nulls, "real")
                },
            p ->
                Boolean.TRUE.equals(p[0])
                    ? Comparator.nullsFirst((Comparator<Object>) p[1])
                    : Comparator.nullsLast((Comparator<Object>) p[1])));
  }

  private static void immutable(Map<Class<?>, Form> forms) {
    for (List<?> sample : List.of(List.of(), List.of(1), List.of(1, 2, 3))) {
      fixed(forms, sample, (List<?> o) -> o.toArray(), JdkWrapperForms::listOf);
    }
    for (Set<?> sample : List.of(Set.of(), Set.of(1), Set.of(1, 2, 3))) {
      fixed(forms, sample, (Set<?> o) -> Order.elements(o.toArray()), p -> Set.of(p));
    }
    for (Map<?, ?> sample : List.of(Map.of(), Map.of(1, 1), Map.of(1, 1, 2, 2))) {
      fixed(
          forms,
          sample,
          (Map<?, ?> o) -> Order.entries(JdkForms.entries(o, null)),
          p -> {
            Map<Object, Object> map = new LinkedHashMap<>();
            JdkForms.putAll(map, p, 1);
            return Map.copyOf(map);
          });
    }
  }

  private static Object listOf(@Nullable Object[] parts) {
    for (Object part : parts) {
      if (part == null) {
        return Arrays.stream(parts).toList();
      }
    }
    return List.of(parts);
  }

  /** Forms of classes of which there are many. */
  static @Nullable Form dynamic(Class<?> type) {
    if (EnumSet.class.isAssignableFrom(type)) {
      return PartsForm.<EnumSet>built(
          type,
          s -> {
            List<@Nullable Object> parts = new ArrayList<>();
            parts.add(Jdk.field(s, EnumSet.class, "elementType"));
            parts.addAll(s);
            return parts.toArray();
          },
          p -> {
            EnumSet set = EnumSet.noneOf((Class) JdkWrapperForms.<Class>inner(p));
            JdkForms.addAll(set, p, 1);
            return set;
          });
    }
    if (type.getName().equals("java.awt.image.BufferedImage")) {
      return ImageForms.of(type);
    }
    return null;
  }
}
