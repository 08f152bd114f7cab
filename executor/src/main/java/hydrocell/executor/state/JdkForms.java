package hydrocell.executor.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Forms of the JDK's collections and small holders, by their public side. */
final class JdkForms {
  private static final Map<Class<?>, Form> FORMS = new HashMap<>();

  static {
    list(ArrayList.class, ArrayList::new);
    list(LinkedList.class, LinkedList::new);
    list(ArrayDeque.class, ArrayDeque::new);
    list(Vector.class, Vector::new);
    list(Stack.class, Stack::new);
    list(CopyOnWriteArrayList.class, CopyOnWriteArrayList::new);
    list(CopyOnWriteArraySet.class, CopyOnWriteArraySet::new);
    list(ConcurrentLinkedQueue.class, ConcurrentLinkedQueue::new);
    list(ConcurrentLinkedDeque.class, ConcurrentLinkedDeque::new);
    list(LinkedHashSet.class, LinkedHashSet::new);
    put(unordered(HashSet.class, HashSet::new));
    put(unordered(ConcurrentHashMap.KeySetView.class, ConcurrentHashMap::newKeySet));
    map(HashMap.class, HashMap::new, true);
    map(Hashtable.class, Hashtable::new, true);
    map(ConcurrentHashMap.class, ConcurrentHashMap::new, true);
    map(IdentityHashMap.class, IdentityHashMap::new, true);
    map(java.util.WeakHashMap.class, java.util.WeakHashMap::new, true);
    put(
        PartsForm.<LinkedHashMap<Object, Object>>filled(
            LinkedHashMap.class,
            m -> entries(m, Jdk.field(m, LinkedHashMap.class, "accessOrder")),
            LinkedHashMap::new,
            (m, p) -> {
              Jdk.putBits(
                  m,
                  Jdk.offset(LinkedHashMap.class.getDeclaredField("accessOrder")),
                  'Z',
                  Boolean.TRUE.equals(p[0]) ? 1 : 0);
              putAll(m, p, 1);
            }));
    put(
        PartsForm.<TreeMap<Object, Object>>filled(
            TreeMap.class,
            m -> entries(m, m.comparator()),
            TreeMap::new,
            (m, p) -> {
              compare(m, TreeMap.class, p[0]);
              putAll(m, p, 1);
            }));
    put(
        PartsForm.<TreeSet<Object>>filled(
            TreeSet.class,
            s -> elements(s, s.comparator()),
            TreeSet::new,
            (s, p) -> {
              compare(Jdk.field(s, TreeSet.class, "m"), TreeMap.class, p[0]);
              addAll(s, p, 1);
            }));
    put(
        PartsForm.<PriorityQueue<Object>>filled(
            PriorityQueue.class,
            q -> elements(q, q.comparator()),
            PriorityQueue::new,
            (q, p) -> {
              compare(q, PriorityQueue.class, p[0]);
              addAll(q, p, 1);
            }));
    put(
        PartsForm.<ConcurrentSkipListMap<Object, Object>>built(
            ConcurrentSkipListMap.class,
            m -> entries(m, m.comparator()),
            p -> {
              var map = new ConcurrentSkipListMap<Object, Object>(comparator(p[0]));
              putAll(map, p, 1);
              return map;
            }));
    put(
        PartsForm.<ConcurrentSkipListSet<Object>>built(
            ConcurrentSkipListSet.class,
            s -> elements(s, s.comparator()),
            p -> {
              var set = new ConcurrentSkipListSet<Object>(comparator(p[0]));
              addAll(set, p, 1);
              return set;
            }));
    put(
        PartsForm.<Optional<Object>>fixed(
            Optional.class,
            o -> new @Nullable Object[] {o.orElse(null)},
            p -> Optional.ofNullable(p[0])));
    put(
        PartsForm.<OptionalInt>fixed(
            OptionalInt.class,
            o -> o.isPresent() ? new Object[] {o.getAsInt()} : new Object[0],
            p -> p.length == 0 ? OptionalInt.empty() : OptionalInt.of((int) given(p[0]))));
    put(
        PartsForm.<OptionalLong>fixed(
            OptionalLong.class,
            o -> o.isPresent() ? new Object[] {o.getAsLong()} : new Object[0],
            p -> p.length == 0 ? OptionalLong.empty() : OptionalLong.of((long) given(p[0]))));
    put(
        PartsForm.<OptionalDouble>fixed(
            OptionalDouble.class,
            o -> o.isPresent() ? new Object[] {o.getAsDouble()} : new Object[0],
            p -> p.length == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) given(p[0]))));
    put(
        PartsForm.<BitSet>filled(
            BitSet.class,
            b -> new Object[] {b.toLongArray()},
            BitSet::new,
            (b, p) -> b.or(BitSet.valueOf((long[]) given(p[0])))));
    JdkHolderForms.addTo(FORMS);
    JdkWrapperForms.addTo(FORMS);
  }

  private JdkForms() {}

  private static void put(Form form) {
    FORMS.put(form.wireType(), form);
  }

  /** The form of exactly this class of the JDK; null when it has none here. */
  static @Nullable Form of(Class<?> type) {
    Form form = FORMS.get(type);
    return form == null ? JdkWrapperForms.dynamic(type) : form;
  }

  static Form required(Class<?> type) {
    Form form = FORMS.get(type);
    if (form == null) {
      throw new IllegalStateException("no form for " + type);
    }
    return form;
  }

  private static <C extends Collection<Object>> void list(Class<?> type, Supplier<C> make) {
    put(PartsForm.<C>filled(type, Collection::toArray, make, (c, p) -> addAll(c, p, 0)));
  }

  private static <S extends Set<Object>> Form unordered(Class<?> type, Supplier<S> make) {
    return PartsForm.<S>filled(
        type, s -> Order.elements(s.toArray()), make, (s, p) -> addAll(s, p, 0));
  }

  private static <M extends Map<Object, Object>> void map(
      Class<?> type, Supplier<M> make, boolean unordered) {
    put(
        PartsForm.<M>filled(
            type,
            m -> {
              @Nullable Object[] entries = entries(m, null);
              return unordered ? Order.entries(entries) : entries;
            },
            make,
            (m, p) -> putAll(m, p, 1)));
  }

  private static Object given(@Nullable Object part) throws CorruptValueException {
    if (part == null) {
      throw new CorruptValueException("a part is missing");
    }
    return part;
  }

  /** One part before, then keys and values in turn. */
  static @Nullable Object[] entries(Map<?, ?> map, @Nullable Object first) {
    List<@Nullable Object> parts = new ArrayList<>(map.size() * 2 + 1);
    parts.add(first);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      parts.add(entry.getKey());
      parts.add(entry.getValue());
    }
    return parts.toArray();
  }

  private static @Nullable Object[] elements(Collection<?> all, @Nullable Object first) {
    List<@Nullable Object> parts = new ArrayList<>(all.size() + 1);
    parts.add(first);
    parts.addAll(all);
    return parts.toArray();
  }

  static void addAll(Collection<Object> target, @Nullable Object[] parts, int from) {
    for (int i = from; i < parts.length; i++) {
      add(target, parts[i]);
    }
  }

  @SuppressWarnings("NullAway") // collections of the user may hold null
  private static void add(Collection<Object> target, @Nullable Object part) {
    target.add(part);
  }

  @SuppressWarnings("NullAway") // maps of the user may hold null
  static void putAll(Map<Object, Object> target, @Nullable Object[] parts, int from)
      throws CorruptValueException {
    if ((parts.length - from) % 2 != 0) {
      throw new CorruptValueException("a map has a key without a value");
    }
    for (int i = from; i < parts.length; i += 2) {
      target.put(parts[i], parts[i + 1]);
    }
  }

  private static void compare(Object target, Class<?> owner, @Nullable Object comparator)
      throws NoSuchFieldException {
    if (comparator != null) {
      Jdk.put(target, Jdk.offset(owner.getDeclaredField("comparator")), comparator(comparator));
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // null is the natural order
  private static Comparator<Object> comparator(@Nullable Object part) {
    return (Comparator<Object>) part;
  }

  /** Whether a collection keeps its elements by their own hash or order. */
  static boolean asksElements(Class<?> type) {
    return Set.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || type == PriorityQueue.class
        || SortedSet.class.isAssignableFrom(type)
        || SortedMap.class.isAssignableFrom(type);
  }
}
