package hydrocell.storage;

import hydrocell.storage.log.Damage;
import hydrocell.storage.log.LogFolder;
import hydrocell.storage.log.SegmentedLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard's log and what is known of its device. Once the device has refused a write, everything
 * appended since the last flush is lost and the shard must be read again ({@link #reopen}); from
 * then on the device is asked for room before anything is appended, until it gives some.
 */
final class ShardLog implements Closeable {
  private static final int LEAST_ROOM_BYTES = 64 << 10;

  private final LogFolder folder;
  private final long segmentBytes;
  private SegmentedLog log;
  private @Nullable IOException failure;
  private boolean distrusted;
  private long failures;

  ShardLog(LogFolder folder, long segmentBytes, SegmentedLog.Replay replay) throws IOException {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    log = SegmentedLog.open(folder, segmentBytes, replay);
  }

  /** What could not be read. */
  List<Damage> damages() {
    return log.damages();
  }

  /**
   * Appends a record.
   *
   * @throws IOException when the device refuses; then the next {@link #flush} fails, too
   */
  SegmentedLog.Location append(ByteBuffer... parts) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (distrusted) {
      int bytes = LEAST_ROOM_BYTES;
      for (ByteBuffer part : parts) {
        bytes += part.remaining();
      }
      // Refused here, nothing is lost and nothing has to be read again.
      log.makeSureOfRoom(bytes);
      distrusted = false;
    }
    try {
      return log.append(parts);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private IOException failed(IOException e) {
    failure = e;
    distrusted = true;
    failures++;
    return e;
  }

  /** Hands everything appended to the system. */
  void flush() throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      log.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Forces everything flushed to the device. Any thread may call it. */
  void force() throws IOException {
    log.force();
  }

  /** Whether something appended was lost, so that the shard must be read again. */
  boolean hasFailed() {
    return failure != null;
  }

  /** Whether the device refused a write and has taken none since. */
  boolean isDistrusted() {
    return distrusted;
  }

  /** How often the device refused a write. */
  long failures() {
    return failures;
  }

  /** Reads the log again; while that fails so does everything. */
  void reopen(SegmentedLog.Replay replay) throws IOException {
    log.abandon();
    log = SegmentedLog.open(folder, segmentBytes, replay);
    failure = null;
  }

  ByteBuffer read(SegmentedLog.Location at) throws IOException {
    return log.read(at);
  }

  void read(SegmentedLog.Location at, int from, ByteBuffer target) throws IOException {
    log.read(at, from, target);
  }

  /** Closes the present segment, unless it is empty. */
  void beginSegment() throws IOException {
    flush();
    try {
      log.beginSegment();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  List<Long> closedSegments() {
    return log.closedSegments();
  }

  void drop(List<Long> numbers) throws IOException {
    flush();
    try {
      log.drop(numbers);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  long sizeBytes() {
    return log.sizeBytes();
  }

  long appendedBytes() {
    return log.appendedBytes();
  }

  @Override
  public void close() throws IOException {
    if (failure == null) {
      log.close();
    } else {
      try {
        log.abandon();
      } finally {
        log.release();
      }
    }
  }
}
