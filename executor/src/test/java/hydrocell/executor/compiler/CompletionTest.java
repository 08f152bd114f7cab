package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.message.CompileReply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;

/**
 * What is proposed where. A row is earlier cells, divided by {@code ---}, with the cell that is
 * being written as the last, and the proposals in their order: {@code …} at the end means that more
 * may follow, at the beginning that these come in this order among others; {@code !} before one
 * that it must not be there.
 */
class CompletionTest {
  private record Row(String what, String cells, String expected) {}

  private static Row row(String what, String cells, String expected) {
    return new Row(what, cells, expected);
  }

  private static final String SHAPES =
      """
      sealed interface Shape permits Circle, Square {}
      record Circle(double radius) implements Shape {}
      record Square(double side) implements Shape {}
      Shape shape = new Circle(1);
      ---
      """;

  private static final List<Row> ROWS =
      List.of(
          row("a member of a value", "\"a\".subst‸", "substring("),
          row("a member without parameters", "\"a\".isEm‸", "isEmpty()"),
          row("a member of a session's variable", "var xs = List.of(1);\n---\nxs.siz‸", "size()"),
          row("a member of a variable of this cell", "var t = \"a\"; t.toU‸", "toUpperCase("),
          row("what is called already", "\"a\".subst‸(1)", "substring"),
          row("any case, the typed one first", "\"a\".TOC‸", "toCharArray()"),
          row(
              "own members first, what every object has last",
              "record P(int x, int y) { int sum() { return x + y; } }\n---\nnew P(1, 2).‸",
              "sum(), x(), y(), equals(, getClass(), hashCode(), notify(), notifyAll(), toString(), wait("),
          row(
              "declared members before inherited ones",
              "class A { int low; int zero() { return 0; } }\nclass B extends A { int mid; }\n---\nnew B().‸",
              "mid, low, zero(), …"),
          row("a field of an array", "int[][] grid = {{1}}; grid[0].le‸", "length"),
          row("behind a call", "Optional.of(\"a\").map(x -> x.length()).isPr‸", "isPresent()"),
          row(
              "in the middle of a chain",
              "List.of(\"a\").stream().fil‸\n    .toList();\nint y = 3;",
              "filter("),
          row(
              "at the end of a line",
              "StringBuilder sb = new StringBuilder();\nsb.rev‸\nint y = 3;\nfoo(y);",
              "reverse()"),
          row("in open brackets", "System.out.println(Math.ab‸", "abs(, absExact("),
          row("in open brackets above more", "foo(Math.ab‸\nbar(3);", "abs(, absExact("),
          row(
              "of a generic type",
              "Map<String, List<Integer>> m = null;\n---\nm.get(\"a\").get(0).intV‸",
              "intValue()"),
          row(
              "of a type parameter",
              "class Node<T> { T value; }\nvar n = new Node<String>();\n---\nn.value.isB‸",
              "isBlank()"),
          row("static members", "Math.sig‸", "signum("),
          row("no instance members behind a type", "String.‸", "!length(), !length()"),
          row("no static members behind a value", "\"a\".‸", "!valueOf("),
          row("a class literal", "String.cl‸", "class"),
          row("nested types", "Map.Entr‸", "Entry, entry("),
          row("code points beyond the first plane", "var s = \"🙂\" + \"b\".len‸", "length()"),
          // Lambdas and method references.
          row("in a lambda", "List.of(\"a\").forEach(x -> x.isBl‸)", "isBlank()"),
          row(
              "in a lambda that returns",
              "List.of(\"a\").stream().map(x -> x.leng‸).toList()",
              "length()"),
          row(
              "in the block of a lambda",
              "List.of(\"a\").stream().map(x -> { int q = 1; x.isBl‸ }).toList()",
              "isBlank()"),
          row(
              "in a lambda within a lambda",
              "Map.of(1, List.of(\"a\")).forEach((k, v) -> v.forEach(s -> s.isBl‸",
              "isBlank()"),
          row(
              "in a lambda for a collector",
              "Stream.of(\"a\").collect(Collectors.toMap(k -> k.isBl‸, v -> v))",
              "isBlank()"),
          row(
              "in a lambda for an own interface",
              "interface Greeter { String greet(String who); }\n---\nGreeter g = who -> who.stri‸",
              "strip(), stripIndent(), stripLeading(), stripTrailing()"),
          row("parameters of a lambda", "List.of(\"a\").forEach(word -> wo‸", "word, …"),
          row("a method reference", "Function<String, Integer> f = String::le‸", "length"),
          row("a constructor reference", "Supplier<List<String>> s = ArrayList::ne‸", "new"),
          row("a bound method reference", "List.of(1).forEach(System.out::printl‸)", "println"),
          // Code that does not parse.
          row("in a method without an end", "int f(String s) {\n  s.isBl‸", "isBlank()"),
          row(
              "in a method whose inner block has no end",
              "int f(String s) {\n  if (s.isEmpty()) {\n    var t = s.toU‸\n  int y = 3;\n  return y;\n}\nf(\"a\")",
              "toUpperCase("),
          row(
              "in a class without an end",
              "class A { String name; void f() { name.isBl‸",
              "isBlank()"),
          row("behind another error", "int x = = 3;\nString s = \"a\";\ns.isBl‸", "isBlank()"),
          row(
              "a method sees the variables of its cell",
              "var words = List.of(\"a\");\nint f() { return words.si‸ }",
              "size()"),
          row("a parameter", "int f(String separator) { return sep‸ }", "separator"),
          row(
              "a field",
              "class Account { private double balance; void put(double amount) { bal‸ } }",
              "balance"),
          row(
              "no field where there is no instance",
              "class A { private double balance; static double f() { return bala‸ } }",
              ""),
          row(
              "a private member in its class",
              "class A { private int secret; boolean same(A other) { return other.sec‸ } }",
              "secret"),
          row(
              "no private member elsewhere",
              "class A { private int secret; int open; }\nnew A().‸",
              "open, …, !secret"),
          row(
              "a pattern's variable",
              "Object o = 1;\nif (o instanceof String text && te‸) { }",
              "text"),
          row(
              "a redefined type",
              "record P(int old) {}\nP p = new P(1);\n---\nrecord P(int fresh) {}\np.fre‸",
              "fresh()"),
          row(
              "overloads of an earlier cell",
              "String twice(String s) { return s + s; }\n---\nint twice(int n) { return 2 * n; }\ntwice(\"a\").isBl‸",
              "isBlank()"),
          // Names.
          row(
              "locals before the session's names",
              "int totalAll = 1;\n---\nint totalHere = 2; tot‸",
              "totalHere, totalAll"),
          row(
              "what is declared is no proposal",
              "int total = 1;\n---\nint totals = tota‸",
              "total"),
          row("a new name is not proposed", "String wor‸", ""),
          row("types of the session", "record Reading(int value) {}\n---\nList<Readi‸", "Reading"),
          row(
              "methods of the session",
              "int twice(int n) { return 2 * n; }\nint once() { return 1; }\n---\ntwi‸",
              "twice("),
          row(
              "a name of the session that takes nothing",
              "int once() { return 1; }\n---\nonc‸",
              "once()"),
          // Types and imports.
          row("types, the common ones first", "Strin‸", "String, StringBuffer, StringBuilder, …"),
          row(
              "types that are not imported",
              "AtomicIntegerA‸",
              "java.util.concurrent.atomic.AtomicIntegerArray"),
          row(
              "types that are",
              "import java.util.concurrent.atomic.*;\n---\nAtomicIntegerA‸",
              "AtomicIntegerArray"),
          row(
              "types that this cell imports",
              "import java.util.concurrent.atomic.AtomicIntegerArray;\nAtomicIntegerA‸",
              "AtomicIntegerArray"),
          row(
              "types of an imported module",
              "import module java.sql;\n---\nDriverMan‸",
              "DriverManager"),
          row(
              "what is made, subtypes of what is wanted first",
              "Deque<String> d = new Arr‸",
              "ArrayDeque<>(, …"),
          row("only what can be made", "new Collections‸", ""),
          row("what is made inside angle brackets", "List<Str‸> x = null;", "String, …"),
          row("a constructor that has its arguments", "new ArrayLis‸<>()", "ArrayList"),
          row("an interface is implemented", "new Runnab‸", "Runnable() {, …"),
          row("types behind a package", "java.util.concurrent.Countd‸", "CountDownLatch"),
          row("packages", "java.util.concur‸", "concurrent, ConcurrentModificationException"),
          row("parameters of a method without a body", "int f(Strin‸", "String, …"),
          row("components of a record", "record P(Strin‸", "String, …"),
          row("a superclass", "class A extends Threa‸", "Thread, …"),
          row("what is thrown", "throw new IllegalStateE‸", "IllegalStateException("),
          row(
              "exceptions first where one is caught",
              "try { } catch (IO‸",
              "IOError, IOException, IO"),
          row("exceptions of a method", "void f() throws IOExc‸", "IOException"),
          row(
              "annotations",
              "class A { @Overr‸\n  public String toString() { return \"\"; } }",
              "Override"),
          row("no other types as annotations", "@Strin‸", ""),
          row("imports: packages", "import java.ut‸", "util"),
          row("imports: types", "import java.util.concurrent.Countd‸", "CountDownLatch"),
          row("imports: nested types", "import java.util.Map.En‸", "Entry"),
          row("imports: static members", "import static java.lang.Math.absE‸", "absExact"),
          row("imports: modules", "import module java.sq‸", "sql, sql.rowset"),
          row("imports: words", "import stat‸", "static "),
          // What is wanted.
          row("an assignment", "String name = \"n\"; int size = 1;\n---\nint copy = ‸", "size, …"),
          row(
              "an argument",
              "int twice(int n) { return 2 * n; }\nString name = \"n\"; int size = 1;\n---\ntwice(‸)",
              "size, twice(, …"),
          row(
              "a second argument",
              "Map<String, Integer> ages = null; int age = 1; String name = \"n\";\n---\nages.put(\"a\", ‸",
              "age, …"),
          row(
              "what is returned",
              "String text; int size;\n---\nint f() { return ‸ }",
              "f(), size, text, …"),
          row("a condition", "int n = 1; boolean ok = true;\n---\nif (‸) { }", "ok, …"),
          row("members of the wanted type first", "int n = \"a\".‸", "charAt(, codePointAt(, …"),
          row(
              "constants of a wanted enumeration",
              "enum Color { RED, GREEN }\n---\nColor c = ‸",
              "Color.RED, Color.GREEN, …"),
          row(
              "constants by their own name",
              "enum Color { RED, GREEN }\n---\nColor c = GRE‸",
              "Color.GREEN, …"),
          row(
              "constants in a switch that are not there yet",
              "enum Color { RED, GREEN, BLUE }\nColor c = Color.RED;\n---\nswitch (c) {\n  case RED -> 1;\n  case ‸\n}",
              "GREEN, BLUE"),
          row(
              "subtypes of a sealed type in a switch",
              SHAPES + "double area = switch (shape) { case ‸ };",
              "Circle, Square"),
          row(
              "members in a switch",
              SHAPES + "double area = switch (shape) { case Circle c -> c.ra‸",
              "radius()"),
          // Keywords.
          row(
              "a keyword where a statement begins",
              "int f(int n) {\n  if (n > 1) {\n    retu‸",
              "return"),
          row("a keyword in a class", "class A { prot‸ }", "protected, …"),
          row("no statement in a class", "class A { retu‸ }", ""),
          row("a keyword behind a value", "Object o = 1;\no instan‸", "instanceof"),
          row("a keyword behind a type", "class A exten‸", "extends"),
          // Where nothing is to be proposed.
          row("in a string", "\"in a str‸ing\"", ""),
          row("in a text block", "\"\"\"\n  Str‸", ""),
          row("in a comment", "// Str‸", ""),
          row("in a comment of many lines", "/* Str‸ */ int x;", ""),
          row("in a number", "int x = 12‸", ""));

  private static TypingSession session;

  @BeforeAll
  static void start() throws Exception {
    session = new TypingSession();
  }

  @AfterAll
  static void stop() throws Exception {
    session.close();
  }

  @TestFactory
  Stream<DynamicTest> proposals() {
    return ROWS.stream()
        .map(row -> DynamicTest.dynamicTest(row.what + ": " + row.cells, () -> check(row)));
  }

  private static void check(Row row) throws Exception {
    session.beginAnew();
    List<String> cells = List.of(row.cells.split("\n---\n"));
    for (String cell : cells.subList(0, cells.size() - 1)) {
      session.cell(cell);
    }
    compare(row.expected, session.proposals(cells.getLast()));
  }

  @Test
  void classesOfALibraryAreProposed() throws Exception {
    session.beginAnew();
    session.add(
        Path.of(LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI()));

    compare("org.slf4j.LoggerFactory, …", session.proposals("LoggerFact‸"));
    compare("LoggerFactory, …", session.proposals("import org.slf4j.LoggerFact‸"));
    compare("getLogger(", session.proposals("org.slf4j.LoggerFactory.getLog‸"));
    compare("slf4j", session.proposals("import org.slf‸"));
  }

  @Test
  void proposalsSayWhatTheyAre() throws Exception {
    session.beginAnew();
    CompileReply.Completions found = session.complete("int count = 1;\nvar s = \"a\".repe‸");

    assertEquals(
        List.of(new CompileReply.Completion("repeat(", "method", "(int count) String")),
        found.proposals());
    assertEquals("int count = 1;\nvar s = \"a\".".length(), found.start());
    assertEquals(found.start() + "repe".length(), found.end());
  }

  private static void compare(String expected, List<String> found) {
    List<String> wanted = new ArrayList<>();
    for (String each : expected.isEmpty() ? new String[0] : expected.split(", ")) {
      if (each.startsWith("!")) {
        assertFalse(found.contains(each.substring(1)), () -> each + " in " + found);
      } else {
        wanted.add(each);
      }
    }
    if (wanted.isEmpty() && expected.contains("!")) {
      return;
    }
    if (!wanted.isEmpty() && wanted.getLast().equals("…")) {
      wanted.removeLast();
      assertTrue(found.size() >= wanted.size(), () -> wanted + " are not in " + found);
      assertEquals(wanted, found.subList(0, wanted.size()), () -> "of " + found);
    } else if (!wanted.isEmpty() && wanted.getFirst().equals("…")) {
      wanted.removeFirst();
      assertEquals(wanted, found.stream().filter(wanted::contains).toList(), () -> "of " + found);
    } else {
      assertEquals(wanted, found);
    }
  }
}
