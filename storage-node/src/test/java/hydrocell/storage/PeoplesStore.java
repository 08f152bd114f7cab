package hydrocell.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hydrocell.anna.AnnaException;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A store of several people and its raw clients. Who a client is, is told to the node in the
 * system's place, so that any user can run this.
 */
final class PeoplesStore implements AutoCloseable {
  private final Path folder;
  private final long quotaBytes;
  private final Map<String, Set<String>> groups;
  private final AtomicReference<String> connecting = new AtomicReference<>("");
  private final List<NodeClient> clients = new ArrayList<>();
  private StorageNode node;

  /** Opens one; people who are not named are in no group. */
  PeoplesStore(Path folder, long quotaBytes, Map<String, Set<String>> groups) throws Exception {
    this.folder = folder;
    this.quotaBytes = quotaBytes;
    this.groups = groups;
    node = start();
  }

  private StorageNode start() throws Exception {
    return StorageNode.start(
        StorageConfig.shared(
            folder.resolve("anna"),
            Endpoint.unix(folder.resolve("a.sock")),
            folder.resolve("people"),
            quotaBytes),
        channel -> connecting.get(),
        () -> new Groups(person -> groups.getOrDefault(person, Set.of()), System::nanoTime));
  }

  /** Opens it again after it was closed. */
  void open() throws Exception {
    node = start();
  }

  /** A client of somebody, which shows these bytes; closed with the store. */
  NodeClient client(String person, byte[] credentials) throws Exception {
    connecting.set(person);
    NodeClient client = NodeClient.connect(node.endpoint(), "test", credentials);
    clients.add(client);
    return client;
  }

  /** What a person's own programs show. */
  static byte[] secret(String person) {
    return Arrays.copyOf(person.getBytes(StandardCharsets.UTF_8), 32);
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, SECONDS);
  }

  /** Why something fails, as it must. */
  static Reason reason(CompletableFuture<?> future) {
    ExecutionException failure = assertThrows(ExecutionException.class, () -> await(future));
    return assertInstanceOf(AnnaException.class, failure.getCause()).reason();
  }

  @Override
  public void close() throws Exception {
    clients.forEach(NodeClient::close);
    clients.clear();
    node.close();
  }
}
