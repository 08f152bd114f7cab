package hydrocell.kernel.magic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.kernel.protocol.JsonTrees;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** JSON in the types that variables have. */
class LiteralsTest {
  private static String of(String json, String type) throws IOException {
    return Literals.of(JsonTrees.read(json), type);
  }

  @Test
  void numbersTakeTheTypeOfTheirVariable() throws IOException {
    assertEquals("2d", of("2", "double"));
    assertEquals("2d", of("2", "java.lang.Double"));
    assertEquals("2L", of("2", "Long"));
    assertEquals("(short) (-2)", of("-2", "short"));
    assertEquals("new java.math.BigDecimal(\"1.50\")", of("\"1.50\"", "java.math.BigDecimal"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> of("2.5", "int"))
            .getMessage()
            .contains("int"));
  }

  @Test
  void collectionsTakeTheTypesOfTheirElements() throws IOException {
    assertEquals(
        "new java.util.ArrayList<>(java.util.Arrays.<Double>asList(1d, 2.5d))",
        of("[1, 2.5]", "java.util.List<java.lang.Double>"));
    assertEquals("new int[][] {new int[] {1}, new int[] {2, 3}}", of("[[1], [2, 3]]", "int[][]"));
    assertEquals(
        "new java.util.LinkedHashMap<String, Long>(hydrocell.api.Hydrocell.mapOf(\"a\", 1L))",
        of("{\"a\": 1}", "Map<String, Long>"));
  }

  @Test
  void textBecomesWhatIsMadeOfText() throws IOException {
    assertEquals("java.time.LocalDate.parse(\"2025-01-31\")", of("\"2025-01-31\"", "LocalDate"));
    assertEquals("Color.valueOf(\"RED\")", of("\"RED\"", "Color"));
    assertEquals("\"a\\\"b\\n\"", of("\"a\\\"b\\n\"", "String"));
    assertThrows(IllegalArgumentException.class, () -> of("1", "String"));
    assertThrows(IllegalArgumentException.class, () -> of("null", "int"));
    assertEquals("null", of("null", "String"));
  }

  @Test
  void withoutAVariableTheValueSaysItself() throws IOException {
    assertEquals("3000000000L", of("3000000000", ""));
    assertEquals("1.5d", of("1.5", ""));
    assertEquals("true", of("true", "Object"));
  }
}
