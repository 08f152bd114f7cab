package hydrocell.kernel.magic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.message.ResolveRequest.Repository;
import hydrocell.kernel.Dependencies;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryLineTest {
  @ParameterizedTest
  @CsvSource({
    "g:a, g:a",
    "g:a:1, g:a:1",
    "g:a:zip:1, g:a:zip:1",
    "g:a:jar:linux:1, g:a:jar:linux:1",
    "g:a:1:linux, g:a:jar:linux:1",
    "g:a:1:linux@zip, g:a:zip:linux:1",
    "g:a:1@zip, g:a:zip:1",
  })
  void coordinatesOfMavenAndOfJbangAreRead(String written, String maven) throws Exception {
    assertEquals(List.of(maven), LibraryLine.read(written).coordinates());
  }

  @Test
  void optionsStandAnywhereAndRangesHaveCommas() throws Exception {
    Dependencies.Asked asked =
        LibraryLine.read(
            "-x g:b g:a:[1,2), g:c:1 --exclude h g:bom:1@pom --from https://host/x --optional");

    assertEquals(List.of("g:a:[1,2)", "g:c:1"), asked.coordinates());
    assertEquals(List.of("g:b", "h:*"), asked.excluded());
    assertEquals(List.of("g:bom:pom:1"), asked.boms());
    assertEquals(
        List.of("https://host/x"), asked.repositories().stream().map(Repository::url).toList());
  }

  @Test
  void eachRepositoryHasANameOfItsOwn() throws Exception {
    List<String> urls = List.of("https://h/x", "https://h/y", "file:///x", "file:///y");
    String line = "g:a:1 --from " + String.join(" --from ", urls);
    List<Repository> read = LibraryLine.read(line).repositories();

    assertEquals(urls, read.stream().map(Repository::url).toList());
    assertEquals(4, read.stream().map(Repository::id).distinct().count(), read.toString());
    assertEquals(read, LibraryLine.read(line).repositories());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "g:a:",
        "g:a:1:2:3:4",
        "g:a@pom",
        "g:a:1@",
        "-x",
        "--what g:a",
        "-x a:b:c g:a"
      })
  void whatIsWrongSaysHowItIsWritten(String line) {
    MagicException refused = assertThrows(MagicException.class, () -> LibraryLine.read(line));
    assertTrue(refused.report().message().contains("written"), refused.report().message());
  }
}
