package hydrocell.executor.compiler;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What methods of the JDK and of {@code hydrocell.api} do: a list of what is known, by class and
 * method. What stands nowhere here may do anything.
 */
final class KnownMethods {
  private KnownMethods() {}

  /** What a call does to objects that were there before. */
  enum Kind {
    /** It changes nothing. */
    PURE,
    /** It may change its receiver. */
    CHANGES_RECEIVER,
    /** It may change its first argument. */
    CHANGES_FIRST,
    /** It may change its third argument. */
    CHANGES_THIRD,
    /** It reaches beyond the notebook, and changes no object but its own. */
    OUTSIDE,
    /** Nobody knows. */
    UNKNOWN
  }

  /** Classes all of whose methods change nothing, each with those nested in it. */
  private static final Set<String> PURE =
      words(
          """
          java/lang/String java/lang/CharSequence java/lang/Boolean java/lang/Byte java/lang/Short
          java/lang/Character java/lang/Integer java/lang/Long java/lang/Float java/lang/Double
          java/lang/Number java/lang/Math java/lang/StrictMath java/lang/Enum java/lang/Record
          java/lang/Comparable java/lang/Iterable java/lang/Runnable java/lang/Void
          java/util/Objects java/util/Optional java/util/OptionalInt java/util/OptionalLong
          java/util/OptionalDouble java/util/UUID java/util/HexFormat java/util/Base64
          java/util/Comparator java/util/concurrent/Callable java/util/concurrent/TimeUnit
          java/nio/charset/Charset java/nio/charset/StandardCharsets
          hydrocell/api/Display hydrocell/api/Rich hydrocell/api/Progress hydrocell/api/MediaTypes
          """);

  private static final Set<String> VALUES =
      words(
          """
          java/lang/String java/lang/Boolean java/lang/Byte java/lang/Short java/lang/Character
          java/lang/Integer java/lang/Long java/lang/Float java/lang/Double java/math/BigInteger
          java/math/BigDecimal java/util/UUID
          """);

  /** Packages all of whose classes change nothing. */
  private static final Set<String> PURE_PACKAGES =
      words(
          "java/time java/time/format java/time/temporal java/math java/util/function"
              + " java/util/stream java/util/regex");

  /** Classes whose objects live in memory alone: what is not in {@link #LOOKS} changes them. */
  private static final Set<String> HOLDERS =
      words(
          """
          java/util/Collection java/util/SequencedCollection java/util/AbstractCollection
          java/util/List java/util/AbstractList java/util/ArrayList java/util/LinkedList
          java/util/Vector java/util/Stack
          java/util/Map java/util/SequencedMap java/util/AbstractMap java/util/HashMap
          java/util/LinkedHashMap java/util/TreeMap java/util/SortedMap java/util/NavigableMap
          java/util/EnumMap java/util/IdentityHashMap java/util/concurrent/ConcurrentHashMap
          java/util/concurrent/ConcurrentMap java/util/Set java/util/SequencedSet
          java/util/AbstractSet java/util/HashSet java/util/LinkedHashSet java/util/TreeSet
          java/util/SortedSet java/util/NavigableSet java/util/EnumSet
          java/util/Queue java/util/Deque java/util/ArrayDeque java/util/PriorityQueue
          java/util/BitSet java/util/Iterator java/util/ListIterator java/util/PrimitiveIterator
          java/util/Random java/util/SplittableRandom java/util/random/RandomGenerator
          java/util/StringJoiner java/lang/StringBuilder java/lang/StringBuffer
          java/util/concurrent/atomic/AtomicInteger java/util/concurrent/atomic/AtomicLong
          java/util/concurrent/atomic/AtomicBoolean java/util/concurrent/atomic/AtomicReference
          java/util/concurrent/atomic/LongAdder java/util/concurrent/atomic/DoubleAdder
          java/util/IntSummaryStatistics java/util/LongSummaryStatistics
          java/util/DoubleSummaryStatistics
          """);

  /** Methods of {@link #HOLDERS} that only look. */
  private static final Set<String> LOOKS =
      words(
          """
          get getOrDefault getFirst getLast size isEmpty contains containsKey containsValue
          containsAll indexOf lastIndexOf iterator listIterator stream parallelStream forEach
          toArray of copyOf ofEntries entry keySet values entrySet getKey getValue first last
          firstKey lastKey firstEntry lastEntry headMap tailMap subMap headSet tailSet subSet
          subList floor floorKey floorEntry ceiling ceilingKey ceilingEntry higher higherKey
          higherEntry lower lowerKey lowerEntry descendingSet descendingMap descendingIterator
          reversed peek peekFirst peekLast element equals hashCode toString comparator spliterator
          cardinality nextSetBit nextClearBit length charAt substring subSequence chars hasNext
          hasPrevious intValue longValue floatValue doubleValue sum sumThenReset getMin getMax
          getAverage getSum getCount comparingByKey comparingByValue noneOf allOf range
          """);

  /** Methods that make what they return, so that whoever calls them may change it. */
  private static final Set<String> MAKERS =
      words(
          "iterator listIterator toArray toCharArray getBytes split clone copyOf copyOfRange"
              + " collect toList");

  /** Methods of {@link #HOLDERS} that return their receiver. */
  private static final Set<String> CHAINS =
      words("append insert reverse deleteCharAt delete replace add");

  /** Calls that may take long although they are pure. */
  private static final Set<String> LENGTHY =
      words("forEach sort sleep pow replaceAll removeIf computeIfAbsent parallelPrefix setAll");

  private static final Set<String> OBJECT =
      words("<init> equals hashCode toString getClass finalize");

  private static final Set<String> CLASS =
      words(
          "getName getSimpleName getTypeName isInstance cast isRecord desiredAssertionStatus"
              + " equals hashCode toString getEnumConstants");

  private static final Set<String> SYSTEM =
      words("nanoTime currentTimeMillis identityHashCode lineSeparator");

  private static final Set<String> SHOWS =
      words(
          "display show updateDisplay render clearOutput html markdown svg latex mermaid json"
              + " vegaLite mapOf progress");

  private static final Set<String> FIRST =
      words(
          "sort parallelSort fill setAll parallelSetAll parallelPrefix shuffle reverse rotate"
              + " swap addAll replaceAll");

  private static Set<String> words(String text) {
    return Arrays.stream(text.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());
  }

  /** What a method does, by its class's internal name. */
  static Kind of(String owner, String method) {
    String outer = owner.contains("$") ? owner.substring(0, owner.indexOf('$')) : owner;
    if (outer.equals("java/util/Map") && !owner.equals(outer)) {
      return LOOKS.contains(method) ? Kind.PURE : Kind.CHANGES_RECEIVER;
    }
    if (PURE.contains(outer) || PURE_PACKAGES.contains(packageOf(outer))) {
      return Kind.PURE;
    }
    if (HOLDERS.contains(outer)) {
      return LOOKS.contains(method) ? Kind.PURE : Kind.CHANGES_RECEIVER;
    }
    return switch (outer) {
      case "java/lang/Object" -> OBJECT.contains(method) ? Kind.PURE : Kind.UNKNOWN;
      case "java/lang/Class" -> CLASS.contains(method) ? Kind.PURE : Kind.UNKNOWN;
      case "java/lang/Thread" -> method.equals("sleep") ? Kind.PURE : Kind.UNKNOWN;
      case "java/util/Locale" -> method.equals("setDefault") ? Kind.UNKNOWN : Kind.PURE;
      case "java/util/Arrays", "java/util/Collections" ->
          FIRST.contains(method) ? Kind.CHANGES_FIRST : Kind.PURE;
      case "java/lang/System" ->
          method.equals("arraycopy")
              ? Kind.CHANGES_THIRD
              : SYSTEM.contains(method) ? Kind.PURE : Kind.OUTSIDE;
      case "hydrocell/api/Hydrocell" -> SHOWS.contains(method) ? Kind.PURE : Kind.UNKNOWN;
      case "hydrocell/api/CellRuntime" ->
          Set.of("exit", "console").contains(method) ? Kind.OUTSIDE : Kind.PURE;
      default -> other(outer, method);
    };
  }

  private static Kind other(String owner, String method) {
    if (isThrowable(owner)) {
      return Set.of("addSuppressed", "initCause", "setStackTrace").contains(method)
          ? Kind.CHANGES_RECEIVER
          : Kind.PURE;
    }
    return Set.of("java/nio/file", "java/io", "java/net", "java/net/http")
                .contains(packageOf(owner))
            || owner.equals("java/lang/ProcessHandle")
        ? Kind.OUTSIDE
        : Kind.UNKNOWN;
  }

  /** Whether a class of the JDK is known to be something that is thrown. */
  static boolean isThrowable(String owner) {
    return owner.startsWith("java/")
        && (owner.endsWith("Exception") || owner.endsWith("Error") || owner.endsWith("Throwable"));
  }

  private static String packageOf(String owner) {
    int end = owner.lastIndexOf('/');
    return end < 0 ? "" : owner.substring(0, end);
  }

  /** Whether what a known method returns was made by it. */
  static boolean makes(String method) {
    return MAKERS.contains(method);
  }

  /** Whether a method of a class whose objects live in memory returns its receiver. */
  static boolean returnsReceiver(String owner, String method, String returned) {
    return HOLDERS.contains(owner) && CHAINS.contains(method) && returned.endsWith(owner + ";");
  }

  /** Whether a known method ends soon, whatever it is called on. */
  static boolean isBrief(String owner, String method) {
    return !LENGTHY.contains(method)
        && !packageOf(owner).equals("java/util/stream")
        && !packageOf(owner).equals("java/util/function")
        && !owner.equals("java/lang/Runnable")
        && !owner.equals("java/util/concurrent/Callable");
  }

  /** Whether a class of the JDK is one of values in which nothing can change. */
  static boolean isValue(String owner) {
    return VALUES.contains(owner) || packageOf(owner).equals("java/time");
  }

  /** Whether objects of a class can be stored, as far as its static type tells. */
  static boolean isStorable(String owner) {
    String outer = owner.contains("$") ? owner.substring(0, owner.indexOf('$')) : owner;
    return owner.startsWith("cell/")
        || (HOLDERS.contains(outer) && !owner.endsWith("Iterator"))
        || (PURE.contains(outer) && !owner.equals("java/lang/Runnable"))
        || Set.of("java/time", "java/math", "java/util/function").contains(packageOf(outer));
  }
}
