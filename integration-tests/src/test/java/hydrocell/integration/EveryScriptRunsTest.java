package hydrocell.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A script that is a test is run by a test: one that nobody calls cannot fail. */
class EveryScriptRunsTest {
  private static final Path TESTS = Path.of("src/test");

  @Test
  void everyScriptWithAMainIsNamedByATest() throws IOException {
    String tests;
    try (Stream<Path> sources = Files.walk(TESTS.resolve("java"))) {
      tests = sources.filter(Files::isRegularFile).map(this::text).collect(Collectors.joining());
    }
    List<Path> scripts;
    try (Stream<Path> files = Files.list(TESTS.resolve("python"))) {
      scripts = files.filter(file -> text(file).contains("\ndef main(")).toList();
    }
    assertFalse(scripts.isEmpty());
    List<String> forgotten =
        scripts.stream()
            .map(script -> String.valueOf(script.getFileName()))
            .filter(name -> !tests.contains('"' + name + '"'))
            .toList();
    assertEquals(List.of(), forgotten, "scripts that no test runs");
  }

  private String text(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
