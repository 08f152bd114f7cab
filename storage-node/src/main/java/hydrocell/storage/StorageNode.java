package hydrocell.storage;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.PeerUser;
import hydrocell.storage.log.DiskFolder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage node: a listener and its shards, in the order in which they are started and, backwards,
 * stopped. One node at a time uses a folder. It serves its own user, or, with {@link
 * StorageConfig#people}, every user of the machine, each as the operating system says that they
 * are.
 */
public final class StorageNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StorageNode.class);

  /** One person can have that part of all connections. */
  private static final int PEOPLE_AT_ONCE = 8;

  private final FileChannel lockFile;
  private final @Nullable People people;
  private final ShardLoop[] shards;
  private final MultiThreadIoEventLoopGroup loops;
  private final ChannelGroup connections;
  private final Channel server;
  private final Endpoint endpoint;

  private StorageNode(
      FileChannel lockFile,
      @Nullable People people,
      ShardLoop[] shards,
      MultiThreadIoEventLoopGroup loops,
      ChannelGroup connections,
      Channel server,
      Endpoint endpoint) {
    this.lockFile = lockFile;
    this.people = people;
    this.shards = shards;
    this.loops = loops;
    this.connections = connections;
    this.server = server;
    this.endpoint = endpoint;
  }

  /**
   * Recovers the logs and listens.
   *
   * @throws IOException when the folder is in use or unusable; the message says what to do
   */
  public static StorageNode start(StorageConfig config) throws IOException {
    return start(config, StorageNode::peer, Groups::ofSystem);
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
    try {
      if (config.people() != null) {
        people =
            new People(config.people(), config.quotaBytes(), groups.get(), InstantSource.system());
      }
      recover(config, shards, people);
      IoHandlerFactory io = NioIoHandler.newFactory();
      loops = new MultiThreadIoEventLoopGroup(2, io);
      ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
      Channel server =
          listen(config, new Doorkeeper(config, people, peers, shards, connections), loops);
      Endpoint bound = config.endpoint();
      if (!bound.isUnix()) {
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        bound = Endpoint.tcp(address.getHostString(), address.getPort());
      }
      return new StorageNode(lockFile, people, shards, loops, connections, server, bound);
    } catch (IOException | RuntimeException e) {
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

  private static Channel listen(
      StorageConfig config, Doorkeeper doorkeeper, MultiThreadIoEventLoopGroup loops)
      throws IOException {
    boolean unix = config.endpoint().isUnix();
    Class<? extends ServerChannel> type =
        unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
    if (unix) {
      Files.deleteIfExists(config.endpoint().path());
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            // The adaptive allocator takes fresh memory for every large frame.
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(
                ChannelOption.RCVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(1 << 10, 16 << 10, 1 << 20))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    doorkeeper.accept(channel);
                  }
                });
    if (!unix) {
      bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
    }
    Channel server = bootstrap.bind(config.endpoint().address()).syncUninterruptibly().channel();
    if (unix && Files.getFileStore(config.endpoint().path()).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          config.endpoint().path(),
          PosixFilePermissions.fromString(config.people() == null ? "rw-------" : "rw-rw-rw-"));
    }
    return server;
  }

  /** Decides which connections there are, and whose keys each of them means. */
  private record Doorkeeper(
      StorageConfig config,
      @Nullable People people,
      Function<Channel, @Nullable String> peers,
      ShardLoop[] shards,
      ChannelGroup connections) {
    void accept(Channel channel) {
      if (connections.size() >= config.maxConnections()) {
        LOG.warn("refused a connection: there are {} already", connections.size());
        channel.close();
        return;
      }
      People everybody = people;
      if (everybody == null) {
        if (channel instanceof NioDomainSocketChannel && !isOwnUser(channel)) {
          channel.close();
          return;
        }
        serve(channel, new KeySpace.OnePerson(config.secret()));
        return;
      }
      String person = peers.apply(channel);
      if (person == null) {
        LOG.warn("refused a client: the system does not say who it is");
        channel.close();
        return;
      }
      if (!everybody.connected(person, config.maxConnections() / PEOPLE_AT_ONCE)) {
        LOG.warn("refused a connection: {} has too many already", person);
        channel.close();
        return;
      }
      channel.closeFuture().addListener(closed -> everybody.disconnected(person));
      // What it says is read once its groups are known.
      channel.config().setAutoRead(false);
      serve(channel, new PersonKeys(person, everybody));
      everybody
          .groups()
          .learn(person)
          .whenComplete((known, failure) ->
              channel.eventLoop().execute(() -> channel.config().setAutoRead(true)));
    }

    private void serve(Channel channel, KeySpace space) {
      connections.add(channel);
      channel
          .pipeline()
          .addLast(RequestHandler.frames(Handshake.MAX_HELLO_BYTES))
          .addLast(
              new RequestHandler(space, shards, config.maxFrameBytes(), InstantSource.system()));
    }
  }

  /** The user of the operating system at the other end; null when the system does not tell. */
  private static @Nullable String peer(Channel channel) {
    UnixDomainPrincipal peer = channel.config().getOption(NioChannelOption.of(PeerUser.OPTION));
    return peer == null ? null : peer.user().getName();
  }

  /** Whether the peer is a process of this user, or the system does not tell. */
  private static boolean isOwnUser(Channel channel) {
    UnixDomainPrincipal peer = channel.config().getOption(NioChannelOption.of(PeerUser.OPTION));
    try {
      if (peer != null) {
        PeerUser.requireOwn(peer);
      }
      return true;
    } catch (IOException e) {
      LOG.warn("refused a client: {}", e.getMessage());
      return false;
    }
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public void close() throws IOException {
    server.close().syncUninterruptibly();
    connections.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 2, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    stop(shards);
    if (people != null) {
      people.groups().close();
    }
    lockFile.close();
    if (endpoint.isUnix()) {
      Files.deleteIfExists(endpoint.path());
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
