package hydrocell.resolver;

import static hydrocell.resolver.RepositoryFolder.dependency;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import hydrocell.cell.wire.RecordCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resolves out of a repository in a folder, in the resolver's own process. */
class ResolverTest {
  @TempDir Path temp;
  private Path repository;

  @BeforeEach
  void fill() throws IOException {
    repository = temp.resolve("repository");
    RepositoryFolder libraries = new RepositoryFolder(repository);
    libraries.put("base", "1.0", "");
    libraries.put("base", "2.0", "");
    libraries.put("left", "1.0", dependency("base", "1.0"));
    libraries.put("right", "1.0", dependency("middle", "1.0"));
    libraries.put("middle", "1.0", dependency("base", "2.0"));
    libraries.list("base", "1.0", "2.0");
  }

  private Resolution ask(List<String> wanted, String pom) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmaven.repo.local=" + temp.resolve("local"),
                "-cp",
                System.getProperty("java.class.path"),
                ResolverMain.class.getName())
            .redirectError(temp.resolve("errors.txt").toFile())
            .start();
    try (DataOutputStream out = new DataOutputStream(process.getOutputStream());
        DataInputStream in = new DataInputStream(process.getInputStream())) {
      byte[] request =
          RecordCodec.encode(
              new ResolveRequest(
                  wanted,
                  List.of(new ResolveRequest.Repository("folder", repository.toUri().toString())),
                  pom,
                  false,
                  List.of(),
                  List.of(),
                  true));
      out.writeInt(request.length);
      out.write(request);
      out.flush();
      Resolution answer = answer(in);
      assertEquals(0, process.waitFor());
      return answer;
    }
  }

  /** What it says last: on a slow machine it tells of its downloads first. */
  private static Resolution answer(DataInputStream in) throws Exception {
    Resolution said;
    do {
      byte[] frame = in.readNBytes(in.readInt());
      said =
          RecordCodec.read(
              new hydrocell.anna.wire.ByteReader(ByteBuffer.wrap(frame)), Resolution.class);
    } while (said instanceof Resolution.Underway);
    return said;
  }

  private Resolution.Resolved resolve(List<String> wanted, String pom) throws Exception {
    Resolution resolution = ask(wanted, pom);
    return assertInstanceOf(Resolution.Resolved.class, resolution, resolution::toString);
  }

  private static List<String> coordinates(Resolution.Resolved resolved) {
    return resolved.artifacts().stream().map(Resolution.Artifact::coordinates).toList();
  }

  @Test
  void whatIsNearestWinsWhereTwoVersionsAreNeeded() throws Exception {
    Resolution.Resolved found =
        resolve(List.of("test.hydrocell:right:1.0", "test.hydrocell:left:1.0"), "");

    assertEquals(
        List.of(
            "test.hydrocell:right:jar:1.0",
            "test.hydrocell:left:jar:1.0",
            "test.hydrocell:middle:jar:1.0",
            "test.hydrocell:base:jar:1.0"),
        coordinates(found));
    assertEquals(
        List.of(
            "test.hydrocell:right:1.0",
            "└─ test.hydrocell:middle:1.0",
            "   └─ test.hydrocell:base:2.0 (1.0 is used: it is nearer)",
            "test.hydrocell:left:1.0",
            "└─ test.hydrocell:base:1.0"),
        found.tree());
    for (Resolution.Artifact each : found.artifacts()) {
      assertTrue(Files.exists(Path.of(each.path())), each.path());
      assertEquals(64, each.sha256().length());
    }
  }

  @Test
  void withoutAVersionTheNewestReleaseIsTaken() throws Exception {
    assertEquals(
        List.of("test.hydrocell:base:jar:2.0"),
        coordinates(resolve(List.of("test.hydrocell:base"), "")));
  }

  @Test
  void aWrongVersionSaysWhichThereAre() throws Exception {
    Resolution resolution = ask(List.of("test.hydrocell:base:3.0"), "");

    String reason = assertInstanceOf(Resolution.Unresolved.class, resolution).reason();
    assertTrue(reason.contains("2.0, 1.0"), reason);
  }

  @Test
  void aWordThatIsNoCoordinatesIsRefused() throws Exception {
    Resolution resolution = ask(List.of("base"), "");

    String reason = assertInstanceOf(Resolution.Unresolved.class, resolution).reason();
    assertTrue(reason.contains("group:artifact:version"), reason);
  }

  @Test
  void aPomBringsItsLibrariesManagedVersionsAndExclusions() throws Exception {
    String pom =
        "<project><modelVersion>4.0.0</modelVersion><properties><v>2.0</v></properties>"
            + "<dependencyManagement><dependencies>"
            + dependency("base", "${v}")
            + "</dependencies></dependencyManagement><dependencies>"
            + dependency("left", "1.0")
            + dependency("middle", "1.0")
                .replace(
                    "</dependency>",
                    "<exclusions><exclusion><groupId>test.hydrocell</groupId><artifactId>base</artifactId></exclusion></exclusions></dependency>")
            + "</dependencies></project>";

    Resolution.Resolved found = resolve(List.of(), pom);

    assertEquals(
        List.of(
            "test.hydrocell:left:jar:1.0",
            "test.hydrocell:middle:jar:1.0",
            "test.hydrocell:base:jar:2.0"),
        coordinates(found));
    assertEquals(
        List.of("test.hydrocell:left:jar:1.0", "test.hydrocell:middle:jar:1.0"), found.wanted());
    // What the POM said goes on counting: it is kept with the notebook.
    assertEquals(List.of("test.hydrocell:base:jar:2.0"), found.managed());
    assertEquals(
        List.of(new ResolveRequest.Exclusion("test.hydrocell:middle", "test.hydrocell:base")),
        found.excluded());
  }

  @Test
  void piecesOfAPomAreOne() throws Exception {
    PomText read =
        PomText.read(
            "<!-- from a README --><repository><id>more</id><url>file:///more</url></repository>"
                + dependency("left", "1.0")
                + "<dependencies>"
                + dependency("right", "1.0")
                + "</dependencies>"
                + dependency("base", "2.0")
                + "<properties><v>1</v></properties>");

    assertEquals(List.of(new ResolveRequest.Repository("more", "file:///more")), read.repositories);
    assertEquals(
        List.of("left", "right", "base"),
        read.dependencies.stream().map(each -> each.getArtifact().getArtifactId()).toList());
  }

  @Test
  void aPomInYamlIsThatOfGanymede() throws Exception {
    Resolution.Resolved found =
        resolve(
            List.of(),
            """
            # as Ganymede writes it
            repositories:
              - id: more
                layout: default
                url: %s
                snapshots:
                  enabled: false
            dependencies:
            - test.hydrocell:left:1.0
            - groupId: test.hydrocell
              artifactId: right
              version: 1.0
              exclusions:
                - groupId: test.hydrocell
                  artifactId: middle
            """
                .formatted(repository.toUri()));

    assertEquals(
        List.of(
            "test.hydrocell:left:jar:1.0",
            "test.hydrocell:right:jar:1.0",
            "test.hydrocell:base:jar:1.0"),
        coordinates(found));
    assertTrue(
        found
            .repositories()
            .contains(new ResolveRequest.Repository("more", repository.toUri().toString())));
    assertEquals(
        List.of(new ResolveRequest.Exclusion("test.hydrocell:right", "test.hydrocell:middle")),
        found.excluded());
  }

  @Test
  void yamlStaysTextAndSaysWhatIsWrong() throws Exception {
    PomText read = PomText.read("dependencies: [a:b:1.10, a:c:pom:1, a:d:jar:tests:2e3, 'a:e']");
    assertEquals(
        List.of("a:b:jar:1.10", "a:c:pom:1", "a:d:jar:tests:2e3", "a:e:jar:"),
        read.dependencies.stream().map(each -> each.getArtifact().toString()).toList());
    for (String wrong :
        List.of(
            "dependencies: {a: b}",
            "dependency: [a:b:1]",
            "- a:b:1",
            "repositories: [{id: x}]",
            "dependencies: [nothing]",
            "dependencies: [!!java.net.URL [http://127.0.0.1/]]",
            "dependencies: [")) {
      IOException failure = assertThrows(IOException.class, () -> PomText.read(wrong), wrong);
      assertTrue(String.valueOf(failure.getMessage()).contains("group:artifact:version"), wrong);
    }
  }

  @Test
  void aPomThatIsNoneIsRefused() {
    IOException failure = assertThrows(IOException.class, () -> PomText.read("<dependency>"));
    assertTrue(String.valueOf(failure.getMessage()).contains("cannot be read"));
  }
}
