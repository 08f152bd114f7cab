package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.api.CellStop;
import hydrocell.cell.Diagnostic;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.message.CompileReply;
import java.io.IOException;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CellCompilerTest {
  private final TestSession session = new TestSession();

  /** Cells divided by {@code ---}, then what the last one gives. */
  private record Example(String cells, Object value) {}

  private static final List<Example> EXAMPLES =
      List.of(
          new Example("1+1", 2),
          new Example("1+1;;", null),
          new Example("1 + 1; 2 + 2;", null),
          new Example("int x = 3; x; x + 1; \"text\"; x", 3),
          new Example("", null),
          new Example("// only a comment", null),
          new Example("if (false) { while (true); }", null),
          new Example("boolean never; if (never) throw new Exception()", null),
          new Example("int x = 3", null),
          new Example("int x = 3;\nx", 3),
          new Example("int x = 3; x * 2 // twice", 6),
          new Example("int x = 3\n---\nx = 5", 5),
          new Example("int x = 3\n---\nx++", 3),
          new Example("int x = 3\n---\nx++;\nx", 4),
          new Example("int x;\nx", 0),
          new Example("boolean b; b", false),
          new Example("String s; s", null),
          new Example("int a = 1, b = a + 1, c; a + b + c", 3),
          new Example("int[] a = {1, 2, 3}; a.length", 3),
          new Example("int a[] = {1, 2}; a[1]", 2),
          new Example("int[][] m = {{1}, {2, 3}}; m[1][1]", 3),
          new Example("byte b = 5; b", (byte) 5),
          new Example("long l = 5; float f = 1; l + f", 6f),
          new Example("final int k = 2; k", 2),
          new Example("var x = List.of(1, 2); x.get(1)", 2),
          new Example("var x = 5\n---\nx + 1", 6),
          new Example(
              "var a = new Object() { int n = 4; public String toString() { return \"a\" + n; } }; a.toString()",
              "a4"),
          new Example(
              "int k = 2;\nvar a = new Object() { int n = k; int twice() { return 2 * n; } };\n---\na.n = 5; a.twice()",
              10),
          new Example(
              "var c = new Comparator<String>() {\n  int calls;\n  public int compare(String a, String b) { calls++; return a.compareTo(b); }\n}; c.compare(\"a\", \"b\");\n---\nList.of(\"b\", \"a\").stream().sorted(c).toList().getFirst() + (c.calls > 1)",
              "atrue"),
          new Example(
              "var m = new HashMap<String, List<Integer>>(); m.put(\"a\", List.of(1));\n---\nm.get(\"a\").get(0)",
              1),
          new Example("\"text\"", "text"),
          new Example("\"\"\"\n  a\n  b\"\"\"", "a\nb"),
          new Example("int f(int n) { return n < 2 ? 1 : n * f(n - 1); }\n---\nf(5)", 120),
          new Example(
              "int f(int n) { return n; }\nint f(String s) { return s.length(); }\n---\nf(\"abc\") + f(1)",
              4),
          new Example(
              "int f(int n) { return 1; }\n---\nint f(String s) { return 2; }\n---\nf(0) * 10 + f(\"\")",
              12),
          new Example("int f(int n) { return 1; }\n---\nint f(int m) { return 2; }\n---\nf(0)", 2),
          new Example("int f() { return g() + 1; }\n---\nint g() { return 1; }\n---\nf()", 2),
          new Example("int f() { return g(); } int g() { return 7; } f()", 7),
          new Example("<T> T id(T t) { return t; }\nid(\"x\")", "x"),
          new Example("static public int f() { return 3; }\nf()", 3),
          new Example(
              "void f() throws Exception { throw new Exception(\"x\"); }\nString r = \"none\";\ntry { f(); } catch (Exception e) { r = e.getMessage(); }\nr",
              "x"),
          new Example("record Point(int x, int y) {}\nnew Point(1, 2).y()", 2),
          new Example(
              "record Point(int x, int y) {}\n---\nvar p = new Point(3, 4);\n---\np.getClass().getSimpleName() + p",
              "PointPoint[x=3, y=4]"),
          new Example(
              "class A { int n = 1; int twice() { return 2 * n; } }\n---\nA a = new A(); a.n = 4;\n---\na.twice()",
              8),
          new Example("class A { A(int n) { this.n = n; } int n; }\nnew A(5).n", 5),
          new Example(
              "class A { private int n = 3; static class B { int m = 4; } int get() { return n; } }\nnew A().get() + new A.B().m",
              7),
          new Example(
              "interface Shape { double area(); }\nrecord Square(double a) implements Shape { public double area() { return a * a; } }\nShape s = new Square(3); s.area()",
              9.0),
          new Example(
              "sealed interface S permits P, Q {}\nrecord P(int n) implements S {}\nrecord Q(String t) implements S {}\n---\nS s = new P(4);\nswitch (s) { case P(int n) -> n; case Q(String t) -> t.length(); }",
              4),
          new Example(
              "sealed interface S {}\nrecord P(int n) implements S {}\nfinal class Q implements Comparable<Q>, S { public int compareTo(Q q) { return 0; } }\n---\nS s = new P(4);\nswitch (s) { case P(int n) -> n; case Q q -> 0; }",
              4),
          new Example(
              "sealed interface S { record In(int n) implements S {} }\nrecord Out(int n) implements S {}\n---\nrecord Out(int n, int m) implements S {}\n---\nS s = new Out(4, 5);\nswitch (s) { case S.In(int n) -> n; case Out(int n, int m) -> m; }",
              5),
          new Example(
              "package org.example.shop;\npublic class Basket { public static int count() { return 3; } }\n---\nimport org.example.shop.Basket;\nimport org.example.shop.*;\nBasket.count() + org.example.shop.Basket.count()",
              6),
          new Example(
              "enum Colour { RED, GREEN; Colour next() { return values()[(ordinal() + 1) % values().length]; } }\n---\nColour.RED.next()\n---\nColour.valueOf(\"RED\").next().name()",
              "GREEN"),
          new Example(
              "enum E { A, B }\nE e = E.B;\nString r = switch (e) { case A -> \"a\"; case B -> \"b\"; };\nr",
              "b"),
          new Example(
              "abstract class X { abstract int v(); }\nclass Y extends X { int v() { return 6; } }\nnew Y().v()",
              6),
          new Example(
              "class Node<T> { T value; Node<T> next; Node(T v, Node<T> n) { value = v; next = n; } }\nnew Node<>(1, new Node<>(2, null)).next.value",
              2),
          new Example(
              "class A { B b; } class B { A a; int n = 8; }\nA a = new A(); a.b = new B(); a.b.n",
              8),
          new Example(
              "class Count { static int n = 5; static int next() { return ++n; } }\n---\nCount.next();\n---\nCount.next()",
              7),
          new Example(
              "class Hello { public static void main(String[] a) { ran = true; } static boolean ran; }\nHello.main(null);\nHello.ran",
              true),
          new Example(
              "@FunctionalInterface interface F { int apply(int x); }\nF f = x -> x + 1; f.apply(2)",
              3),
          new Example("Runnable r = () -> n++; int n = 1; r.run(); n", 2),
          new Example("int n = 1;\nSupplier<Integer> s = () -> n;\n---\nn = 9;\n---\ns.get()", 9),
          new Example(
              "Function<Integer, Function<Integer, Integer>> add = a -> b -> a + b; add.apply(1).apply(2)",
              3),
          new Example("Stream.of(1, 2, 3).map(i -> i * i).mapToInt(i -> i).sum()", 14),
          new Example(
              "List.of(3, 1, 2).stream().sorted(Comparator.reverseOrder()).toList().toString()",
              "[3, 2, 1]"),
          new Example("int sum = 0;\nfor (int i = 0; i < 4; i++) { sum += i; }\nsum", 6),
          new Example(
              "int c = 0;\nouter:\nfor (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) { if (j == 1) continue outer; c++; }\nc",
              3),
          new Example("int i = 0; while (true) { if (i++ > 4) break; }\ni", 6),
          new Example("int i = 0; do { i++; } while (i < 3);\ni", 3),
          new Example("if (1 > 2) { } else { }", null),
          new Example("int x = 2; switch (x) { case 1 -> \"a\"; default -> \"b\"; }", "b"),
          new Example("Object o = 5; o instanceof Integer n && n > 3", true),
          new Example(
              "Object o = \"s\"; String r = switch (o) { case Integer n when n > 3 -> \"big\"; case String t -> t; default -> \"?\"; }; r",
              "s"),
          new Example("import java.awt.Point;\nnew Point(1, 2).x", 1),
          new Example("import java.awt.Point\n---\nnew Point(1, 2).x", 1),
          new Example("import static java.lang.Math.*;\nmax(1, 2)", 2),
          new Example("new BigDecimal(\"1.5\").scale()", 1),
          new Example("LocalDate.of(2026, 1, 31).plusMonths(1).getDayOfMonth()", 28),
          new Example("Files.exists(Path.of(\"/\"))", true),
          new Example("int x = 3\n---\nString x = \"s\"\n---\nx.length()", 1),
          new Example("int x = 3\n---\nint f() { return x; }\n---\ndouble y = f()\n---\ny", 3.0),
          new Example(
              "int f() { return 1; }\nint g() { return f(); }\n---\nint f() { return 5; }\n---\ng()",
              5),
          new Example(
              "class A { int v() { return 1; } }\nint g() { return new A().v(); }\n---\nclass A { int v() { return 4; } }\n---\ng()",
              4),
          new Example("void nothing() { }\n---\nnothing()", null),
          new Example("System.setProperty(\"hydrocell.x\", \"1\");", null),
          new Example("int x = 1; { int y = 2; x += y; } x", 3),
          new Example(
              "int twice(int i) { return 2 * i; }\nIntStream.range(0, 3).map(i -> twice(i)).sum()",
              6),
          new Example("class T { class In { int v = 3; } }\nnew T().new In().v", 3),
          new Example(
              "record R(int a) { R { if (a < 0) throw new IllegalArgumentException(\"neg\"); } static R of(int a) { return new R(a); } }\nR.of(3).a()",
              3),
          new Example("int a = 1; int b = 2; a < b", true),
          new Example("(Integer) 5", 5),
          new Example("new int[] {1, 2}.length", 2),
          new Example("new ArrayList<String>() {{ add(\"q\"); }}.get(0)", "q"),
          new Example("char c = 'a'; c += 1; c", 'b'),
          new Example("int \\u0061b = 4; ab", 4),
          new Example("String größe = \"ü\"; größe", "ü"),
          new Example(
              "Thread t = new Thread(() -> { done = true; }); boolean done; t.start(); t.join(); done",
              true),
          new Example("throwing();\nvoid throwing() throws IOException { }", null),
          new Example("Object x = null; x", null),
          new Example("int x = 5; int y = x > 3 ? 1 : 2; y", 1),
          new Example("assert 1 < 2 : \"no\"; 3", 3),
          new Example("synchronized (this_lock()) { }\nObject this_lock() { return \"\"; }", null),
          new Example("List<? extends Number> l = List.of(1, 2.0); l.get(1)", 2.0),
          new Example("var l = List.of(1, \"a\"); l.size()", 2),
          new Example(
              "Map<String, Integer> m = new TreeMap<>(Map.of(\"a\", 1)); for (var e : m.entrySet()) { total += e.getValue(); } int total; total",
              0));

  @TestFactory
  Stream<DynamicTest> cellsGiveWhatTheyShould() {
    return EXAMPLES.stream()
        .map(example ->
            DynamicTest.dynamicTest(
                "cell " + example.cells().replace('\n', ' '),
                () -> {
                  TestSession fresh = new TestSession();
                  Object value = null;
                  for (String cell : example.cells().split("\n---\n")) {
                    value = fresh.run(cell);
                  }
                  assertEquals(example.value(), value);
                }));
  }

  @Test
  void theSameCellAgainMakesTheSameClassesAndDefinesNothing() throws Throwable {
    session.run("record P(int a) {}\nint x = 1;\nint f() { return x; }");
    var first = session.last;
    session.run("record P(int a) {}\nint x = 1;\nint f() { return x; }");

    assertEquals(first.entryClass(), session.last.entryClass());
    assertEquals(List.of(), session.last.defines());
    assertEquals(Set.of(Name.variable("x")), session.last.writes());
  }

  @Test
  void twoSessionsGiveTheSameNames() throws Throwable {
    TestSession other = new TestSession();
    session.run("class A { int n; }\nA a = new A();");
    other.run("class A { int n; }\nA a = new A();");

    assertEquals(session.last.hash(), other.last.hash());
    assertEquals(session.symbols, other.symbols);
  }

  @Test
  void readsAndWritesComeFromTheBytecode() throws Throwable {
    session.run("int a = 1, b = 2, c = 3; int viaF = 4; int f() { return viaF; }");
    session.run("a = b + f();");

    assertEquals(Set.of(Name.variable("a")), session.last.writes());
    assertEquals(Set.of(Name.variable("b")), session.last.reads());
    assertTrue(session.last.refs().contains(Name.method("f")));
    assertEquals(Set.of(Name.variable("viaF")), session.symbol(Kind.METHOD, "f").reads());
  }

  @Test
  void anotherTypeOfAVariableRecompilesItsDependents() throws Throwable {
    session.run("int x = 3;\nint f() { return (int) x; }");
    String before = session.symbol(Kind.METHOD, "f").className();
    session.run("double x = 4.5;");

    assertNotEquals(before, session.symbol(Kind.METHOD, "f").className());
    assertEquals(4, session.run("f()"));
  }

  @Test
  void aDependentThatNoLongerCompilesSaysWhichNameBrokeIt() throws Throwable {
    session.run("int x = 3;\nint f() { return x * 2; }");
    session.run("String x = \"s\";");

    assertTrue(session.last.notes().getFirst().startsWith("f is defined but cannot be used"));
    List<Diagnostic> errors = session.errors("f()");
    assertTrue(errors.getFirst().message().contains("cannot be used"), errors.toString());
    session.run("int x = 5;");
    assertEquals(10, session.run("f()"));
  }

  @Test
  void aForwardReferenceIsUsableOnceItIsMet() throws Throwable {
    session.run("int f() { return later() + 1; }");

    assertTrue(session.last.notes().getFirst().contains("later is not defined"));
    assertTrue(session.errors("f()").getFirst().message().contains("later is not defined"));
    session.run("int later() { return 1; }");
    assertEquals(2, session.run("f()"));
  }

  /** The one error of a cell: where it stands, and the last line, which helps. */
  private void assertHint(String cell, int line, int column, String hint) throws Exception {
    List<Diagnostic> errors = session.errors(cell);
    assertEquals(1, errors.size(), errors.toString());
    Diagnostic error = errors.getFirst();
    assertEquals(hint, error.message().lines().toList().getLast());
    assertEquals(line + ":" + column, error.line() + ":" + error.column());
  }

  @Test
  void anUnknownNameComesWithWhatItMayMean() throws Exception {
    assertHint("int a;\nSting s = null;", 2, 1, "did you mean `String`?");
    assertHint("List<Qwertzuiop> all;", 1, 6, "     ^~~~~~~~~~");
    assertHint("Connection c;", 1, 1, "add `import java.sql.Connection;`");
    assertHint("int total = 1;\ntotl + 1", 2, 1, "did you mean `total`?");
    assertHint("\"abc\".lenght()", 1, 1, "did you mean `length`?");
    assertHint("import java.util.Lisst;", 1, 1, "did you mean `List`?");
    assertHint(
        "import com.google.gson.Gson;",
        1,
        1,
        "add its library with `%maven com.google.code.gson:gson`");
  }

  @Test
  void membersThatAreNotThereComeWithWhatWasMeant() throws Throwable {
    session.run("record Point(int across, int down) {}\nPoint p = new Point(1, 2);");
    assertHint("p.acros()", 1, 1, "did you mean `across`?");
    assertHint("System.out.printn(1);", 1, 1, "did you mean `print`?");
    assertHint(
        "class B { int number; void f() { this.nummer = 3; } }", 1, 34, "did you mean `number`?");
    assertHint("int f() { return \"abc\".lenght(); }", 1, 18, "did you mean `length`?");
  }

  @Test
  void wordsOfOtherLanguagesAndCommonMistakesComeWithAdvice() throws Exception {
    assertHint("bool b;", 1, 1, "in Java it is `boolean`");
    assertHint("println(1);", 1, 1, "in Java it is `IO.println(…)`");
    assertHint("int n = \"5\";", 1, 9, "`Integer.parseInt(…)` reads a number from text");
    assertHint("int n = 1.5;", 1, 9, "cast it if that is meant: `(int) (…)`");
    assertHint("import java.utl.List;", 1, 1, "did you mean `java.util`?");
    assertHint(
        "void f() { Thread.sleep(1); }",
        1,
        12,
        "catch it, or let the method say `throws InterruptedException`");
    assertHint(
        "Object o = 1; switch (o) { case int i -> {} default -> {} }",
        1,
        33,
        "`%config preview=true` lets cells use preview features");
    assertHint(
        "com.google.gson.Gson g;", 1, 1, "add its library with `%maven com.google.code.gson:gson`");
    assertHint(
        "ObjectMapper m;",
        1,
        1,
        "it may be of a library: add `%maven com.fasterxml.jackson.core:jackson-databind` and import it");
  }

  @Test
  void severalErrorsAreToldAtOnce() throws Exception {
    List<Diagnostic> errors =
        session.errors("Strin s;\nint n = true;\nclass A { int f() { return \"\"; } }\nfoo();");
    assertEquals(
        List.of(1, 2, 3, 4), errors.stream().map(Diagnostic::line).toList(), errors.toString());
  }

  @Test
  void aMistakeInAClassIsToldWhereTheCellUsesIt() throws Throwable {
    assertHint("class A {\n  Sting s;\n}\nnew A()", 2, 3, "did you mean `String`?");
    session.run("class B {\n  Sting s;\n}");
    assertEquals(
        List.of("B is defined but cannot be used: Sting is not defined (did you mean `String`?)"),
        session.last.notes());
  }

  @Test
  void anErrorInAnAnonymousClassStandsAtItsPlace() throws Exception {
    List<Diagnostic> errors = session.errors("var a = new Object() {\n  int n = \"s\";\n};");
    assertEquals(1, errors.size(), errors.toString());
    assertEquals("2:11", errors.getFirst().line() + ":" + errors.getFirst().column());
  }

  @Test
  void errorsStandAtTheirPlaceInTheCell() throws Exception {
    List<Diagnostic> errors = session.errors("int a = 1;\n  int b = \"s\";\nfoo(a);");

    assertEquals(2, errors.size(), errors.toString());
    assertEquals(2, errors.get(0).line());
    assertEquals(11, errors.get(0).column());
    assertTrue(
        errors.get(0).message().contains("\n  int b = \"s\";\n          ^~~\n"),
        errors.get(0).message());
    assertEquals(3, errors.get(1).line());
    assertEquals(1, errors.get(1).column());
    assertTrue(errors.get(1).message().contains("foo"));
  }

  @Test
  void errorsInMethodsAndTypesStandAtTheirPlaceToo() throws Exception {
    List<Diagnostic> errors =
        session.errors("class A {\n  int f() { return \"s\"; }\n}\nint g() {\n  return true;\n}");

    assertEquals(List.of(2, 5), errors.stream().map(Diagnostic::line).toList(), errors.toString());
    assertEquals(List.of(20, 10), errors.stream().map(Diagnostic::column).toList());
  }

  @Test
  void syntaxErrorsStandAtTheirPlace() throws Exception {
    Diagnostic error = session.errors("int a = 1;\nint b = (2;\n").getFirst();

    assertEquals(2, error.line());
    assertTrue(error.message().contains("')'"), error.message());
  }

  @Test
  void messagesNeverShowGeneratedNames() throws Throwable {
    session.run("class A { }\nA a = new A();");
    String message = session.errors("String s = a; a.foo(); Integer n = new A();").toString();

    assertFalse(message.matches("(?s).*\\$[0-9a-f]{12}.*"), message);
    assertTrue(message.contains("A cannot be converted to String"), message);
  }

  @Test
  void nothingOfACellThatDoesNotCompileIsKept() throws Throwable {
    session.errors("int good = 1; int bad = \"s\";");

    assertNull(session.symbol(Kind.VARIABLE, "good"));
  }

  @Test
  void handlersLetAnInterruptPass() {
    String cell =
        """
        import hydrocell.api.*;
        int caught = 0;
        try { throw new CellStop(); } catch (Throwable t) { caught++; }
        """;
    assertThrows(CellStop.class, () -> session.run(cell));
  }

  @Test
  void handlersStillCatchEverythingElse() throws Throwable {
    assertEquals(
        "no",
        session.run(
            "String r;\ntry { throw new Error(\"no\"); } catch (Throwable t) { r = t.getMessage(); }\nr"));
  }

  @Test
  void lambdasAreSerializable() throws Throwable {
    Object lambda = session.run("int k = 3; Function<Integer, Integer> f = x -> x + k; f");
    Method replace = lambda.getClass().getDeclaredMethod("writeReplace");
    replace.setAccessible(true);

    SerializedLambda form = (SerializedLambda) replace.invoke(lambda);
    assertTrue(form.getImplMethodName().startsWith("lambda$"), form.toString());
  }

  @Test
  void exitAndHaltGoToTheExecutor() throws Throwable {
    TestSession.EXITS.clear();
    session.run("System.exit(3); Runtime.getRuntime().halt(4);");

    assertEquals(List.of(3, 4), TestSession.EXITS);
  }

  @Test
  void staticInitialisersRunOnceAtTheDefinition() throws Throwable {
    session.run(
        "class C { static final List<Integer> l = new ArrayList<>(List.of(1)); static { l.add(2); } static final int K = 5; }");
    assertEquals(List.of(Name.type("C")), session.last.initialises());
    assertEquals(List.of(1, 2), session.run("C.l"));
    assertEquals(Set.of(Name.statics("C")), session.last.reads());

    session.run(
        "class C { static final List<Integer> l = new ArrayList<>(List.of(1)); static { l.add(2); } static final int K = 5; }");
    assertEquals(List.of(), session.last.initialises());
  }

  @Test
  void aCellMayNeverEnd() throws Exception {
    for (String cell :
        List.of(
            "while (true);",
            "while (true) { }",
            "int n = 0; while (true) n++;",
            "throw new Exception();",
            "throw new Exception()")) {
      assertInstanceOf(CompileReply.Compiled.class, session.compile(cell), cell);
    }
  }

  @Test
  void hydrocellsOwnClassesAreNotVisible() throws Exception {
    assertTrue(
        session.errors("hydrocell.cell.Name n = null;").getFirst().message().contains("hydrocell"));
  }

  @TestFactory
  Stream<DynamicTest> hostileSourcesGetAnAnswer() {
    return Stream.of(
            "1" + "+1".repeat(3_000),
            "(".repeat(500) + "1" + ")".repeat(500),
            "/* not closed",
            "\"not closed",
            "\"\"\"\nnot closed",
            "}}}}",
            "{{{{",
            "\u0000\u0001",
            "class",
            "import",
            "int int int",
            "@",
            "a b c d",
            "x".repeat(100_000))
        .map(source ->
            DynamicTest.dynamicTest(
                source.substring(0, Math.min(12, source.length())),
                () -> {
                  var reply = new java.util.concurrent.FutureTask<>(() -> session.compile(source));
                  new Thread(null, reply, "deep", 256L << 20).start();
                  assertInstanceOf(
                      CompileReply.class, reply.get(30, java.util.concurrent.TimeUnit.SECONDS));
                }));
  }

  @Test
  void declaredExceptionsOfTheCompilerAreNotNeeded() throws IOException {
    assertInstanceOf(
        CompileReply.Compiled.class,
        session.compiler.compile(
            new hydrocell.cell.message.CompileRequest.Compile(
                7,
                "cell [1]",
                "Files.readString(Path.of(\"/none\"));",
                new hydrocell.cell.message.CompileRequest.Context(List.of(), List.of(), false))));
  }

  @Test
  void aTypeMayUseTheNameOfAVariableThatTheCellDeclaresOfIt() throws Throwable {
    assertEquals(
        3,
        session.run(
            "class P { int x = 3; int getX() { return x; } }\n"
                + "var p = new P();\nvar x = p.getX();\nx"));
  }
}
