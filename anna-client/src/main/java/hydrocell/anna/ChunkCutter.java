package hydrocell.anna;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a value's parts into chunks of equal length. */
final class ChunkCutter {
  private final Iterator<ByteBuffer> rest;
  private ByteBuffer current = ByteBuffer.allocate(0);
  private long left;

  ChunkCutter(List<ByteBuffer> parts) {
    rest = parts.iterator();
    left = parts.stream().mapToLong(ByteBuffer::remaining).sum();
  }

  /** The next chunk; null at the end. */
  byte @Nullable [] next() {
    if (left == 0) {
      return null;
    }
    byte[] chunk = new byte[(int) Math.min(left, Values.CHUNK_BYTES)];
    int filled = 0;
    while (filled < chunk.length) {
      while (!current.hasRemaining()) {
        current = rest.next().duplicate();
      }
      int take = Math.min(current.remaining(), chunk.length - filled);
      current.get(chunk, filled, take);
      filled += take;
    }
    left -= filled;
    return chunk;
  }
}
