package hydrocell.install;

import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.local.SharedStore;
import hydrocell.cell.local.StoreToken;
import hydrocell.executor.HostFigures;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import hydrocell.storage.net.StoreRelay;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One person's storage node and executor host, from the lock on their data to the file by which
 * kernels find them. Parts are started in the order lock, store, host, node file, and stopped
 * backwards.
 */
final class LocalNode implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);
  private static final int SECRET_BYTES = 32;

  /** The executor host as a node sees it. */
  interface Host extends Closeable {
    /** Where it listens. */
    Endpoint endpoint();

    /** Whether a kernel is connected or a leased executor runs a cell. */
    boolean inUse();

    /** How it fares; null when it does not answer. */
    @Nullable HostFigures figures();
  }

  /** Starts the executor host; {@code stop} is what a stop request runs. */
  interface HostStarter {
    Host start(Endpoint endpoint, Store anna, byte[] secret, Runnable stop) throws IOException;
  }

  /**
   * The store: the node's own, or one that serves several people.
   *
   * @param secret what its handshake wants
   * @param place see {@link SharedStore}; empty for the node's own
   * @param served what this process has of it: all of it, the way to it, or nothing
   */
  record Store(Endpoint endpoint, byte[] secret, String place, @Nullable Closeable served)
      implements Closeable {
    boolean severalPeople() {
      return !place.isEmpty();
    }

    @Override
    public void close() throws IOException {
      Closeable mine = served;
      if (mine != null) {
        mine.close();
      }
    }
  }

  private final NodeLock lock;
  private final Store anna;
  private final Host host;
  private final @Nullable Watched watched;
  private final Path nodeFile;
  private boolean closed;

  /** The server that tells how the node fares, and its connection to the store. */
  private record Watched(NodeClient anna, Monitor monitor) implements Closeable {
    static Watched start(int port, Folders folders, Store anna, Host host) throws IOException {
      NodeClient client = NodeClient.connect(anna.endpoint(), "monitor", anna.secret());
      Path data = anna.severalPeople() ? folders.data() : folders.anna();
      NodeHealth health = new NodeHealth(data, client, host::figures);
      try {
        return new Watched(client, Monitor.start(port, health::metrics, health::report));
      } catch (IOException e) {
        client.close();
        throw e;
      }
    }

    @Override
    public void close() {
      monitor.close();
      anna.close();
    }
  }

  private LocalNode(
      NodeLock lock, Store anna, Host host, @Nullable Watched watched, Path nodeFile) {
    this.lock = lock;
    this.anna = anna;
    this.host = host;
    this.watched = watched;
    this.nodeFile = nodeFile;
  }

  /**
   * Starts a node, unless one runs on these folders.
   *
   * @param metricsPort where {@code /metrics} and {@code /health} are to be; 0 for a free port, -1
   *     for nowhere
   * @param shared the store to use in place of one of its own; null for its own
   * @param made is given the node before anybody can find it, so that whoever ends it finds all of
   *     it
   * @return null when another process of this machine is the node
   * @throws IOException with a message that says what to do
   */
  static @Nullable LocalNode start(
      Folders folders,
      Machine here,
      String build,
      int metricsPort,
      @Nullable SharedStore shared,
      HostStarter starter,
      Runnable stop,
      Consumer<LocalNode> made)
      throws IOException {
    Folders.makePrivate(folders.data());
    Folders.makePrivate(folders.run());
    NodeLock lock = NodeLock.take(folders.nodeLock(), here);
    if (lock == null) {
      return null;
    }
    Store anna = null;
    Host host = null;
    Watched watched = null;
    try {
      byte[] secret = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      boolean unix = unixSocketsWork(folders.run());
      MoveCommand.finishBroken(folders);
      anna =
          shared == null
              ? ownStore(folders, unix, secret)
              : store(shared, folders, unix, "anna", secret);
      host = starter.start(at(folders, unix, "host"), anna, secret, stop);
      if (metricsPort >= 0) {
        watched = Watched.start(metricsPort, folders, anna, host);
      }
      LocalNode node = new LocalNode(lock, anna, host, watched, folders.nodeFile());
      made.accept(node);
      node.announce(
          new NodeFile(
              here.pid(),
              here.host(),
              here.boot(),
              build,
              anna.endpoint(),
              host.endpoint(),
              secret,
              watched == null ? 0 : watched.monitor().port(),
              anna.severalPeople() ? anna.secret() : new byte[0],
              anna.place()));
      LOG.info("the local node {} serves {} at {}", build, folders.data(), anna.endpoint());
      return node;
    } catch (IOException | RuntimeException e) {
      closeAll(watched, host, anna, lock);
      throw e;
    }
  }

  private static Store ownStore(Folders folders, boolean unix, byte[] secret) throws IOException {
    Endpoint endpoint = at(folders, unix, "anna");
    StorageNode node =
        StorageNode.start(
            StorageConfig.local(Folders.makePrivate(folders.anna()), endpoint, secret));
    return new Store(node.endpoint(), secret, "", node::close);
  }

  /**
   * A shared store, tried.
   *
   * @param name of the socket that leads to one on another machine
   * @param secret of this node
   */
  static Store store(SharedStore shared, Folders folders, boolean unix, String name, byte[] secret)
      throws IOException {
    if (!shared.isRemote()) {
      byte[] kept = SharedStore.secret(folders);
      return tried(new Store(shared.endpoint(), kept, shared.place(), null), shared, folders);
    }
    StoreRelay relay =
        StoreRelay.start(
            at(folders, unix, name),
            new StoreRelay.Store(shared.host(), shared.port()),
            () -> passport(folders),
            secret,
            StoreRelay.USUAL_LIMIT);
    return tried(new Store(relay.endpoint(), secret, shared.place(), relay), shared, folders);
  }

  /** Read for each connection: a fresh token counts from the next one on. */
  private static StoreRelay.Passport passport(Folders folders) throws IOException {
    Path file = StoreToken.file(folders);
    StoreToken token = StoreToken.read(file);
    if (token == null) {
      throw new IOException(
          "a shared store on another machine takes a token: put the text that its operator gets by `hydrocell token PERSON` into %s, with `chmod 600`"
              .formatted(file));
    }
    return new StoreRelay.Passport(
        token.person(), token.token(), token.certificate(), file.toString());
  }

  /** Tries it, so that who starts the node is told what is wrong. */
  private static Store tried(Store store, SharedStore shared, Folders folders) throws IOException {
    try {
      NodeClient.connect(store.endpoint(), "local node", store.secret()).close();
      return store;
    } catch (IOException e) {
      store.close();
      throw shared.refused(e, folders);
    }
  }

  /** Writes the file by which kernels find this node, unless it has been ended meanwhile. */
  private synchronized void announce(NodeFile file) throws IOException {
    if (!closed) {
      file.write(nodeFile);
    }
  }

  static Endpoint at(Folders folders, boolean unix, String name) {
    return unix
        ? Endpoint.unix(folders.run().resolve(name + ".sock"))
        : Endpoint.tcp("127.0.0.1", 0);
  }

  /** Tries it, because file systems and systems differ in what they say and what they do. */
  static boolean unixSocketsWork(Path run) {
    if ("tcp".equals(System.getProperty("hydrocell.sockets"))) {
      return false;
    }
    Path probe = run.resolve("probe.sock");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Files.deleteIfExists(probe);
      channel.bind(UnixDomainSocketAddress.of(probe));
      Files.deleteIfExists(probe);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("no Unix sockets in {} ({}): using TCP on loopback", run, e.toString());
      return false;
    }
  }

  /** Whether a kernel is connected or a cell runs. */
  boolean inUse() {
    return host.inUse();
  }

  /** Ends everything in order; later calls do nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Files.deleteIfExists(nodeFile);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", nodeFile, e);
    }
    closeAll(watched, host, anna, lock);
    LOG.info("the local node has ended");
  }

  private static void closeAll(@Nullable AutoCloseable... parts) {
    for (AutoCloseable part : parts) {
      if (part == null) {
        continue;
      }
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("cannot close {}", part, e);
      }
    }
  }
}
