package hydrocell.kernel.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions over values that need no JVM; the others are tested with a paused cell. */
class ExpressionTest {
  private static final Map<String, Object> NAMES =
      Map.of("i", 7, "text", "abc", "c", 'x', "d", 0.5);

  private static Object value(String expression) throws Expression.RefusedException {
    return Expression.parse(expression)
        .value(name -> {
          Object value = NAMES.get(name);
          if (value == null) {
            throw new Expression.RefusedException("no " + name);
          }
          return value;
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 + 2 * 3 ; 7",
        "(1 + 2) * 3 ; 9",
        "-i / 2 ; -3",
        "i % 4 ; 3",
        "i / 2.0 ; 3.5",
        "2_000_000_000 + 2_000_000_000 ; -294967296",
        "2_000_000_000L + 2_000_000_000 ; 4000000000",
        "i > 3 && i <= 7 ; true",
        "i < 3 || text == \"abc\" ; true",
        "!(i == 7L) ; false",
        "false && nobody ; false",
        "c == 'x' ; true",
        "text + i ; abc7",
        "text.length() - 1 ; 2",
        "text.charAt(1) == 'b' ; true",
        "text.equals(\"a\\142c\") ; true",
        "d * 1f ; 0.5",
        "null == null ; true",
      })
  void isEvaluatedAsInJava(String expression, String expected) throws Exception {
    assertEquals(expected, String.valueOf(value(expression)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 +",
        "(1",
        "i = 3",
        "new Object()",
        "text.toString()",
        "f(1)",
        "i.x",
        "i[0]",
        "text && true",
        "i / 0",
        "99999999999",
        "'ab'",
        "\"open",
        "nobody",
        "text.charAt(3)",
        "i -> i",
      })
  void whatItCannotDoIsSaid(String expression) {
    Expression.RefusedException refused =
        assertThrows(Expression.RefusedException.class, () -> value(expression));
    assertTrue(refused.getMessage().length() > 5, refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "!", "-", "1+(", "a["})
  void nestingIsBounded(String piece) {
    assertThrows(Expression.RefusedException.class, () -> value(piece.repeat(600)));
  }
}
