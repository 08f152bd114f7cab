package hydrocell.storage.net;

import hydrocell.anna.wire.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/** Frames of {@code hydrocell.anna.wire} on Netty's channels. */
public final class Frames {
  private Frames() {}

  /** One frame with this payload. */
  public static ByteBuf of(ByteWriter payload) {
    return Unpooled.wrappedBuffer(
        Unpooled.buffer(4).writeInt(payload.size()), Unpooled.wrappedBuffer(payload.view()));
  }

  /** The decoder of a connection's frames. */
  public static LengthFieldBasedFrameDecoder decoder(int maxFrameBytes) {
    return new LengthFieldBasedFrameDecoder(maxFrameBytes, 0, 4, 0, 4);
  }
}
