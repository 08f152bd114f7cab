package hydrocell.storage;

import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames of answers, one after the other, in as few buffers as possible. Filled by a shard's
 * thread, then handed to the connection's.
 */
final class ReplyBuffer {
  private static final int LARGE_BYTES = 64 << 10;

  private final List<ByteBuf> parts = new ArrayList<>();
  private ByteWriter out;

  ReplyBuffer(int answers) {
    out = new ByteWriter(64 * answers);
  }

  /** Adds an answer. */
  void add(long id, ShardReply answer) {
    switch (answer) {
      case ShardReply.Plain(AnnaReply reply) when AnnaReply.sizeHint(reply) > LARGE_BYTES -> {
        ByteWriter body = new ByteWriter(AnnaReply.sizeHint(reply));
        AnnaReply.write(body, id, reply);
        out.u32(body.size());
        closeWriter();
        parts.add(Unpooled.wrappedBuffer(body.view()));
      }
      case ShardReply.Plain(AnnaReply reply) -> {
        int lengthAt = out.size();
        AnnaReply.write(out.u32(0), id, reply);
        out.view().putInt(lengthAt, out.size() - lengthAt - 4);
      }
      case ShardReply.Found(long version, ByteBuf lattice) -> {
        int lengthAt = out.size();
        AnnaReply.writeFoundHead(out.u32(0), id, version);
        out.view().putInt(lengthAt, out.size() - lengthAt - 4 + lattice.readableBytes());
        closeWriter();
        parts.add(lattice);
      }
    }
  }

  private void closeWriter() {
    if (out.size() > 0) {
      parts.add(Unpooled.wrappedBuffer(out.view()));
      out = new ByteWriter();
    }
  }

  /** The buffers, in order, which the caller now owns. */
  List<ByteBuf> take() {
    closeWriter();
    return List.copyOf(parts);
  }
}
