package hydrocell.storage.log;

import hydrocell.anna.wire.MalformedFrameException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Append-only segments in one folder, owned by one thread; only {@link #force} may be called from
 * another. Appends are buffered until {@link #flush}, which hands them to the system in one write.
 */
public final class SegmentedLog implements Closeable {
  static final byte[] MAGIC = "HYCLOG01".getBytes(StandardCharsets.US_ASCII);
  private static final Logger LOG = LoggerFactory.getLogger(SegmentedLog.class);
  private static final int RECORD_HEADER_BYTES = 8;
  private static final int BUFFER_BYTES = 4 << 20;

  private final Path folder;
  private final long segmentBytes;
  private final NavigableMap<Long, Segment> segments = new TreeMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private volatile Segment active;

  /** Full segments of which the device may not have everything; also the lock of forcing. */
  private final Queue<Segment> unforced = new ConcurrentLinkedQueue<>();

  /** What the active segment's file holds; asking the file costs a system call a record. */
  private long activeBytes;

  private long appendedBytes;

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

  private record Segment(long number, Path path, FileChannel channel) {}

  private SegmentedLog(Path folder, long segmentBytes, Segment first) {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    this.active = first;
  }

  /**
   * Opens the log, replays it, and cuts a torn tail off.
   *
   * @throws IOException when the folder cannot be used, or a segment is of another format
   */
  public static SegmentedLog open(Path folder, long segmentBytes, Replay replay)
      throws IOException {
    Files.createDirectories(folder);
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(p -> p.getFileName().toString().matches("[0-9a-f]{16}\\.log"))
          .sorted()
          .forEach(files::add);
    }
    NavigableMap<Long, Segment> found = new TreeMap<>();
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      long number = Long.parseLong(file.getFileName().toString().substring(0, 16), 16);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Segment segment = new Segment(number, file, channel);
      found.put(number, segment);
      recover(segment, i == files.size() - 1, replay);
    }
    Segment last = found.isEmpty() ? create(folder, 1) : found.lastEntry().getValue();
    SegmentedLog log = new SegmentedLog(folder, segmentBytes, last);
    log.segments.putAll(found);
    log.segments.put(last.number, last);
    log.activeBytes = last.channel.size();
    last.channel.position(log.activeBytes);
    return log;
  }

  private static Segment create(Path folder, long number) throws IOException {
    Path path = folder.resolve("%016x.log".formatted(number));
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileChannel channel =
        Files.getFileStore(folder).supportsFileAttributeView("posix")
            ? FileChannel.open(
                path,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : FileChannel.open(path, options);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(MAGIC));
    return new Segment(number, path, channel);
  }

  private static void recover(Segment segment, boolean last, Replay replay) throws IOException {
    FileChannel channel = segment.channel;
    long size = channel.size();
    if (size < MAGIC.length) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(MAGIC), 0);
      return;
    }
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      byte[] magic = new byte[MAGIC.length];
      mapped.asSlice(0, MAGIC.length).asByteBuffer().get(magic);
      if (!java.util.Arrays.equals(magic, MAGIC)) {
        throw new IOException(
            segment.path
                + " is not a segment of this version: open it with the build that wrote it");
      }
      long at = MAGIC.length;
      while (at + RECORD_HEADER_BYTES <= size) {
        ByteBuffer header = mapped.asSlice(at, RECORD_HEADER_BYTES).asByteBuffer();
        int length = header.getInt();
        int crc = header.getInt();
        if (length <= 0 || at + RECORD_HEADER_BYTES + length > size) {
          break;
        }
        long bodyAt = at + RECORD_HEADER_BYTES;
        ByteBuffer body = mapped.asSlice(bodyAt, length).asByteBuffer();
        if (crc(body) == crc) {
          replay(segment, bodyAt, body, replay);
        } else if (last && bodyAt + length == size) {
          break;
        } else {
          LOG.error("{} is damaged at offset {}: {} bytes are skipped", segment.path, at, length);
        }
        at = bodyAt + length;
      }
      if (at < size) {
        LOG.warn("{}: cut {} bytes of a torn write off", segment.path, size - at);
      }
      size = at;
    }
    channel.truncate(size);
  }

  private static void replay(Segment segment, long bodyAt, ByteBuffer body, Replay replay) {
    try {
      replay.record(new Location(segment.number, bodyAt, body.remaining()), body.duplicate());
    } catch (MalformedFrameException e) {
      LOG.error("{} is damaged at offset {}: {}", segment.path, bodyAt, e.getMessage());
    }
  }

  private static int crc(ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(body.duplicate());
    return (int) crc.getValue();
  }

  /**
   * Appends a record made of the parts; it reaches the system with the next {@link #flush}.
   *
   * @throws IOException when the system refuses the write: then nothing since the last flush counts
   */
  public Location append(ByteBuffer... parts) throws IOException {
    CRC32C crc = new CRC32C();
    int length = 0;
    for (ByteBuffer part : parts) {
      length += part.remaining();
      crc.update(part.duplicate());
    }
    if (activeBytes + buffer.position() > segmentBytes) {
      flush();
      roll();
    }
    if (buffer.remaining() < RECORD_HEADER_BYTES + length) {
      flush();
    }
    long bodyAt = activeBytes + buffer.position() + RECORD_HEADER_BYTES;
    if (RECORD_HEADER_BYTES + length > buffer.remaining()) {
      writePast(length, (int) crc.getValue(), parts);
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
  private void writePast(int length, int crc, ByteBuffer... parts) throws IOException {
    ByteBuffer[] record = new ByteBuffer[parts.length + 1];
    record[0] = ByteBuffer.allocate(RECORD_HEADER_BYTES).putInt(length).putInt(crc).flip();
    for (int i = 0; i < parts.length; i++) {
      record[i + 1] = parts[i].duplicate();
    }
    writeFully(record);
  }

  /** Hands everything appended to the system: after this it survives the death of this process. */
  public void flush() throws IOException {
    if (buffer.position() > 0) {
      try {
        writeFully(buffer.flip());
      } finally {
        buffer.clear();
      }
    }
  }

  private void writeFully(ByteBuffer... parts) throws IOException {
    long written = 0;
    try {
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          written += active.channel.write(part);
        }
      }
    } catch (IOException e) {
      active.channel.truncate(activeBytes);
      active.channel.position(activeBytes);
      throw e;
    }
    activeBytes += written;
  }

  /** Begins a segment; the full one is forced with the next {@link #force}, not while one waits. */
  private void roll() throws IOException {
    unforced.add(active);
    active = create(folder, active.number + 1);
    activeBytes = MAGIC.length;
    segments.put(active.number, active);
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
      int read = segment.channel.read(target, offset);
      if (read < 0) {
        throw new IOException(segment.path + " ends early");
      }
      offset += read;
    }
  }

  /** Forces what was flushed to the device. Any thread may call it. */
  public void force() throws IOException {
    synchronized (unforced) {
      for (Segment full = unforced.peek(); full != null; full = unforced.peek()) {
        full.channel.force(false);
        unforced.remove(full);
      }
      active.channel.force(false);
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
        segment.channel.close();
        Files.deleteIfExists(segment.path);
      }
    }
  }

  /** Bytes on disk. */
  public long sizeBytes() throws IOException {
    long sum = 0;
    for (Segment segment : segments.values()) {
      sum += segment.channel.size();
    }
    return sum;
  }

  /** Bytes appended since the log was opened. */
  public long appendedBytes() {
    return appendedBytes;
  }

  @Override
  public void close() throws IOException {
    flush();
    force();
    for (Segment segment : segments.values()) {
      segment.channel.close();
    }
  }
}
