package hydrocell.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Where a cursor stands in a string; a bar stands for the cursor. */
class StringLiteralTest {
  private static String typed(String marked) {
    int cursor = marked.indexOf('|');
    StringLiteral literal = StringLiteral.at(marked.replaceFirst("\\|", ""), cursor);
    return literal == null ? "none" : literal.typed();
  }

  @Test
  void findsTheStringAroundTheCursor() {
    assertEquals("da", typed("Files.readString(Path.of(\"da|\"))"));
    assertEquals("da", typed("read(\"da|"), "not closed yet");
    assertEquals("b", typed("f(\"a\\\"\", \"b|c\")"));
    assertEquals("", typed("'\"' + \"|\""));
  }

  @Test
  void isNotMisledByWhatLooksLikeOne() {
    assertEquals("none", typed("\"a\" + |x"));
    assertEquals("none", typed("// \"a|"));
    assertEquals("none", typed("/* \"a| */"));
    assertEquals("none", typed("\"\"\"\n a| \"\"\""));
    assertEquals("none", typed("\"a\\t|b\""), "an escape is no path");
    assertEquals("none", typed("'\"' |"));
  }
}
