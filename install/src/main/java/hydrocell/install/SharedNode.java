package hydrocell.install;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Settings;
import hydrocell.cell.local.SharedStore;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage node for all users of a machine, and for people on other machines, and nothing else: no
 * host, no compile service, nobody's code. Everything of it lies in one folder:
 *
 * <pre>
 * socket/               where everybody connects; sandboxes are shown it
 * settings.properties   the operator's
 * anna/                 the store, private
 * people/               a file for each person, by which their node is known; private
 * tls/store.pem         by what the store is known on other machines; private
 * tokens/               a file for each token of a person there; private
 * log/                  logs, private
 * </pre>
 */
final class SharedNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SharedNode.class);
  private static final long USUAL_QUOTA_BYTES = 20L << 30;
  private static final long LEAST_QUOTA_BYTES = 1 << 20;
  private static final long LOOK_AT_TOKENS_MS = 1_000;

  private final StorageNode store;

  private SharedNode(StorageNode store) {
    this.store = store;
  }

  /**
   * Starts one.
   *
   * @param remote where it listens for other machines; null for nowhere
   * @throws IOException with a message that says what to do
   */
  static SharedNode start(Path folder, @Nullable Endpoint remote) throws IOException {
    Settings settings = Settings.read(folder.resolve("settings.properties"));
    long quotaBytes =
        settings.number("person.quota", USUAL_QUOTA_BYTES, LEAST_QUOTA_BYTES, Long.MAX_VALUE / 2);
    if (!settings.unknown().isEmpty()) {
      LOG.warn("{} has settings that nobody knows: {}", folder, settings.unknown());
    }
    Path socket = SharedStore.in(folder).socket();
    int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Folders.MAX_SOCKET_PATH_BYTES) {
      throw new IOException(
          "%s is too long for a socket (%d bytes of %d): choose a shorter folder"
              .formatted(socket, bytes, Folders.MAX_SOCKET_PATH_BYTES));
    }
    StorageNode store =
        StorageNode.start(
            StorageConfig.shared(
                Folders.makePrivate(folder.resolve("anna")),
                SharedStore.in(folder).endpoint(),
                Folders.makePrivate(folder.resolve("people")),
                quotaBytes,
                remote == null
                    ? null
                    : new StorageConfig.Remote(
                        remote, certificate(folder), tokens(folder), LOOK_AT_TOKENS_MS)));
    LOG.info("{} serves everybody on this machine", socket);
    return new SharedNode(store);
  }

  /** The file with its key and certificates. */
  static Path certificate(Path folder) throws IOException {
    return Folders.makePrivate(folder.resolve("tls")).resolve("store.pem");
  }

  /** The folder of its tokens. */
  static Path tokens(Path folder) throws IOException {
    return Folders.makePrivate(folder.resolve("tokens"));
  }

  /** Where it listens for other machines; only where it does. */
  Endpoint remoteEndpoint() {
    return store.remoteEndpoint();
  }

  @Override
  public void close() {
    try {
      store.close();
      LOG.info("the shared store has ended");
    } catch (IOException e) {
      LOG.warn("cannot close the store", e);
    }
  }
}
