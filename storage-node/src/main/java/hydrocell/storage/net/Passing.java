package hydrocell.storage.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what comes from one end of a relayed connection to the other, and reads more when that
 * has taken it: so a slow end slows the other, and no more than one piece waits in between. Both
 * ends are of one loop.
 */
final class Passing extends ChannelInboundHandlerAdapter {
  private final Channel other;
  private @Nullable ChannelFuture last;

  Passing(Channel other) {
    this.other = other;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    last = other.write(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    ChannelFuture written = last;
    last = null;
    other.flush();
    if (written == null) {
      context.read();
      return;
    }
    written.addListener(done -> {
      if (done.isSuccess()) {
        context.read();
      } else {
        context.close();
      }
    });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
