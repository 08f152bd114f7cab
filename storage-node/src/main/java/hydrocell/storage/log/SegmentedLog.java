package hydrocell.storage.log;

import hydrocell.anna.wire.MalformedFrameException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;

/**
 * Append-only segments in one folder, owned by one thread; only {@link #force} may be called from
 * another. Appends are buffered until {@link #flush}, which hands them to the system in one write.
 *
 * <p>After an exception of {@link #append}, {@link #flush} or {@link #drop} the owner abandons the
 * log and opens it again: it is then where the last successful flush left it.
 */
public final class SegmentedLog implements Closeable {
  /** A body that begins with this merges a lattice into a key. */
  public static final int MERGED = 1;

  /** A body that begins with this removes a key. */
  public static final int REMOVED = 2;

  static final byte[] MAGIC = "HYCLOG01".getBytes(StandardCharsets.US_ASCII);
  static final int RECORD_HEADER_BYTES = 8;
  private static final int BUFFER_BYTES = 4 << 20;

  private final LogFolder folder;
  private final long segmentBytes;
  private final NavigableMap<Long, Segment> segments = new TreeMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final List<Damage> damages = new ArrayList<>();
  private volatile Segment active;

  /** Full segments of which the device may not have everything; also the lock of forcing. */
  private final Queue<Segment> unforced = new ConcurrentLinkedQueue<>();

  private volatile boolean folderForced;

  /** What the active segment's file holds. */
  private long activeBytes;

  private long closedBytes;
  private long appendedBytes;

  /** Where the last {@link #flush} ended. */
  private long markedSegment;

  private long markedBytes;
  private boolean closed;

  /**
   * Where a record's body lies.
   *
   * @param segment number of its segment
   * @param offset of the body in the segment
   * @param length of the body
   */
  public record Location(long segment, long offset, int length) {}

  /** Told of every record at recovery, in the order of writing. */
  @FunctionalInterface
  public interface Replay {
    /** One record; the buffer is only valid during the call. */
    void record(Location at, ByteBuffer body) throws MalformedFrameException;
  }

  private record Segment(long number, SegmentFile file) {}

  private SegmentedLog(LogFolder folder, long segmentBytes, Segment first) {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    this.active = first;
  }

  /**
   * Opens the log, replays it, and cuts a torn tail off.
   *
   * @throws IOException when the folder cannot be used, or a segment is of another format
   */
  public static SegmentedLog open(LogFolder folder, long segmentBytes, Replay replay)
      throws IOException {
    NavigableMap<Long, Segment> found = new TreeMap<>();
    try {
      return open(folder, segmentBytes, replay, found);
    } catch (IOException | RuntimeException e) {
      closeAll(found.values());
      throw e;
    }
  }

  private static SegmentedLog open(
      LogFolder folder, long segmentBytes, Replay replay, NavigableMap<Long, Segment> found)
      throws IOException {
    List<Damage> damages = new ArrayList<>();
    long closedBytes = 0;
    long activeBytes = 0;
    List<Long> numbers = folder.segments();
    for (long number : numbers) {
      if (!found.isEmpty() && number != found.lastKey() + 1) {
        long missing = found.lastKey() + 1;
        damages.add(new Damage("segment %016x in %s".formatted(missing, folder), 0, 0, ""));
      }
      boolean last = number == numbers.getLast();
      SegmentFile file = folder.open(number);
      found.put(number, new Segment(number, file));
      long end = SegmentReader.replay(number, file, last, replay, damages);
      closedBytes += last ? 0 : end;
      activeBytes = end;
    }
    if (found.isEmpty()) {
      found.put(1L, new Segment(1, folder.create(1)));
    }
    Segment last = found.lastEntry().getValue();
    SegmentedLog log = new SegmentedLog(folder, segmentBytes, last);
    log.segments.putAll(found);
    log.damages.addAll(damages);
    log.closedBytes = closedBytes;
    last.file.truncate(activeBytes);
    log.activeBytes = activeBytes;
    log.begin();
    return log;
  }

  /** Writes what every segment begins with, which the active one may not have yet. */
  private void begin() throws IOException {
    active.file.write(ByteBuffer.wrap(MAGIC), 0);
    activeBytes = Math.max(activeBytes, MAGIC.length);
    markedSegment = active.number;
    markedBytes = activeBytes;
  }

  /** What could not be read when the log was opened. */
  public List<Damage> damages() {
    return List.copyOf(damages);
  }

  /**
   * Appends a record made of the parts; it reaches the system with the next {@link #flush}.
   *
   * @throws IOException when the system refuses the write
   */
  public Location append(ByteBuffer... parts) throws IOException {
    CRC32C crc = new CRC32C();
    int length = 0;
    for (ByteBuffer part : parts) {
      length += part.remaining();
      crc.update(part.duplicate());
    }
    if (activeBytes + buffer.position() > segmentBytes) {
      writeBuffer();
      roll();
    }
    if (buffer.remaining() < RECORD_HEADER_BYTES + length) {
      writeBuffer();
    }
    long bodyAt = activeBytes + buffer.position() + RECORD_HEADER_BYTES;
    if (RECORD_HEADER_BYTES + length > buffer.remaining()) {
      writeRecord(length, (int) crc.getValue(), parts);
    } else {
      buffer.putInt(length).putInt((int) crc.getValue());
      for (ByteBuffer part : parts) {
        buffer.put(part.duplicate());
      }
    }
    appendedBytes += RECORD_HEADER_BYTES + length;
    return new Location(active.number, bodyAt, length);
  }

  /** Writes a record that is larger than the buffer, which is empty then. */
  private void writeRecord(int length, int crc, ByteBuffer... parts) throws IOException {
    ByteBuffer[] record = new ByteBuffer[parts.length + 1];
    record[0] = ByteBuffer.allocate(RECORD_HEADER_BYTES).putInt(length).putInt(crc).flip();
    for (int i = 0; i < parts.length; i++) {
      record[i + 1] = parts[i].duplicate();
    }
    writeFully(record);
  }

  /** Hands everything appended to the system: after this it survives the death of this process. */
  public void flush() throws IOException {
    writeBuffer();
    markedSegment = active.number;
    markedBytes = activeBytes;
  }

  private void writeBuffer() throws IOException {
    if (buffer.position() > 0) {
      try {
        writeFully(buffer.flip());
      } finally {
        buffer.clear();
      }
    }
  }

  private void writeFully(ByteBuffer... parts) throws IOException {
    long end = activeBytes;
    try {
      for (ByteBuffer part : parts) {
        int length = part.remaining();
        active.file.write(part, end);
        end += length;
      }
    } catch (IOException e) {
      active.file.truncate(activeBytes);
      throw e;
    }
    activeBytes = end;
  }

  /** Closes the present segment, unless it is empty, and begins another one. */
  public void beginSegment() throws IOException {
    writeBuffer();
    if (activeBytes > MAGIC.length) {
      roll();
    }
  }

  /** Begins a segment; the full one is forced with the next {@link #force}, not while one waits. */
  private void roll() throws IOException {
    Segment full = active;
    Segment next = new Segment(full.number + 1, folder.create(full.number + 1));
    try {
      next.file.write(ByteBuffer.wrap(MAGIC), 0);
    } catch (IOException e) {
      next.file.close();
      folder.delete(next.number);
      throw e;
    }
    unforced.add(full);
    closedBytes += activeBytes;
    folderForced = false;
    active = next;
    activeBytes = MAGIC.length;
    segments.put(next.number, next);
  }

  /** Reads a record's body back. */
  public ByteBuffer read(Location at) throws IOException {
    ByteBuffer body = ByteBuffer.allocate(at.length);
    read(at, 0, body);
    return body.flip();
  }

  /** Fills a buffer from a record's body, from an offset in the body on. */
  public void read(Location at, int from, ByteBuffer target) throws IOException {
    Segment segment = segments.get(at.segment);
    if (segment == null) {
      throw new IOException("segment " + at.segment + " is missing in " + folder);
    }
    long offset = at.offset + from;
    while (target.hasRemaining()) {
      int read = segment.file.read(target, offset);
      if (read < 0) {
        throw new IOException(segment.file + " ends early");
      }
      offset += read;
    }
  }

  /** Forces what was flushed to the device. Any thread may call it. */
  public void force() throws IOException {
    synchronized (unforced) {
      for (Segment full = unforced.peek(); full != null; full = unforced.peek()) {
        full.file.force();
        unforced.remove(full);
      }
      active.file.force();
      if (!folderForced) {
        // Before it is done: a segment that begins meanwhile asks for it again.
        folderForced = true;
        try {
          folder.force();
        } catch (IOException e) {
          folderForced = false;
          throw e;
        }
      }
    }
  }

  /** Numbers of all segments but the one being written, the oldest first. */
  public List<Long> closedSegments() {
    return List.copyOf(segments.headMap(active.number).keySet());
  }

  /** Deletes segments whose live records were appended again, after forcing those. */
  public void drop(List<Long> numbers) throws IOException {
    flush();
    force();
    for (Long number : numbers) {
      Segment segment = segments.remove(number);
      if (segment != null) {
        closedBytes -= segment.file.sizeBytes();
        segment.file.close();
        folder.delete(number);
      }
    }
  }

  /** Bytes on disk. */
  public long sizeBytes() {
    return closedBytes + activeBytes;
  }

  /** Bytes appended since the log was opened. */
  public long appendedBytes() {
    return appendedBytes;
  }

  /**
   * Finds out whether the system would take so many bytes, by writing and taking them back.
   *
   * @throws IOException when it refuses
   */
  public void makeSureOfRoom(int bytes) throws IOException {
    writeBuffer();
    try {
      active.file.write(ByteBuffer.allocate(bytes), activeBytes);
    } finally {
      active.file.truncate(activeBytes);
    }
  }

  /**
   * Takes back what was appended since the last successful flush, and closes the files. When the
   * device refuses that, it is to be tried again; once it was done, it does nothing.
   */
  public void abandon() throws IOException {
    if (closed) {
      return;
    }
    buffer.clear();
    for (Segment late : segments.tailMap(markedSegment, false).values()) {
      folder.delete(late.number);
    }
    Segment marked = segments.get(markedSegment);
    if (marked != null) {
      marked.file.truncate(markedBytes);
    }
    release();
  }

  /** Closes the files as they are; nothing else can be done any more. */
  public void release() throws IOException {
    synchronized (unforced) {
      if (!closed) {
        closed = true;
        closeAll(segments.values());
      }
    }
  }

  private static void closeAll(Collection<Segment> segments) throws IOException {
    IOException first = null;
    for (Segment segment : segments) {
      try {
        segment.file.close();
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      flush();
      force();
    } finally {
      release();
    }
  }
}
