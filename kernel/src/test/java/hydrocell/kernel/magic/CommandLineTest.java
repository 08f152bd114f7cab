package hydrocell.kernel.magic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is proposed in the lines of commands; a bar stands for the cursor. */
class CommandLineTest {
  @TempDir Path folder;

  private List<String> proposals(String marked) {
    int cursor = marked.indexOf('|');
    CommandLine line = CommandLine.at(marked.replace("|", ""), cursor);
    assertNotNull(line, marked);
    return line.proposals(
        Magics.KNOWN.values(),
        new CommandLine.Surrounding(List.of("beta", "alpha"), List.of("HOME", "PATH"), folder));
  }

  @Test
  void namesAreSpelledAsTheyAreUsed() {
    assertEquals(List.of("%maven", "%mavenRepo"), proposals("%mav|"));
    assertEquals(List.of("%%bash"), proposals("%%ba|"));
    assertEquals(List.of("%%bash", "%bash"), proposals("%ba|"));
    assertEquals(List.of("%%html"), proposals("%htm|"), "one percent sign finds it, too");
    assertEquals(List.of("%%loadFromPOM", "%loadFromPOM"), proposals("%vars\n  %loadF|"));
  }

  @Test
  void argumentsAreOfTheirKind() {
    assertEquals(List.of("alpha", "beta"), proposals("%rm |"));
    assertEquals(List.of("beta"), proposals("%rm alpha b|"));
    assertEquals(List.of("output.limit"), proposals("%config out|"));
    assertEquals(List.of("PATH"), proposals("%env P|"));
    assertEquals(List.of("/add"), proposals("%dependency /a|"));
    assertEquals(List.of(), proposals("%vars |"));
  }

  @Test
  void pathsAreRelativeToWhereCellsRun() throws IOException {
    Files.createDirectory(folder.resolve("data"));
    Files.writeString(folder.resolve("data/one.csv"), "");
    Files.writeString(folder.resolve("day.ipynb"), "");
    Files.writeString(folder.resolve(".hidden"), "");
    assertEquals(List.of("data/", "day.ipynb"), proposals("%run da|"));
    assertEquals(List.of("data/"), proposals("%cd da|"));
    assertEquals(List.of("data/one.csv"), proposals("%load data/|"));
    assertEquals(List.of(".hidden"), proposals("%load .|"));
    assertEquals(List.of(), proposals("%load nowhere/|"));
  }

  @Test
  void javaIsNoCommand() {
    assertNull(CommandLine.at("a % b", 5));
    assertNull(CommandLine.at("%time list.", 11));
    assertNull(CommandLine.at("%vars\nlist.", 11));
  }
}
