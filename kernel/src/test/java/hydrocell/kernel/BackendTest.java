package hydrocell.kernel;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Build;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.local.SharedStore;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The host of the node is there, and the store that several people share is not. */
@Timeout(60)
class BackendTest {
  private static final byte[] SECRET = new byte[32];

  @TempDir Path folder;

  @Test
  void withoutItsStoreAKernelHoldsNoConnectionToTheHost() throws Exception {
    Path socket = folder.resolve("h.sock");
    Folders folders = new Folders(Files.createDirectory(folder.resolve("data")), folder);
    Path store = folder.resolve("store");
    nodeFile(SharedStore.in(store), Endpoint.unix(socket)).write(folders.nodeFile());
    try (ServerSocketChannel host = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Backend backend = new Backend(new LocalNode(folders, null), "tester", ended -> {})) {
      host.bind(UnixDomainSocketAddress.of(socket));
      for (int i = 0; i < 2; i++) {
        Thread welcoming = Thread.ofVirtual().start(() -> welcome(host));
        IOException refused = assertThrows(IOException.class, backend::anna);
        String told = String.valueOf(refused.getMessage());
        assertTrue(told.contains("hydrocell node --shared " + store + "`"), told);
        welcoming.join();
        assertNull(failure, () -> String.valueOf(failure));
      }
    }
  }

  private @Nullable Exception failure;

  /** Until the kernel closes the connection. */
  private void welcome(ServerSocketChannel host) {
    try (FrameConnection kernel =
        new FrameConnection(host.accept(), FrameConnection.DEFAULT_MAX_FRAME_BYTES)) {
      Handshake.check(Objects.requireNonNull(kernel.receive()), SECRET, 0);
      kernel.send(Handshake.welcome());
      while (kernel.receive() != null) {
        // It introduces itself.
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private static NodeFile nodeFile(SharedStore store, Endpoint host) {
    long pid = ProcessHandle.current().pid();
    return new NodeFile(
        pid, "", "", Build.here().id(), store.endpoint(), host, SECRET, 0, SECRET, store.place());
  }
}
