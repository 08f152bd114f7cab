package hydrocell.executor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.Entry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cells as users write them, compiled by the real compiler, run on one executor after the other.
 */
@Timeout(60)
class CompiledCellsTest {
  @TempDir Path folder;
  private Notebook notebook;

  @BeforeEach
  void open() throws Exception {
    notebook = new Notebook(folder);
  }

  @AfterEach
  void close() throws Exception {
    notebook.close();
  }

  /** Runs each source on an executor of its own; the result of the last as text. */
  private String apart(String... sources) throws Exception {
    Object result = null;
    for (String source : sources) {
      result = notebook.onFreshExecutor().source(source);
    }
    return String.valueOf(result);
  }

  @Test
  void variablesOfManyKinds() throws Exception {
    assertEquals("3", apart("int x = 1;", "x++;", "x += 1;", "x"));
    assertEquals(
        "[1, 2]", apart("var l = new ArrayList<Integer>();", "l.add(1);", "l.add(2);", "l"));
    assertEquals("true", apart("var m = l;", "m == l"));
    assertEquals("hello 5", apart("String s = \"hello\"; long n = 5;", "s + \" \" + n"));
  }

  @Test
  void theCellThatReadsOneOfAThousandVariablesFetchesOne() throws Exception {
    StringBuilder cell = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      cell.append("int[] x%d = {%d};%n".formatted(i, i));
    }
    notebook.source(cell.toString());
    assertEquals(1000, notebook.manifest().entries().size());
    assertEquals("42", apart("x42[0]"));
    assertEquals(1, notebook.meter.keysRead());
    assertEquals(0, notebook.meter.keysWritten());
    assertEquals(0, notebook.asked());
  }

  @Test
  void lambdasKeepTheirCaptures() throws Exception {
    assertEquals(
        "42", apart("int k = 40; int c = 2; IntSupplier f = () -> k + c;", "f.getAsInt()"));
    assertEquals("43", apart("k = 41;", "f.getAsInt()"));
    assertEquals(
        "HI", apart("Function<String, String> up = String::toUpperCase;", "up.apply(\"hi\")"));
    assertEquals(
        "6",
        apart(
            "Function<Integer, Function<Integer, Integer>> add = a -> b -> a + b;",
            "var add4 = add.apply(4);",
            "add4.apply(2)"));
    assertEquals(
        "120",
        apart(
            "Function<Integer, Integer> fact = null;",
            "fact = n -> n < 2 ? 1 : n * fact.apply(n - 1);",
            "fact.apply(5)"));
    assertEquals(
        "[1, 22]",
        apart(
            "Supplier<List<Object>> mk = ArrayList::new;",
            "var made = mk.get(); made.add(1); made.add(22);",
            "made"));
    assertEquals(
        "[a, bb]",
        apart(
            "var cmp = Comparator.comparing(String::length); var ts = new TreeSet<String>(cmp); ts.add(\"bb\"); ts.add(\"a\");",
            "ts"));
  }

  @Test
  void aMethodsLambdaReadsTheSessionsNames() throws Exception {
    assertEquals(
        "10",
        apart(
            "int base = 3;",
            "int twice(int v) { return v * 2; }",
            "IntUnaryOperator op = v -> twice(v) + base;",
            "base = 4;",
            "op.applyAsInt(3)"));
  }

  @Test
  void classesOfEveryKindSurvive() throws Exception {
    assertEquals(
        "Circle[r=2.0] Square[s=3.0] 2",
        apart(
            "sealed interface Shape permits Circle, Square {} record Circle(double r) implements Shape {} record Square(double s) implements Shape {}",
            "List<Shape> shapes = List.of(new Circle(2), new Square(3));",
            "shapes.get(0) + \" \" + shapes.get(1) + \" \" + shapes.size()"));
    assertEquals(
        "RED true",
        apart(
            "enum Color { RED, GREEN { int x() { return 2; } }; int x() { return 1; } }",
            "var c = Color.RED; var g = Color.GREEN;",
            "c + \" \" + (g == Color.GREEN && g.x() == 2)"));
    assertEquals(
        "5",
        apart(
            "class Outer { int v = 5; class Inner { int get() { return v; } } Inner inner() { return new Inner(); } }",
            "var in = new Outer().inner();",
            "in.get()"));
    assertEquals(
        "7 run",
        apart(
            "int seen = 7; Supplier<String> anon = new Supplier<>() { String a = \"run\"; public String get() { return a; } };",
            "seen + \" \" + anon.get()"));
    assertEquals(
        "[1, 2] 9",
        apart(
            "class Bag extends ArrayList<Integer> { int extra = 9; }",
            "var bag = new Bag(); bag.add(1); bag.add(2);",
            "bag + \" \" + bag.extra"));
    assertEquals(
        "boom 3",
        apart(
            "class Oops extends RuntimeException { int code; Oops(String m, int c) { super(m); code = c; } }",
            "var oops = new Oops(\"boom\", 3);",
            "oops.getMessage() + \" \" + oops.code"));
    assertEquals(
        "[b, c]",
        apart(
            "class Lru<K, V> extends LinkedHashMap<K, V> { int max; Lru(int m) { super(16, 0.75f, true); max = m; } protected boolean removeEldestEntry(Map.Entry<K, V> e) { return size() > max; } }",
            "var lru = new Lru<String, Integer>(2); lru.put(\"a\", 1); lru.put(\"b\", 2);",
            "lru.put(\"c\", 3);",
            "lru.keySet()"));
  }

  @Test
  void staticsAreVariablesOfTheSession() throws Exception {
    assertEquals(
        "3 3",
        apart(
            "class Counter { static int n; static final List<Integer> all = new ArrayList<>(); int id = ++n; { all.add(id); } }",
            "new Counter();",
            "new Counter(); new Counter();",
            "Counter.n + \" \" + Counter.all.size()"));
  }

  @Test
  void aChainOfAMillionNodesOfTheUser() throws Exception {
    assertEquals(
        "1000000",
        apart(
            "class Node { Node next; int v; }",
            "Node head = null; for (int i = 0; i < 1_000_000; i++) { var n = new Node(); n.next = head; n.v = i; head = n; }",
            "int len = 0; for (Node at = head; at != null; at = at.next) len++; len"));
  }

  @Test
  void cyclesThroughUsersObjectsAndRecords() throws Exception {
    assertEquals(
        "true true",
        apart(
            "class Person { String name; Team team; } record Team(String name, List<Person> people) {}",
            "var t = new Team(\"t\", new ArrayList<>()); var p = new Person(); p.team = t; t.people().add(p);",
            "(t.people().get(0) == p) + \" \" + (p.team == t)"));
  }

  @Test
  void redefiningATypeCarriesItsObjectsOver() throws Exception {
    notebook.source("record Point(int x, int y) {}");
    notebook.source("var p = new Point(1, 2); List<Object> ps = new ArrayList<>(List.of(p));");
    notebook.source("record Point(int x, int y, int z) {}");
    assertTrue(
        notebook.last.notices().toString().contains("Point.z"), "" + notebook.last.notices());
    assertEquals("Point[x=1, y=2, z=0]", String.valueOf(notebook.source("p")));
    assertEquals("0", String.valueOf(notebook.source("p.z()")));
    assertEquals("true", String.valueOf(notebook.source("ps.get(0).equals(p)")));
    assertEquals("Point[x=1, y=2, z=0]", apart("p"));
  }

  @Test
  void aRedeclaredVariableHasItsNewType() throws Exception {
    assertEquals("text", apart("int x = 1;", "String x = \"text\";", "x"));
    notebook.source("x = \"other\";");
    notebook.source("double x = 2.5;");
    assertEquals(2.5, notebook.source("x"));
    assertEquals("2.5", apart("x"));
  }

  @Test
  void aliasesOfLargeListsAreFoundThoughTheListsAreNotWalked() throws Exception {
    notebook.source("record R(int v) {} var rs = new ArrayList<R>(); rs.add(new R(1));");
    notebook.source("rs.size()");
    notebook.source("var alias = rs;");
    assertEquals(notebook.entry("rs").valueKey(), notebook.entry("alias").valueKey());
    notebook.source("var first = rs.get(0);");
    assertTrue(!notebook.entry("rs").valueKey().equals(notebook.entry("first").valueKey()));
    assertEquals("[R[v=1], R[v=2]]", apart("alias.add(new R(2));", "rs"));
    notebook.source("rs.set(0, new R(5));");
    assertEquals("[R[v=5], R[v=2]]", apart("alias"));
    notebook.source("alias = null;");
    notebook.source("rs.size()");
    assertNull(notebook.last.commit());
    assertEquals("[R[v=5], R[v=2]]", apart("rs"));
  }

  @Test
  void objectsWithFinalFieldsKeepTheirIdentity() throws Exception {
    assertEquals(
        "true v",
        apart(
            "class Token { final String name; Token(String n) { name = n; } }",
            "var token = new Token(\"t\"); var byToken = new HashMap<Token, String>(Map.of(token, \"v\"));",
            "byToken.containsKey(token) + \" \" + byToken.get(token)"));
  }

  @Test
  void theSameCellAgainWritesNothing() throws Exception {
    notebook.source("int y = 3;");
    notebook.source("int y = 3;");
    assertNull(notebook.last.commit());
    notebook.source("int sq(int v) { return v * v; }");
    notebook.source("int sq(int v) { return v * v; }");
    assertNull(notebook.last.commit());
  }

  @Test
  void unstorablePartsOfUsersObjectsAreNamed() throws Exception {
    notebook.source("class Cache { Thread worker = new Thread(); String name = \"c\"; }");
    notebook.source("var cache = new Cache();");
    assertTrue(
        notebook.last.notices().getFirst().contains("cache.worker"),
        notebook.last.notices().getFirst());
    assertEquals("c", notebook.source("cache.name"));
    assertEquals(Entry.State.UNSTORABLE, notebook.entry("cache").state());
    assertThrows(UnreadableNameException.class, () -> apart("cache.name"));
    assertEquals("ok", apart("var cache = \"ok\";", "cache"));
  }

  @Test
  void aLoggerIsFoundByItsName() throws Exception {
    assertEquals(
        "of a type true",
        apart(
            "import java.util.logging.*; class Service { static final Logger LOG = Logger.getLogger(\"of a type\"); }",
            "var log = Logger.getLogger(\"of a type\");",
            "Service.LOG.getName() + \" \" + (Service.LOG == log)"));
    assertEquals(Entry.State.READY, notebook.entry("log").state());
  }

  @Test
  void aLoggerThatWasSetUpIsMoreThanItsName() throws Exception {
    notebook.source("var loud = java.util.logging.Logger.getLogger(\"loud\");");
    notebook.source("loud.setLevel(java.util.logging.Level.ALL); var louder = loud;");
    assertEquals(Entry.State.UNSTORABLE, notebook.entry("louder").state());
  }
}
