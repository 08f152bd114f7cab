package hydrocell.storage;

import hydrocell.anna.wire.Admission;
import hydrocell.anna.wire.Handshake;
import hydrocell.storage.net.Frames;
import hydrocell.storage.net.PersonTokens;
import hydrocell.storage.net.PersonTokens.Issued;
import hydrocell.storage.net.StoreCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets people in from other machines: over TLS, and by a token, before anything else is read. Until
 * then a client is a stranger, of whom there are few at a time, and has little memory and time. Who
 * is in is looked at again now and then: a token that was revoked or has expired ends its
 * connections. Thread-safe.
 */
final class RemoteDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteDoor.class);
  private static final int MAX_STRANGERS = 256;
  private static final long REFUSALS_LOGGED = 20;

  private final SslContext tls;
  private final PersonTokens tokens;
  private final InstantSource clock = InstantSource.system();
  private final Doorkeeper next;
  private final Future<?> looking;
  private final AtomicInteger strangers = new AtomicInteger();
  private final AtomicLong refusals = new AtomicLong();
  private final Map<Channel, Issued> inside = new ConcurrentHashMap<>();

  /** Strangers' handshakes are computed here, and hold up nobody who is in. */
  private final ExecutorService handshakes =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("handshakes").factory());

  /** Throws with a message that says what to do when there is no certificate to be had. */
  RemoteDoor(StorageConfig.Remote remote, Doorkeeper next, EventLoopGroup loops)
      throws IOException {
    this.tls = StoreCertificate.at(remote.certificate()).serverContext();
    this.tokens = new PersonTokens(remote.tokens(), clock);
    this.next = next;
    this.looking =
        loops
            .next()
            .scheduleWithFixedDelay(
                this::lookAgain,
                remote.tokensAgainMs(),
                remote.tokensAgainMs(),
                TimeUnit.MILLISECONDS);
  }

  /** A client from somewhere. */
  void accept(Channel channel) {
    if (strangers.incrementAndGet() > MAX_STRANGERS) {
      strangers.decrementAndGet();
      channel.close();
      return;
    }
    Gate gate = new Gate();
    channel.closeFuture().addListener(closed -> gate.isStrangerNoMore());
    if (!next.hasRoom(channel)) {
      return;
    }
    SslHandler handler = tls.newHandler(channel.alloc(), handshakes);
    handler.setHandshakeTimeoutMillis(Handshake.HELLO_LIMIT_MS);
    channel
        .pipeline()
        .addLast(handler)
        .addLast(Frames.decoder(Handshake.MAX_HELLO_BYTES))
        .addLast(gate);
  }

  private void lookAgain() {
    inside.forEach((channel, issued) -> {
      try {
        if (!tokens.isGood(issued)) {
          LOG.info("the token {} of {} is not good any more", issued.id(), issued.person());
          channel.close();
        }
      } catch (IOException e) {
        LOG.warn("a token of {} cannot be looked at: {}", issued.person(), e.toString());
        channel.close();
      }
    });
  }

  private Issued known(byte[] token) throws Handshake.RefusedException {
    Issued found;
    try {
      found = tokens.find(token);
    } catch (IOException e) {
      LOG.error("a token cannot be read: {}", e.toString());
      throw new Handshake.RefusedException("the store cannot read what it knows of this token");
    }
    if (found == null) {
      throw new Handshake.RefusedException("it does not know this token, or it was revoked");
    }
    if (!clock.instant().isBefore(found.until())) {
      throw new Handshake.RefusedException(
          "the token of %s has expired at %s".formatted(found.person(), found.until()));
    }
    return found;
  }

  /** Reads one frame, and gives way to who reads all others. */
  private final class Gate extends ChannelInboundHandlerAdapter {
    private final ConnectionDeadline deadline = new ConnectionDeadline();
    private boolean known;

    /** On the channel's loop. */
    void isStrangerNoMore() {
      if (!known) {
        known = true;
        deadline.cancel();
        strangers.decrementAndGet();
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      deadline.in(context, 2 * Handshake.HELLO_LIMIT_MS);
      context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf frame = (ByteBuf) message;
      try {
        Admission said = Admission.read(frame.nioBuffer());
        admit(context, known(said.token()), said.secret());
      } catch (Handshake.RefusedException e) {
        long count = refusals.incrementAndGet();
        // Anybody may knock: it is not to fill the log.
        if (count <= REFUSALS_LOGGED || Long.bitCount(count) == 1) {
          LOG.warn("refused a client of another machine (number {}): {}", count, e.getMessage());
        }
        context
            .writeAndFlush(Frames.of(Handshake.refusal(String.valueOf(e.getMessage()))))
            .addListener(ChannelFutureListener.CLOSE);
      } finally {
        frame.release();
      }
    }

    private void admit(ChannelHandlerContext context, Issued issued, byte[] secret)
        throws Handshake.RefusedException {
      if (secret.length != People.SECRET_BYTES) {
        throw new Handshake.RefusedException("a node's secret has other bytes");
      }
      Channel channel = context.channel();
      isStrangerNoMore();
      inside.put(channel, issued);
      channel.closeFuture().addListener(closed -> inside.remove(channel));
      context.writeAndFlush(Frames.of(Admission.admitted(issued.person())));
      next.acceptRemote(channel, issued.person(), secret);
      // The next handler has its own limit for the client's hello, from when it hears of it.
      context.fireChannelActive();
      context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // Whoever knocks at an open port: no reason to fill the log.
      LOG.debug("closed a connection from another machine: {}", cause.toString());
      context.close();
    }
  }

  @Override
  public void close() {
    looking.cancel(false);
    handshakes.shutdownNow();
  }
}
