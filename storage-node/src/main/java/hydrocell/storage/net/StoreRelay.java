package hydrocell.storage.net;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.Handshake;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A person's way to a store on another machine. It listens where the person's kernels and executors
 * expect a store, and for each of their connections makes one of its own to the real store, over
 * TLS. That one is admitted by the person's token; from then on bytes are passed on as they are,
 * beginning with the client's hello. So nobody but the node holds the token, and sandboxes without
 * a network reach the store. A client that cannot be passed on is refused, with words. Thread-safe.
 */
public final class StoreRelay implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreRelay.class);
  private static final int MAX_CONNECTIONS = 2048;

  /** How long the store may take until a connection is admitted. */
  public static final Duration USUAL_LIMIT = Duration.ofSeconds(10);

  private final Store store;
  private final Passports passports;
  private final byte[] secret;
  private final Duration limit;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<String, SslContext> trusted = new ConcurrentHashMap<>();
  private final Listener listener;

  /** Where a store is. */
  public record Store(String host, int port) {
    /** As people spell it. */
    @Override
    public String toString() {
      return "tls://" + host + ":" + port;
    }
  }

  /**
   * By what a person is admitted, and knows the store.
   *
   * @param certificate see {@link StoreTrust}
   * @param from the file that says so, for messages
   */
  public record Passport(String person, byte[] token, String certificate, String from) {}

  /** Where the person's passport is looked up for each connection. */
  @FunctionalInterface
  public interface Passports {
    /** The one that is good now. Throws with a message that says what to do. */
    Passport now() throws IOException;
  }

  private StoreRelay(
      Endpoint listen, Store store, Passports passports, byte[] secret, Duration limit)
      throws IOException {
    this.store = store;
    this.passports = passports;
    this.secret = secret.clone();
    this.limit = limit;
    try {
      listener = Listener.open(loops, listen, Listener.OWN_USER, this::accept);
    } catch (IOException | RuntimeException e) {
      loops.shutdownGracefully();
      throw e;
    }
  }

  /**
   * Listens; the store is not asked before a client comes.
   *
   * @param secret by which the person's kernels and hosts are known, and tokens of cells signed
   * @param limit how long the store may take to admit a connection
   */
  public static StoreRelay start(
      Endpoint listen, Store store, Passports passports, byte[] secret, Duration limit)
      throws IOException {
    return new StoreRelay(listen, store, passports, secret, limit);
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  private void accept(Channel client) {
    client.config().setAutoRead(false);
    if (clients.size() >= MAX_CONNECTIONS) {
      LOG.warn("refused a connection: there are {} already", MAX_CONNECTIONS);
      client.close();
    } else if (ClientUser.isOwn(client)) {
      clients.add(client);
      // Its loop may be in the middle of making the channel.
      client.eventLoop().execute(() -> connect(client));
    } else {
      client.close();
    }
  }

  private void connect(Channel client) {
    Passport passport;
    SslContext tls;
    try {
      passport = passports.now();
      tls = trusted(passport);
    } catch (IOException e) {
      refuse(client, String.valueOf(e.getMessage()));
      return;
    }
    StoreAdmission admission = new StoreAdmission(store, passport, secret, limit, new Way(client));
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis())
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                SslHandler handler = tls.newHandler(channel.alloc(), store.host(), store.port());
                handler.setHandshakeTimeoutMillis(limit.toMillis());
                channel
                    .pipeline()
                    .addLast(handler)
                    .addLast(Frames.decoder(Handshake.MAX_HELLO_BYTES))
                    .addLast(admission);
              }
            })
        .connect(InetSocketAddress.createUnresolved(store.host(), store.port()))
        .addListener(done -> {
          if (!done.isSuccess()) {
            admission.failed(done.cause());
          }
        });
  }

  private SslContext trusted(Passport passport) throws IOException {
    SslContext known = trusted.get(passport.certificate());
    if (known == null) {
      try {
        known = StoreTrust.of(passport.certificate());
      } catch (IOException e) {
        throw new IOException(passport.from() + ": " + e.getMessage(), e);
      }
      trusted.put(passport.certificate(), known);
    }
    return known;
  }

  /** What becomes of one client. */
  private final class Way implements StoreAdmission.Outcome {
    private final Channel client;

    Way(Channel client) {
      this.client = client;
    }

    @Override
    public void admitted(Channel remote) {
      remote.config().setAutoRead(false);
      remote.pipeline().addLast(new Passing(client));
      client.pipeline().addLast(new Passing(remote));
      if (client.isActive()) {
        client.read();
        remote.read();
      } else {
        remote.close();
      }
    }

    @Override
    public void refused(String why) {
      refuse(client, why);
    }
  }

  /** Answers the client's hello: who writes to a socket that was closed is not told why. */
  private void refuse(Channel client, String why) {
    LOG.warn("a client cannot be passed on: {}", why);
    client
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ReferenceCountUtil.release(message);
                context
                    .writeAndFlush(Frames.of(Handshake.refusal(why)))
                    .addListener(ChannelFutureListener.CLOSE);
              }
            });
    client
        .eventLoop()
        .schedule(() -> client.close(), Handshake.HELLO_LIMIT_MS, TimeUnit.MILLISECONDS);
    client.config().setAutoRead(true);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    clients.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
