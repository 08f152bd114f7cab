package hydrocell.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.NodeFile;
import hydrocell.executor.HostFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalNodeTest {
  private static final Machine HERE = Machine.here();

  @TempDir Path temp;
  private Folders folders;
  private final AtomicBoolean hostClosed = new AtomicBoolean();
  private final AtomicBoolean stopped = new AtomicBoolean();

  @BeforeEach
  void folders() {
    folders = Folders.of(Map.of("HYDROCELL_HOME", temp.resolve("h").toString()), "Linux", temp);
  }

  private final class TestHost implements LocalNode.Host {
    private final Endpoint endpoint;

    TestHost(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public Endpoint endpoint() {
      return endpoint;
    }

    @Override
    public boolean inUse() {
      return true;
    }

    @Override
    public @Nullable HostFigures figures() {
      return null;
    }

    @Override
    public void close() {
      hostClosed.set(true);
    }
  }

  private LocalNode start() throws IOException {
    return LocalNode.start(
        folders,
        HERE,
        "test",
        -1,
        null,
        (at, anna, secret, stop) -> new TestHost(at),
        () -> stopped.set(true),
        made -> {});
  }

  @Test
  void oneThatIsEndedBeforeItIsFoundLeavesNothing() throws Exception {
    LocalNode.start(
        folders,
        HERE,
        "test",
        -1,
        null,
        (at, anna, secret, stop) -> new TestHost(at),
        () -> stopped.set(true),
        LocalNode::close);
    assertFalse(Files.exists(folders.nodeFile()));
    try (LocalNode next = start()) {
      assertNotNull(next, "the lock is held");
      assertTrue(Files.exists(folders.nodeFile()));
    }
  }

  @Test
  void aNodeIsFoundByItsFileAndKeepsWhatItAcknowledged() throws Exception {
    Key key = Key.of("test", "key");
    try (LocalNode node = start()) {
      assertNotNull(node);
      NodeFile file = NodeFile.read(folders.nodeFile());
      assertEquals(HERE.pid(), file.pid());
      assertEquals(HERE.boot(), file.boot());
      try (NodeClient client = NodeClient.connect(file.anna(), "test", file.secret())) {
        client.merge(key, new MaxLattice(7), Durability.LOG).join();
      }
    }
    assertFalse(Files.exists(folders.nodeFile()));
    assertTrue(hostClosed.get());
    try (LocalNode again = start()) {
      NodeFile file = NodeFile.read(folders.nodeFile());
      try (NodeClient client = NodeClient.connect(file.anna(), "test", file.secret())) {
        assertEquals(new MaxLattice(7), client.get(key).join().lattice());
      }
    }
  }

  @Test
  void aSecondNodeGivesWay() throws IOException {
    try (LocalNode first = start()) {
      byte[] secret = NodeFile.read(folders.nodeFile()).secret();
      assertNull(start());
      assertEquals(
          java.util.HexFormat.of().formatHex(secret),
          java.util.HexFormat.of().formatHex(NodeFile.read(folders.nodeFile()).secret()));
    }
  }

  @Test
  void nobodyElseCanLookIn() throws IOException {
    try (LocalNode node = start()) {
      assertEquals("rwx------", permissions(folders.data()));
      assertEquals("rwx------", permissions(folders.run()));
      assertEquals("rwx------", permissions(folders.anna()));
      assertEquals("rw-------", permissions(folders.nodeFile()));
      assertEquals("rw-------", permissions(folders.run().resolve("anna.sock")));
    }
  }

  @Test
  void aHostThatFailsLeavesNothingBehind() throws IOException {
    IOException failed =
        assertThrows(
            IOException.class,
            () ->
                LocalNode.start(
                    folders,
                    HERE,
                    "test",
                    -1,
                    null,
                    (at, anna, secret, stop) -> {
                      throw new IOException("no executors here");
                    },
                    () -> {},
                    made -> {}));
    assertEquals("no executors here", failed.getMessage());
    assertFalse(Files.exists(folders.nodeFile()));
    try (LocalNode node = start()) {
      assertNotNull(node);
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
