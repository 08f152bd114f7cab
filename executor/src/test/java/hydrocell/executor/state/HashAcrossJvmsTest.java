package hydrocell.executor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Unordered collections, whose order differs from JVM to JVM, have one hash in all of them. */
@Timeout(60)
class HashAcrossJvmsTest {
  private static List<Object> values() {
    Set<Object> enums = new HashSet<>(List.of(TimeUnit.values()));
    Set<Object> lists = new HashSet<>();
    Map<Object, Object> classes = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      lists.add(List.of(i, Set.of("a" + i, "b" + i, "c" + i)));
    }
    for (Class<?> type : List.of(String.class, int.class, List.class, Map.class)) {
      classes.put(type, type.getName());
    }
    return List.of(
        enums,
        lists,
        classes,
        Set.of("a", "b", "c", "d", "e"),
        Map.of(1, "one", 2, "two", 3, "three"),
        new HashSet<>(List.of("x", "y", "z")));
  }

  /** Prints the hashes; run in a JVM of its own. */
  public static void main(String[] arguments) throws Exception {
    for (Object value : values()) {
      System.out.println(ValueRoundTripTest.encoded(value).hash());
    }
  }

  @Test
  void anotherJvmFindsTheSameHashes() throws Exception {
    List<String> here = new ArrayList<>();
    for (Object value : values()) {
      here.add(ValueRoundTripTest.encoded(value).hash());
    }
    for (int round = 0; round < 2; round++) {
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--sun-misc-unsafe-memory-access=allow",
                  "-cp",
                  System.getProperty("java.class.path"),
                  HashAcrossJvmsTest.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        String out = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(other.waitFor(30, TimeUnit.SECONDS));
        assertEquals(here, out.lines().toList());
      } finally {
        other.destroyForcibly();
      }
    }
  }
}
