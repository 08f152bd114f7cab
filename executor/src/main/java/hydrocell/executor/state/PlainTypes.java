package hydrocell.executor.state;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes that a value may name which comes from somebody whose code may not run here: those of
 * the JDK that hold data and ask nothing of what they hold but its hash, and records that the
 * notebook has compiled itself. Everything else could be code, or bytes that make a harmless class
 * do harm: it is refused before such a class is even looked for. Immutable.
 *
 * @param records binary names of the records
 */
record PlainTypes(Set<String> records) {
  private static final Set<String> PRIMITIVES =
      Set.of("int", "long", "double", "float", "boolean", "byte", "short", "char");

  private static final Set<String> OF_JDK =
      Stream.of(
              Object.class,
              String.class,
              Boolean.class,
              Byte.class,
              Short.class,
              Character.class,
              Integer.class,
              Long.class,
              Float.class,
              Double.class,
              Number.class,
              CharSequence.class,
              Comparable.class,
              java.math.BigInteger.class,
              java.math.BigDecimal.class,
              java.util.ArrayList.class,
              java.util.LinkedList.class,
              java.util.ArrayDeque.class,
              java.util.Vector.class,
              java.util.HashSet.class,
              java.util.LinkedHashSet.class,
              java.util.TreeSet.class,
              java.util.HashMap.class,
              java.util.LinkedHashMap.class,
              java.util.TreeMap.class,
              java.util.concurrent.ConcurrentHashMap.class,
              java.util.Optional.class,
              java.util.OptionalInt.class,
              java.util.OptionalLong.class,
              java.util.OptionalDouble.class,
              java.util.BitSet.class,
              java.util.UUID.class,
              java.util.List.class,
              java.util.Set.class,
              java.util.Map.class,
              java.util.Collection.class,
              java.util.AbstractMap.SimpleEntry.class,
              java.util.AbstractMap.SimpleImmutableEntry.class,
              java.util.concurrent.TimeUnit.class,
              java.math.RoundingMode.class,
              java.time.LocalDate.class,
              java.time.LocalTime.class,
              java.time.LocalDateTime.class,
              java.time.Instant.class,
              java.time.OffsetDateTime.class,
              java.time.OffsetTime.class,
              java.time.ZonedDateTime.class,
              java.time.Duration.class,
              java.time.Period.class,
              java.time.Year.class,
              java.time.YearMonth.class,
              java.time.MonthDay.class,
              java.time.DayOfWeek.class,
              java.time.Month.class,
              List.of().getClass(),
              List.of(1).getClass(),
              Set.of().getClass(),
              Set.of(1).getClass(),
              java.util.Map.of().getClass(),
              java.util.Map.of(1, 1).getClass())
          .map(Class::getName)
          .collect(Collectors.toUnmodifiableSet());

  /** Checks that a value may name a class, as it stands in the value. */
  void require(String written) throws ForeignCodeException {
    String element = written.replaceFirst("^\\[+", "");
    boolean array = !element.equals(written);
    if (array) {
      element =
          element.startsWith("L") && element.endsWith(";")
              ? element.substring(1, element.length() - 1)
              : element.length() == 1 && "IJDFZBSC".contains(element) ? "int" : element;
    }
    if (!PRIMITIVES.contains(element) && !OF_JDK.contains(element) && !records.contains(element)) {
      throw new ForeignCodeException(written);
    }
  }
}
