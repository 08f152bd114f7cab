package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.CompileReply;
import hydrocell.executor.javadoc.Archive;
import hydrocell.executor.javadoc.Library;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * What is shown of the name at a cursor. A row is earlier cells, divided by {@code ---}, the cell
 * with the cursor, and lines that the plain text must have in this order. The JDK's sources are a
 * few of our own, so that the test needs no {@code src.zip}.
 */
class InspectionTest {
  private static final String LIST =
      """
      package java.util;

      /** An ordered collection. */
      public interface List<E> extends Collection<E> {
        /**
         * Appends an element.
         *
         * @param item what is appended
         */
        boolean add(E item);

        /** Inserts an element. */
        void add(int index, E element);

        static <E> List<E> of(E first) { return null; }
      }
      """;
  private static final String ARRAY_LIST =
      """
      package java.util;

      public class ArrayList<E> {
        /** An empty list. */
        public ArrayList() {}

        /** A list with room. */
        public ArrayList(int initialCapacity) {}

        public boolean add(E e) { return true; }

        /** {@inheritDoc} In this list quickly. */
        public void add(int index, E element) {}
      }
      """;
  private static final String MATH =
      """
      package java.lang;

      public final class Math {
        /** The greater of two whole numbers. */
        public static int max(int a, int b) { return a >= b ? a : b; }

        /** The greater of two real numbers. */
        public static double max(double a, double b) { return a; }
      }
      """;

  private record Row(String what, String cells, List<String> lines) {}

  private static Row row(String what, String cells, String... lines) {
    return new Row(what, cells, List.of(lines));
  }

  private static final String TWICE =
      """
      /**
       * Twice a number.
       *
       * @param n the number
       */
      int twice(int n) {
        return 2 * n;
      }
      ---
      """;

  private static final String PLACE =
      """
      /** A place on a map. */
      record Place(String name, double height) {
        /** How high, in feet. */
        double feet() { return height / 0.3048; }
      }
      var place = new Place("here", 1);
      ---
      """;

  private static final List<Row> ROWS =
      List.of(
          row(
              "a name without its arguments",
              "Math.ma‸x",
              "static int max(int a, int b)",
              "static double max(double a, double b)",
              "java.lang.Math",
              "The greater of two whole numbers."),
          row(
              "the overload that is called first",
              "Math.max‸(1.5, 2)",
              "static double max(double a, double b)",
              "static int max(int a, int b)",
              "The greater of two real numbers."),
          row("inside the brackets", "Math.max(1.5, ‸)", "The greater of two real numbers."),
          row("inside open brackets", "foo(1, Math.max(‸", "The greater of two whole numbers."),
          row("on an argument", "int x = 5;\n---\nMath.max(x‸, 1)", "int x"),
          row("on a text", "Math.max(\"a‸b\".length(), 1)", "static int max(int a, int b)"),
          row("behind a call", "Math.max(1, 2)‸", "The greater of two whole numbers."),
          row(
              "types as they are where it is called",
              "new ArrayList<String>().ad‸d(\"a\")",
              "boolean add(String e)",
              "java.util.ArrayList"),
          row(
              "inherited documentation",
              "new ArrayList<String>().ad‸d(\"a\")",
              "Appends an element."),
          row(
              "documentation that quotes the inherited one",
              "new ArrayList<String>().ad‸d(1, \"a\")",
              "Inserts an element. In this list quickly."),
          row(
              "names of parameters from the source",
              "List.of(1).add(‸)",
              "boolean add(Integer item)"),
          row(
              "constructors",
              "new ArrayList<String>(‸)",
              "ArrayList()",
              "ArrayList(int initialCapacity)",
              "An empty list."),
          row("a class", "Lis‸t<String> xs;", "interface List<E>", "An ordered collection."),
          row(
              "a method reference",
              "Supplier<List<String>> s = () -> null; Function<List<String>, Boolean> f = l -> l.ad‸d(\"a\");",
              "Appends an element."),
          row(
              "a local variable",
              "var xs = List.of(1);\nxs‸.size()",
              "List<Integer> xs",
              "variable of this cell"),
          row(
              "a parameter",
              "int f(String name) { return na‸me.length(); }",
              "String name",
              "parameter"),
          row(
              "a variable of the notebook",
              "var xs = List.of(1);\n---\nxs‸",
              "List<Integer> xs",
              "variable of this notebook, from cell [1]"),
          row(
              "a method of the notebook",
              TWICE + "twice(‸)",
              "int twice(int n)",
              "method of this notebook, from cell [1]",
              "Twice a number.",
              "- n – the number"),
          row(
              "a method of this cell",
              "/** Half. */\ndouble half(double n) { return n / 2; }\nhalf(‸)",
              "double half(double n)",
              "defined in this cell",
              "Half."),
          row(
              "a type of the notebook",
              PLACE + "Pla‸ce p;",
              "record Place(String name, double height)",
              "type of this notebook, from cell [1]",
              "A place on a map."),
          row(
              "a member of a type of the notebook",
              PLACE + "place.fe‸et()",
              "double feet()",
              "How high, in feet."),
          row(
              "a component of a record",
              PLACE + "place.na‸me()",
              "String name()",
              "A place on a map."),
          row(
              "an annotation",
              "@Overr‸ide public String toString() { return \"\"; }",
              "@interface Override"),
          row("a package", "java.ut‸il.List", "package java.util"),
          row(
              "what cells may call",
              "displa‸y(1)",
              "display(Object value",
              "hydrocell.api.Hydrocell"));

  @TempDir static Path folder;
  private static TypingSession session;

  @BeforeAll
  static void start() throws Exception {
    Path sources =
        Archive.of(
            folder.resolve("src.zip"),
            Map.of(
                "java.base/java/util/List.java", LIST,
                "java.base/java/util/ArrayList.java", ARRAY_LIST,
                "java.base/java/lang/Math.java", MATH));
    session = new TypingSession(new Library(sources));
  }

  @AfterAll
  static void stop() throws Exception {
    session.close();
  }

  @TestFactory
  Stream<DynamicTest> inspections() {
    return ROWS.stream()
        .map(row -> DynamicTest.dynamicTest(row.what + ": " + row.cells, () -> check(row)));
  }

  private static void check(Row row) throws Exception {
    String found = text(row.cells, 0);
    int at = 0;
    for (String line : row.lines) {
      int next = found.indexOf(line, at);
      assertTrue(next >= 0, () -> "\"" + line + "\" does not come next in\n" + found);
      at = next + line.length();
    }
  }

  private static MimeBundle bundle(String notebook, int detail) throws Exception {
    session.beginAnew();
    List<String> cells = List.of(notebook.split("\n---\n"));
    for (String cell : cells.subList(0, cells.size() - 1)) {
      session.cell(cell);
    }
    return session.inspect(cells.getLast(), detail);
  }

  private static String text(String notebook, int detail) throws Exception {
    MimeBundle bundle = bundle(notebook, detail);
    assertNotNull(bundle, notebook);
    return bundle.data().get("text/plain");
  }

  @Test
  void nothingIsSaidOfWhatMeansNothing() throws Exception {
    for (String each : List.of("retu‸rn 1;", "nowhere‸", "for (int i = 0; i <‸ 3; i++) { }", "‸")) {
      assertNull(bundle(each, 0), each);
    }
  }

  @Test
  void theSourceIsShownWhenItIsAskedFor() throws Exception {
    assertFalse(text(TWICE + "twi‸ce(1)", 0).contains("return 2 * n;"));
    assertTrue(text(TWICE + "twi‸ce(1)", 1).contains("int twice(int n) {\n  return 2 * n;\n}"));
    assertTrue(text("Math.ma‸x(1, 2)", 1).contains("return a >= b ? a : b;"));
  }

  @Test
  void everyFormIsThere() throws Exception {
    Map<String, String> data = bundle(TWICE + "twi‸ce(1)", 0).data();

    assertTrue(data.get("text/html").startsWith("<pre><code>int twice(int n)</code></pre>"));
    assertTrue(data.get("text/html").contains("<li><code>n</code> – the number</li>"));
    assertTrue(data.get("text/markdown").startsWith("```java\nint twice(int n)\n```"));
    assertTrue(data.get("text/markdown").contains("- `n` – the number"));
  }

  @Test
  void anotherCommentIsShownAlthoughNothingElseChanged() throws Exception {
    session.beginAnew();
    session.cell("/** First. */\nint f() { return 1; }");
    session.cell("/** Second. */\nint f() { return 1; }");

    assertTrue(session.inspect("f‸()", 0).data().get("text/plain").contains("Second."));
  }

  @Test
  void aLibrarysSourcesAreReadBesideItsJar() throws Exception {
    Path jar =
        Path.of(LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path copy = Files.copy(jar, folder.resolve("slf4j.jar"));
    session.beginAnew();
    session.add(copy);
    String cell = "org.slf4j.LoggerFactory.getLog‸ger(\"a\")";
    CompileReply.Inspected before = session.inspected(cell, 0);

    assertEquals(copy.toString(), before.undocumentedJar());
    assertTrue(before.documentation().data().get("text/plain").contains("getLogger(String"));
    Archive.of(
        folder.resolve("slf4j-sources.jar"),
        Map.of(
            "org/slf4j/LoggerFactory.java",
            "package org.slf4j; public class LoggerFactory {"
                + " /** A logger by its name. */ static Logger getLogger(String name) {} }"));
    CompileReply.Inspected after = session.inspected(cell, 0);

    assertEquals("", after.undocumentedJar());
    assertTrue(after.documentation().data().get("text/plain").contains("A logger by its name."));
  }

  @Test
  void withoutTheSourcesOfTheJdkItSaysWhatToInstall() throws Exception {
    try (TypingSession bare = new TypingSession(new Library(folder.resolve("nothing.zip")))) {
      String text = bare.inspect("Math.ma‸x(1, 2)", 0).data().get("text/plain");

      assertTrue(text.startsWith("static int max(int a, int b)"), text);
      assertTrue(text.contains("openjdk-25-source"), text);
    }
  }
}
