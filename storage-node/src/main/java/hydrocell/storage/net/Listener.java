package hydrocell.storage.net;

import hydrocell.anna.wire.Endpoint;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/**
 * A socket that clients connect to.
 *
 * @param channel of the socket
 * @param endpoint where it listens; with the port that it was given
 */
public record Listener(Channel channel, Endpoint endpoint) {
  /** The permissions of a Unix socket that this user alone can connect to. */
  public static final String OWN_USER = "rw-------";

  /** Those of one that everybody can connect to. */
  public static final String EVERYBODY = "rw-rw-rw-";

  /**
   * Listens.
   *
   * @param permissions of the socket, where it is one in the file system
   * @param onClient is given each client's channel before anything was read from it
   * @throws IOException with a message that says what to do
   */
  public static Listener open(
      EventLoopGroup loops, Endpoint wanted, String permissions, Consumer<Channel> onClient)
      throws IOException {
    boolean unix = wanted.isUnix();
    Class<? extends ServerChannel> type =
        unix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
    if (unix) {
      Files.deleteIfExists(wanted.path());
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
                    onClient.accept(channel);
                  }
                });
    if (!unix) {
      bootstrap.childOption(ChannelOption.TCP_NODELAY, true);
    }
    ChannelFuture bound = bootstrap.bind(wanted.address()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen at %s (%s): is it in use, or not an address of this machine?"
              .formatted(wanted, bound.cause()),
          bound.cause());
    }
    Channel server = bound.channel();
    if (!unix) {
      InetSocketAddress address = (InetSocketAddress) server.localAddress();
      return new Listener(server, Endpoint.tcp(address.getHostString(), address.getPort()));
    }
    if (Files.getFileStore(wanted.path()).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(wanted.path(), PosixFilePermissions.fromString(permissions));
    }
    return new Listener(server, wanted);
  }

  /** Listens no more. */
  public void close() throws IOException {
    channel.close().syncUninterruptibly();
    if (endpoint.isUnix()) {
      Files.deleteIfExists(endpoint.path());
    }
  }
}
