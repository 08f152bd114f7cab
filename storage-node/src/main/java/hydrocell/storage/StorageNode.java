package hydrocell.storage;

import hydrocell.anna.wire.Endpoint;
import hydrocell.storage.log.DiskFolder;
import hydrocell.storage.net.ClientUser;
import hydrocell.storage.net.Listener;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage node: a listener and its shards, in the order in which they are started and, backwards,
 * stopped. One node at a time uses a folder. It serves its own user, or, with {@link
 * StorageConfig#people}, every user of the machine, each as the operating system says that they
 * are, and, with {@link StorageConfig#remote}, people on other machines.
 */
public final class StorageNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StorageNode.class);

  private final FileChannel lockFile;
  private final @Nullable People people;
  private final @Nullable RemoteDoor door;
  private final ShardLoop[] shards;
  private final MultiThreadIoEventLoopGroup loops;
  private final ChannelGroup connections;
  private final List<Listener> listeners;

  private StorageNode(
      FileChannel lockFile,
      @Nullable People people,
      @Nullable RemoteDoor door,
      ShardLoop[] shards,
      MultiThreadIoEventLoopGroup loops,
      ChannelGroup connections,
      List<Listener> listeners) {
    this.lockFile = lockFile;
    this.people = people;
    this.door = door;
    this.shards = shards;
    this.loops = loops;
    this.connections = connections;
    this.listeners = listeners;
  }

  /**
   * Recovers the logs and listens.
   *
   * @throws IOException when the folder is in use or unusable; the message says what to do
   */
  public static StorageNode start(StorageConfig config) throws IOException {
    return start(config, ClientUser::name, Groups::ofSystem);
  }

  /** As above, where somebody else says who clients are, and in which groups. */
  static StorageNode start(
      StorageConfig config, Function<Channel, @Nullable String> peers, Supplier<Groups> groups)
      throws IOException {
    if (config.people() != null && !config.endpoint().isUnix()) {
      throw new IOException(
          "a store for several people needs a Unix socket: only there the system says who a client is");
    }
    Files.createDirectories(config.folder());
    FileChannel lockFile = lock(config.folder());
    ShardLoop[] shards = new ShardLoop[config.shards()];
    MultiThreadIoEventLoopGroup loops = null;
    People people = null;
    RemoteDoor door = null;
    List<Listener> listeners = new ArrayList<>();
    try {
      if (config.people() != null) {
        people =
            new People(config.people(), config.quotaBytes(), groups.get(), InstantSource.system());
      }
      recover(config, shards, people);
      IoHandlerFactory io = NioIoHandler.newFactory();
      loops = new MultiThreadIoEventLoopGroup(2, io);
      ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
      Doorkeeper doorkeeper = new Doorkeeper(config, people, peers, shards, connections);
      listeners.add(
          Listener.open(
              loops,
              config.endpoint(),
              people == null ? Listener.OWN_USER : Listener.EVERYBODY,
              doorkeeper::accept));
      StorageConfig.Remote remote = config.remote();
      if (people != null && remote != null) {
        door = new RemoteDoor(remote, doorkeeper, loops);
        listeners.add(Listener.open(loops, remote.endpoint(), Listener.OWN_USER, door::accept));
      }
      return new StorageNode(lockFile, people, door, shards, loops, connections, listeners);
    } catch (IOException | RuntimeException e) {
      closeAll(listeners);
      if (door != null) {
        door.close();
      }
      if (loops != null) {
        loops.shutdownGracefully();
      }
      stop(shards);
      if (people != null) {
        people.groups().close();
      }
      lockFile.close();
      throw e;
    }
  }

  /** Reads all shards' logs, each on a thread of its own, and starts their loops. */
  private static void recover(StorageConfig config, ShardLoop[] shards, @Nullable People people)
      throws IOException {
    // A version of one life of the node must never equal one of another life.
    long incarnation = new SecureRandom().nextInt(1, Integer.MAX_VALUE);
    List<Future<Shard>> read = new ArrayList<>();
    try (ExecutorService readers = Executors.newThreadPerTaskExecutor(Thread::new)) {
      for (int i = 0; i < shards.length; i++) {
        Path folder = config.folder().resolve("shard-%d-of-%d".formatted(i, shards.length));
        read.add(
            readers.submit(() ->
                new Shard(new DiskFolder(folder), config.segmentBytes(), incarnation, people)));
      }
    }
    for (int i = 0; i < shards.length; i++) {
      try {
        shards[i] = new ShardLoop(read.get(i).get(), "shard-" + i, config.forceIntervalMs());
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the logs were read", e);
      }
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      LOG.warn("{} is in use by this very process", folder);
    }
    if (lock == null) {
      file.close();
      throw new IOException(
          folder + " is in use by another storage node: stop it first with `hydrocell stop`");
    }
    return file;
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return listeners.getFirst().endpoint();
  }

  /** Where it listens for other machines; only where {@link StorageConfig#remote} said so. */
  public Endpoint remoteEndpoint() {
    return listeners.get(1).endpoint();
  }

  @Override
  public void close() throws IOException {
    closeAll(listeners);
    connections.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 2, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    if (door != null) {
      door.close();
    }
    stop(shards);
    if (people != null) {
      people.groups().close();
    }
    lockFile.close();
  }

  private static void closeAll(List<Listener> listeners) {
    for (Listener each : listeners) {
      try {
        each.close();
      } catch (IOException e) {
        LOG.warn("cannot remove {}", each.endpoint(), e);
      }
    }
  }

  private static void stop(ShardLoop[] shards) {
    for (ShardLoop shard : shards) {
      if (shard != null) {
        try {
          shard.close();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
