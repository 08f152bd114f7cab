package hydrocell.storage.net;

import hydrocell.anna.wire.Admission;
import hydrocell.anna.wire.Handshake;
import hydrocell.storage.net.StoreRelay.Passport;
import hydrocell.storage.net.StoreRelay.Store;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first steps of a connection to a store on another machine: TLS, then the person's token, then
 * the store's word on whose token that is. On the connection's loop.
 */
final class StoreAdmission extends ChannelInboundHandlerAdapter {
  private final Store store;
  private final Passport passport;
  private final byte[] secret;
  private final Duration limit;
  private final Outcome outcome;
  private boolean over;

  /** Is told once how it ended. */
  interface Outcome {
    /** The store waits for the hello of the client. */
    void admitted(Channel remote);

    /** There is no way to the store, in words for the person. */
    void refused(String why);
  }

  StoreAdmission(Store store, Passport passport, byte[] secret, Duration limit, Outcome outcome) {
    this.store = store;
    this.passport = passport;
    this.secret = secret;
    this.limit = limit;
    this.outcome = outcome;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context
        .executor()
        .schedule(
            () -> {
              if (!over) {
                refuse(noAnswer("it says nothing for %d s".formatted(limit.toSeconds())));
                context.close();
              }
            },
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        context.writeAndFlush(Frames.of(new Admission(passport.token(), secret).hello()));
      } else {
        failed(handshake.cause());
        context.close();
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf frame = (ByteBuf) message;
    try {
      String person = Admission.person(frame.nioBuffer());
      if (!person.equals(passport.person())) {
        throw new Handshake.RefusedException(
            "this token is %s's, and the file says %s".formatted(person, passport.person()));
      }
      over = true;
      context.pipeline().remove(LengthFieldBasedFrameDecoder.class);
      context.pipeline().remove(this);
      outcome.admitted(context.channel());
    } catch (Handshake.RefusedException e) {
      refuse(
          "the shared store at %s refuses: %s. Its operator issues tokens with `hydrocell token %s`; the text that prints goes into %s"
              .formatted(store, e.getMessage(), passport.person(), passport.from()));
      context.close();
    } finally {
      frame.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    refuse(noAnswer("it closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(cause);
    context.close();
  }

  /** The connection failed; only the first failure counts. */
  void failed(Throwable cause) {
    CertificateException certificate = certificateIn(cause);
    if (certificate != null) {
      refuse(
          "the server at %s is not the store that %s means (%s). If the store has a new certificate, ask its operator for a new token; if not, somebody else answers in its place"
              .formatted(store, passport.from(), certificate.getMessage()));
    } else if (is(cause, NotSslRecordException.class)) {
      refuse(
          "the server at %s does not speak TLS: HYDROCELL_STORE names another server's port; the store's operator knows the right one"
              .formatted(store));
    } else if (is(cause, UnknownHostException.class)) {
      refuse(noAnswer("there is no host of that name"));
    } else if (cause instanceof SslHandshakeTimeoutException
        || cause instanceof ConnectTimeoutException) {
      refuse(noAnswer("it says nothing for %d s".formatted(limit.toSeconds())));
    } else {
      refuse(noAnswer(String.valueOf(cause.getMessage())));
    }
  }

  private String noAnswer(String why) {
    return "the shared store at %s does not answer (%s): its operator starts it with `hydrocell node --shared FOLDER --listen HOST:PORT`"
        .formatted(store, why);
  }

  private void refuse(String why) {
    if (!over) {
      over = true;
      outcome.refused(why);
    }
  }

  private static boolean is(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return true;
      }
    }
    return false;
  }

  /** What is wrong with the certificate, if that is it. */
  private static @Nullable CertificateException certificateIn(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof CertificateException wrong) {
        return wrong;
      }
    }
    return null;
  }
}
