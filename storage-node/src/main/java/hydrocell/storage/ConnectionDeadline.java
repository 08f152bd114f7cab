package hydrocell.storage;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a connection has to end: at first if nobody says who he is, later when his token expires. A
 * closed connection must cancel it, or the loop would keep its buffers until that moment. Only for
 * the connection's loop.
 */
final class ConnectionDeadline {
  private @Nullable Future<?> end;

  /** Closes the connection in so many ms, and not when it was to be closed before. */
  void in(ChannelHandlerContext context, long delayMs) {
    cancel();
    end = context.executor().schedule(() -> context.close(), delayMs, TimeUnit.MILLISECONDS);
  }

  /** The connection may stay, or is closed. */
  void cancel() {
    if (end != null) {
      end.cancel(false);
      end = null;
    }
  }
}
