package hydrocell.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  record Point(int x, @Nullable Object label) {}

  @Test
  void whatIsReadIsWhatStandsThere() {
    assertEquals(
        Map.of("a", Arrays.asList(1L, -2.5, 1e3, true, null), "b", "\"\\/\n\u00e9\ud83d\ude00"),
        Json.parse(
            " {\"a\" : [1, -2.5, 1e3, true, null],\"b\":\"\\\"\\\\\\/\\n\\u00e9\\ud83d\\ude00\"} "));
    assertEquals(new BigInteger("123456789012345678901"), Json.parse("123456789012345678901"));
    assertEquals(Long.MIN_VALUE, Json.parse("-9223372036854775808"));
  }

  @Test
  void valuesOfManyKindsAreWritten() {
    assertEquals("{\"x\":1,\"label\":\"a\\u0000\"}", Json.write(new Point(1, "a\0")));
    assertEquals("[1,2.5,null,null]", Json.write(new Object[] {1, 2.5, Double.NaN, null}));
    assertEquals(
        "[\"HALF_UP\",3]", Json.write(List.of(java.math.RoundingMode.HALF_UP, Optional.of(3))));
    assertEquals("{}", Json.write(Map.of()));
    assertEquals("\"\\ud800\"", Json.write("\ud800"));
  }

  @Test
  void whatHoldsItselfIsRefused() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    assertThrows(IllegalArgumentException.class, () -> Json.write(list));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\"}",
        "{a:1}",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "tru",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u+123\"",
        "1 2",
        "\"\n\"",
        "nul",
        "[1 2]",
        "-"
      })
  void whatIsNotJsonIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
  }

  @Test
  void deepNestingIsRefusedAndNotAStackOverflow() {
    assertThrows(IllegalArgumentException.class, () -> Json.parse("[".repeat(100_000)));
  }

  @Test
  void whatIsWrittenReadsBack() {
    Random random = new Random(42);
    for (int i = 0; i < 500; i++) {
      Object value = some(random, 0);
      assertEquals(value, Json.parse(Json.write(value)));
    }
    assertTrue(Json.write(some(random, 0)).length() > 0);
  }

  private static @Nullable Object some(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 5 : 7)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextDouble();
      case 2 -> random.nextBoolean();
      case 3 -> null;
      case 4 ->
          random
              .ints(5, 0, 0x300)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      case 5 -> Arrays.asList(some(random, depth + 1), some(random, depth + 1));
      default ->
          java.util.Collections.singletonMap("k" + random.nextInt(), some(random, depth + 1));
    };
  }
}
