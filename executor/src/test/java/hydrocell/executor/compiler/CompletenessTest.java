package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hydrocell.cell.message.CompileReply;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which cells are complete, and how the next line of the others begins. */
class CompletenessTest {
  private record Row(String source, String status, String indent) {}

  private static Row complete(String source) {
    return new Row(source, "complete", "");
  }

  private static Row invalid(String source) {
    return new Row(source, "invalid", "");
  }

  private static Row open(String source, String indent) {
    return new Row(source, "incomplete", indent);
  }

  private static final List<Row> ROWS =
      List.of(
          complete(""),
          complete("1 + 1"),
          complete("int x = 3"),
          complete("int x = 3;"),
          complete("int x = 3; // three"),
          complete("// only a comment"),
          complete("x++"),
          complete("A < B ? 1 : 2"),
          complete("a < b"),
          complete("void f() { }"),
          complete("class A { }"),
          complete("record P(int x) { }"),
          complete("if (x) { y(); }"),
          complete("if (x) y();"),
          complete("for (int i = 0; i < 3; i++) { }"),
          complete("do { } while (x)"),
          complete("import java.util.*;"),
          complete("List<String> xs = new ArrayList<>();"),
          complete("String s = \"\"\"\n  text\n  \"\"\";"),
          complete("int[] a = {1, 2}"),
          open("int f() {", "    "),
          open("class A {\n  void f() {", "    "),
          open("class A {\n\tvoid f() {", "\t\t"),
          open("class A {\n  int x;", "  "),
          open("foo(1,", "    "),
          open("foo(1, // one", "    "),
          open("int[] a = {1,", "    "),
          open("int x =", "    "),
          open("int x = 1 +", "    "),
          open("names.stream().", "    "),
          open("names.stream()\n    .map(x ->", "        "),
          open("Function<String, Integer> f = s ->", "    "),
          open("if (x)", "    "),
          open("if (x) y(); else", "    "),
          open("for (var x : xs)", "    "),
          open("while (x)", "    "),
          open("do { }", "    "),
          open("try { }", "    "),
          open("@Override", ""),
          open("@SuppressWarnings(\"x\")", ""),
          open("class A", "    "),
          open("class A extends", "    "),
          open("record P(int x)", "    "),
          open("int f()", "    "),
          open("new", "    "),
          open("List<String", "    "),
          open("Map<String, List<Integer", "    "),
          open("switch (x) {", "    "),
          open("String s = \"\"\"", "    "),
          open("String s = \"\"\"\n  text", "  "),
          open("/** A comment", " * "),
          open("/**\n * A comment", " * "),
          open("import java.util.", "    "),
          invalid("String s = \"open"),
          invalid("char c = 'a"),
          invalid("foo)"),
          invalid("foo(]"),
          invalid("}"),
          invalid("int int x;"),
          invalid("int x = = 3;"));

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
  Stream<DynamicTest> cells() {
    return ROWS.stream()
        .map(row ->
            DynamicTest.dynamicTest(
                row.status + ": " + row.source,
                () -> {
                  CompileReply.Completeness found = session.completeness(row.source);
                  assertEquals(row.status, found.status());
                  assertEquals(row.indent, found.indent());
                }));
  }
}
