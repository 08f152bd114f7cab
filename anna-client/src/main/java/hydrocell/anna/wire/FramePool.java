package hydrocell.anna.wire;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Memory for large frames that is used again. A value of a hundred chunks would otherwise touch a
 * hundred fresh pieces of memory, which costs more than everything else on its way. Thread-safe.
 */
public final class FramePool {
  private static final int SMALLEST_POOLED_BYTES = 64 << 10;

  private final int frameBytes;
  private final ArrayBlockingQueue<ByteBuffer> free;

  /**
   * A pool.
   *
   * @param frameBytes length of its buffers; longer frames get memory of their own
   * @param mostKept how many unused buffers it keeps
   */
  public FramePool(int frameBytes, int mostKept) {
    this.frameBytes = frameBytes;
    this.free = new ArrayBlockingQueue<>(mostKept);
  }

  /** A buffer whose limit is the length. */
  ByteBuffer take(int lengthBytes) {
    if (lengthBytes < SMALLEST_POOLED_BYTES || lengthBytes > frameBytes) {
      return ByteBuffer.allocate(lengthBytes);
    }
    ByteBuffer used = free.poll();
    ByteBuffer buffer = used == null ? ByteBuffer.allocate(frameBytes) : used.clear();
    return buffer.limit(lengthBytes);
  }

  /** Takes back a buffer that nobody looks into any more. */
  public void recycle(ByteBuffer buffer) {
    if (buffer.capacity() == frameBytes) {
      free.offer(buffer);
    }
  }
}
