package hydrocell.anna.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Accepts connections and gives each to a handler on a thread of its own. A Unix socket's file is
 * only for this user, replaces a stale one, and is removed at the end.
 */
public final class FrameListener implements Closeable {
  private static final int MAX_CONNECTIONS = 1024;
  private static final long STACK_BYTES = 512 << 10;
  private static final long RETRY_NS = 10_000_000;

  private final ServerSocketChannel server;
  private final Endpoint endpoint;
  private final Set<FrameConnection> open = ConcurrentHashMap.newKeySet();

  private FrameListener(ServerSocketChannel server, Endpoint endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /** Listens; port 0 takes a free one. The handler's return closes its connection. */
  public static FrameListener start(Endpoint wanted, String name, Consumer<FrameConnection> handler)
      throws IOException {
    ServerSocketChannel server =
        wanted.isUnix()
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
    try {
      if (wanted.isUnix()) {
        Files.deleteIfExists(wanted.path());
      }
      server.bind(wanted.address());
      Endpoint bound = wanted;
      if (wanted.isUnix()) {
        if (Files.getFileStore(wanted.path()).supportsFileAttributeView("posix")) {
          Files.setPosixFilePermissions(
              wanted.path(), PosixFilePermissions.fromString("rw-------"));
        }
      } else {
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        bound = Endpoint.tcp(address.getHostString(), address.getPort());
      }
      FrameListener listener = new FrameListener(server, bound);
      Thread.ofPlatform().daemon().name(name + "-accept").start(() -> listener.accept(handler));
      return listener;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void accept(Consumer<FrameConnection> handler) {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        if (open.size() >= MAX_CONNECTIONS) {
          channel.close();
          continue;
        }
        FrameConnection connection =
            new FrameConnection(channel, FrameConnection.DEFAULT_MAX_FRAME_BYTES);
        open.add(connection);
        // Not virtual: code of users in the same process may hold every carrier.
        Thread.ofPlatform()
            .daemon()
            .name("connection")
            .stackSize(STACK_BYTES)
            .start(() -> serve(connection, handler));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        // Out of file descriptors, most likely; connections that end make room again.
        LockSupport.parkNanos(RETRY_NS);
      }
    }
  }

  private void serve(FrameConnection connection, Consumer<FrameConnection> handler) {
    try (connection) {
      handler.accept(connection);
    } catch (IOException e) {
      open.remove(connection);
    } finally {
      open.remove(connection);
    }
  }

  /** Where it listens, with the port that was taken. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** How many connections are open. */
  public int connections() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (FrameConnection connection : open) {
      connection.close();
    }
    if (endpoint.isUnix()) {
      Files.deleteIfExists(endpoint.path());
    }
  }
}
