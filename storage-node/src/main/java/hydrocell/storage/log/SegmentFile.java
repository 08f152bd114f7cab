package hydrocell.storage.log;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The file of one segment. One thread writes; {@link #read} and {@link #force} may come from
 * others.
 */
public interface SegmentFile extends Closeable {
  /** Bytes in it. */
  long sizeBytes() throws IOException;

  /** Reads at an offset into a buffer; how many bytes, -1 at the end. */
  int read(ByteBuffer target, long offset) throws IOException;

  /**
   * Writes at an offset, all of it or, when the device refuses, a part.
   *
   * @throws IOException when the device refuses
   */
  void write(ByteBuffer bytes, long offset) throws IOException;

  /** Cuts it to a length. */
  void truncate(long bytes) throws IOException;

  /** Returns when the device has what was written. */
  void force() throws IOException;

  /** All of it, to be read; valid until the arena closes. */
  MemorySegment map(Arena arena) throws IOException;

  /** For messages: where it is. */
  @Override
  String toString();
}
