package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.Effects;
import hydrocell.cell.Name;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EffectScanTest {
  private final TestSession session = new TestSession();

  private static final String BEFORE =
      """
      var list = new ArrayList<Integer>(List.of(1, 2, 3)); int[] numbers = {1, 2}; String text = "a";
      double[][] grid = new double[2][2]; var map = new HashMap<String, Integer>();
      class Point { int x; Point(int x) { this.x = x; } int twice() { return 2 * x; } void move() { x++; } }
      Point point = new Point(1);
      """;

  private Effects effects(String cell) throws Exception {
    session.define(BEFORE);
    session.define(cell);
    Effects effects = session.last.effects();
    assertNotNull(effects);
    return effects;
  }

  /** Cells without effects and without changes. */
  @TestFactory
  Stream<DynamicTest> whatOnlyLooksHasNoEffects() {
    return Stream.of(
            "list.size()",
            "int sum = 0; for (int each : list) sum += each;",
            "var doubled = list.stream().map(x -> x * 2).toList();",
            "var copy = new ArrayList<>(list); copy.add(4); copy.sort(null);",
            "var squares = new ArrayList<Integer>(); for (int i = 0; i < 9; i++) squares.add(i * i);",
            "int[] more = new int[9]; for (int i = 0; i < more.length; i++) more[i] = numbers[0];",
            "long wide = 1; double d = 2; for (long i = 0; i < 9; i++) { wide += i << 2; d *= -wide; }",
            "System.out.println(\"x\" + list.get(0)); System.out.printf(\"%d%n\", numbers[0]);",
            "{ var b = new StringBuilder(); for (var e : list) b.append(e).append(','); text = b.toString(); }",
            "String s = switch (text) { case \"a\" -> \"b\"; default -> text.trim(); };",
            "Thread.sleep(1); var later = list.size() > 2 ? map : new HashMap<String, Integer>();",
            "point.twice() + new Point(3).twice()",
            "var p = new Point(4);",
            "try { Integer.parseInt(text); } catch (NumberFormatException e) { text = e.getMessage(); }",
            "display(list)",
            "record Pair(int a, String b) {} var pair = new Pair(1, text); pair.equals(pair)",
            "Object o = text; if (o instanceof String t && t.length() > 3) text = t;")
        .map(cell ->
            DynamicTest.dynamicTest(
                cell,
                () -> {
                  Effects effects = effects("import static hydrocell.api.Hydrocell.*; " + cell);
                  // Object is a type that may hold anything.
                  assertEquals(cell.startsWith("Object") ? "a Object" : "", effects.outside());
                  assertEquals(Set.of(), effects.changes());
                }));
  }

  private record Change(String cell, String kind) {}

  /** Cells that change what was there before. */
  @TestFactory
  Stream<DynamicTest> whatIsChangedIsSeen() {
    return Stream.of(
            new Change("list.add(4)", Effects.JDK),
            new Change("var same = list; same.add(4)", Effects.JDK),
            new Change(
                "var l = new ArrayList<Integer>(); if (text == null) l = list; l.add(1)",
                Effects.JDK),
            new Change(
                "{ var l = new ArrayList<Integer>(); for (int i = 0; i < 2; i++) { l.add(1); l = list; } }",
                Effects.JDK),
            new Change("List.of(1).forEach(list::add)", Effects.JDK),
            new Change("List.of(1).forEach(x -> list.add(x))", Effects.JDK),
            new Change("numbers[0] = 7", "[I"),
            new Change("grid[1][1] = 7", "[D"),
            new Change("Arrays.fill(numbers, 3)", "[I"),
            new Change("Collections.sort(list)", Effects.JDK),
            new Change("System.arraycopy(new int[1], 0, numbers, 0, 1)", "[I"),
            new Change("map.merge(\"a\", 1, Integer::sum)", Effects.JDK),
            new Change("for (var e : map.entrySet()) e.setValue(1)", Effects.JDK),
            new Change("list.iterator().forEachRemaining(x -> numbers[x] = 1)", "[I"))
        .map(change ->
            DynamicTest.dynamicTest(
                change.cell,
                () -> {
                  Effects effects = effects(change.cell);
                  assertEquals("", effects.outside());
                  assertTrue(effects.changes().contains(change.kind), effects.toString());
                }));
  }

  private record Outside(String cell, String what) {}

  /** Cells that reach beyond the notebook's names. */
  @TestFactory
  Stream<DynamicTest> whatReachesOutsideIsSeen() {
    return Stream.of(
            new Outside("Files.writeString(Path.of(\"x\"), text)", "java.nio.file.Path.of"),
            new Outside("new java.io.File(\"x\").delete()", "java.io.File"),
            new Outside("System.in.read()", "System.in"),
            new Outside("System.setProperty(\"a\", \"b\")", "java.lang.System.setProperty"),
            new Outside("new Thread(() -> {}).start()", "java.lang.Thread"),
            new Outside("System.exit(1)", "hydrocell.api.CellRuntime.exit"),
            new Outside("list.forEach(x -> System.getenv())", "java.lang.System.getenv"),
            new Outside("Class.forName(text)", "java.lang.Class.forName"),
            new Outside(
                "var stream = list.stream();", "a java.util.stream.Stream<java.lang.Integer>"),
            new Outside("Object o = list;", "a Object"),
            new Outside("text.wait()", "java.lang.Object.wait"),
            new Outside("var s = new Scanner(text)", "java.util.Scanner"))
        .map(outside ->
            DynamicTest.dynamicTest(
                outside.cell, () -> assertEquals(outside.what, effects(outside.cell).outside())));
  }

  @Test
  void methodsAndTypesHaveTheirOwn() throws Exception {
    session.define(BEFORE);
    assertEquals(
        Set.of("cell." + "Point"),
        Set.of(effectsOf(Name.type("Point")).changes().iterator().next().replaceAll("\\$.*", "")));
    session.define("void write() throws Exception { Files.delete(Path.of(\"x\")); }");
    assertEquals("java.nio.file.Path.of", effectsOf(Name.method("write")).outside());
    session.define("class Worker extends Thread {}");
    assertEquals("java.lang.Thread", effectsOf(Name.type("Worker")).outside());
  }

  private Effects effectsOf(Name name) {
    Effects effects = session.symbols.get(name).effects();
    assertNotNull(effects);
    return effects;
  }

  @Test
  void whatIsAssignedMayShareObjectsUnlessNothingInItCanChange() throws Exception {
    assertFalse(effects("String found = list.toString(); int n = list.size();").assignsObjects());
    session.define("record Pair(int a, String b) {} record Pairs(Pair one, List<Pair> more) {}");
    session.define("var pair = new Pair(1, text);");
    assertFalse(session.last.effects().assignsObjects());
    session.define("var pairs = new Pairs(pair, List.of());");
    assertTrue(session.last.effects().assignsObjects());
    session.define("var same = list;");
    assertTrue(session.last.effects().assignsObjects());
    session.define("int[] others = numbers;");
    assertTrue(session.last.effects().assignsObjects());
  }

  @Test
  void briefIsWhatHasNoLoopAndCallsNothingLong() throws Exception {
    assertTrue(effects("int a = list.get(0) + text.length();").brief());
    assertEquals(false, effects("int b = 0; while (b < 10) b++;").brief());
    assertEquals(false, effects("Thread.sleep(1000)").brief());
    assertEquals(false, effects("list.stream().count()").brief());
    assertEquals(false, effects("point.twice()").brief());
  }
}
