package hydrocell.executor.state;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a value may hold that comes from somebody whose code may not run here. */
class PlainTypesTest {
  private static final SessionLoader LOADER = new SessionLoader(ref -> null);

  private static @Nullable Object decoded(Object value) throws Exception {
    ValueSource source = ValueSource.of(ValueRoundTripTest.encode(value));
    return new ValueDecoder(source, LOADER, new ClassVersions(), new PlainTypes(Set.of()))
        .decode()
        .roots()
        .get("v:x");
  }

  @TestFactory
  Stream<DynamicTest> dataComesAsItIs() {
    return Stream.<Object>of(
            1,
            "text",
            true,
            new BigDecimal("1.5"),
            LocalDate.of(2024, 2, 29),
            DayOfWeek.MONDAY,
            UUID.fromString("0-0-0-0-1"),
            Optional.of(3),
            List.of(),
            List.of(1, 2),
            List.of(1, 2, 3),
            Map.of("a", List.of(1)),
            Map.of("a", 1, "b", 2),
            Set.of(1),
            Set.of(1, 2, 3),
            new ArrayList<>(List.of(new HashMap<>(Map.of(1, "one")))),
            new TreeMap<>(Map.of("a", new LinkedHashSet<>(Set.of(1L)))),
            new TreeSet<>(Set.of("x")),
            String.class)
        .map(value ->
            DynamicTest.dynamicTest(
                value.getClass().getName(), () -> assertEquals(value, decoded(value))));
  }

  @TestFactory
  Stream<DynamicTest> whatMayBeCodeIsRefused() {
    Comparator<Map.Entry<String, Integer>> lambda = Map.Entry.comparingByKey();
    return Stream.of(
            lambda,
            new Random(1),
            new Object[][] {{lambda}},
            new ArrayList<Object>(List.of(Map.of("a", lambda))),
            new TreeMap<String, Integer>(Comparator.reverseOrder()),
            new TreeSet<>(String.CASE_INSENSITIVE_ORDER),
            new java.util.Properties(),
            new IllegalStateException("x"),
            List.of(Runtime.class),
            new Thread.State[0],
            Thread.State.NEW)
        .map(value ->
            DynamicTest.dynamicTest(
                value.getClass().getName(),
                () -> assertThrows(ForeignCodeException.class, () -> decoded(value))));
  }

  @Test
  void aRecordComesThatTheNotebookHasCompiledItself() {
    PlainTypes own = new PlainTypes(Set.of("cell.Point$0$Point"));
    for (String named : List.of("cell.Point$0$Point", "[Lcell.Point$0$Point;", "[[J", "int")) {
      assertDoesNotThrow(() -> own.require(named));
    }
    for (String named :
        List.of("cell.Point$1$Point", "cell.Point$0", "[Lcell.Other$0;", "[LI;x", "", "[", "[X")) {
      assertThrows(ForeignCodeException.class, () -> own.require(named));
    }
  }

  @Test
  void arraysOfNumbersAreData() throws Exception {
    int[][] value = {{1, 2}, {3}};
    assertEquals(3, ((int[][]) java.util.Objects.requireNonNull(decoded(value)))[1][0]);
  }
}
