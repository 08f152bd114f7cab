package hydrocell.cell.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  private static final Path HOME = Path.of("/home/ada");

  @Test
  void hydrocellHomeMovesDataAndSockets() {
    Folders folders = Folders.of(Map.of("HYDROCELL_HOME", "/data/h"), "Linux", HOME);

    assertEquals(Path.of("/data/h"), folders.data());
    assertEquals(Path.of("/data/h/run"), folders.run());
  }

  @Test
  void eachSystemUsesItsOwnDataFolder() {
    assertEquals(
        HOME.resolve(".local/share/hydrocell"), Folders.of(Map.of(), "Linux", HOME).data());
    assertEquals(
        Path.of("/x/hydrocell"), Folders.of(Map.of("XDG_DATA_HOME", "/x"), "Linux", HOME).data());
    assertEquals(
        HOME.resolve("Library/Application Support/hydrocell"),
        Folders.of(Map.of(), "Mac OS X", HOME).data());
  }

  @Test
  void socketsOfADeepFolderFitTheSystemsLimit() {
    Folders folders = Folders.of(Map.of("HYDROCELL_HOME", "/" + "deep/".repeat(40)), "Linux", HOME);

    String longest = folders.run().resolve("executor-12345678.sock").toString();
    assertTrue(
        longest.getBytes(StandardCharsets.UTF_8).length <= Folders.MAX_SOCKET_PATH_BYTES, longest);
  }

  @Test
  void aFolderThatCannotBeMadeNamesTheWayOut(@TempDir Path temp) throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    IOException refused =
        assertThrows(IOException.class, () -> Folders.makePrivate(file.resolve("below")));

    assertTrue(refused.getMessage().contains("HYDROCELL_HOME"), refused.getMessage());
  }

  @Test
  void theNodeFileIsPrivateAndComesBackWhole(@TempDir Path temp) throws IOException {
    Path file = temp.resolve("node.properties");
    NodeFile written =
        new NodeFile(
            ProcessHandle.current().pid(),
            "host",
            "boot",
            "0.1.0",
            Endpoint.unix(temp.resolve("anna.sock")),
            Endpoint.tcp("127.0.0.1", 4711),
            new byte[] {1, 2, 3},
            9464,
            new byte[] {4},
            "/srv/store");

    written.write(file);
    NodeFile read = NodeFile.read(file);

    assertNotNull(read);
    assertEquals(written.anna(), read.anna());
    assertEquals(written.executorHost(), read.executorHost());
    assertEquals(3, read.secret().length);
    assertEquals(9464, read.metricsPort());
    assertArrayEquals(new byte[] {4}, read.annaSecret());
    assertEquals("/srv/store", read.store());
    assertTrue(read.isAlive());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aMissingNodeFileIsNullAndADamagedOneSaysWhatToDo(@TempDir Path temp) throws IOException {
    Path file = temp.resolve("node.properties");
    assertNull(NodeFile.read(file));
    Files.writeString(file, "pid=12\nsecret=zz\n");

    IOException damaged = assertThrows(IOException.class, () -> NodeFile.read(file));

    assertTrue(damaged.getMessage().contains("hydrocell stop"), damaged.getMessage());
  }

  @Test
  void aFileOfADeadProcessIsStale() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    NodeFile file =
        new NodeFile(
            gone.pid(),
            "h",
            "b",
            "v",
            Endpoint.tcp("127.0.0.1", 1),
            Endpoint.tcp("127.0.0.1", 2),
            new byte[0],
            0,
            new byte[0],
            "");

    assertFalse(file.isAlive());
  }
}
