package hydrocell.storage.log;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.MalformedFrameException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one segment at recovery. Behind damage it looks for the next whole record, so that a bit
 * that flipped costs one record and not the rest of the segment.
 */
final class SegmentReader {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentReader.class);
  private static final byte[] MAGIC = SegmentedLog.MAGIC;
  private static final int HEADER_BYTES = SegmentedLog.RECORD_HEADER_BYTES;
  private static final int LONGEST_RECORD_BYTES = 64 << 20;
  private static final int VERSION_DIGITS = 2;
  private static final int LONGEST_KEY_SHOWN = 200;

  private final long number;
  private final SegmentFile file;
  private final SegmentedLog.Replay replay;
  private final List<Damage> damages;
  private final MemorySegment bytes;
  private final long size;

  private SegmentReader(
      long number,
      SegmentFile file,
      SegmentedLog.Replay replay,
      List<Damage> damages,
      MemorySegment bytes) {
    this.number = number;
    this.file = file;
    this.replay = replay;
    this.damages = damages;
    this.bytes = bytes;
    this.size = bytes.byteSize();
  }

  /**
   * Replays a segment's records.
   *
   * @param last whether it is the newest: a torn write at its end is no damage
   * @return where its last whole record ends
   * @throws IOException when the file cannot be read, or was written in another format
   */
  static long replay(
      long number, SegmentFile file, boolean last, SegmentedLog.Replay replay, List<Damage> damages)
      throws IOException {
    if (file.sizeBytes() < MAGIC.length) {
      // Its process died when it was new; an older one has lost what it held.
      if (!last) {
        damages.add(new Damage(file.toString(), 0, 0, ""));
      }
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      return new SegmentReader(number, file, replay, damages, file.map(arena)).read(last);
    }
  }

  /** Whether another version of this format stands there, whole, and not this one with a flaw. */
  private static boolean isOtherFormat(byte[] magic) {
    int name = MAGIC.length - VERSION_DIGITS;
    boolean named = Arrays.equals(magic, 0, name, MAGIC, 0, name);
    for (int i = name; i < magic.length; i++) {
      named &= magic[i] >= '0' && magic[i] <= '9';
    }
    return named && !Arrays.equals(magic, MAGIC);
  }

  private long read(boolean last) throws IOException {
    byte[] magic = bytes.asSlice(0, MAGIC.length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    if (isOtherFormat(magic)) {
      throw new IOException(
          "%s begins with '%s' where '%s' is expected: open it with the build that wrote it"
              .formatted(file, printable(magic), printable(MAGIC)));
    }
    // A power cut may have taken the first sector and left others.
    boolean empty = Arrays.equals(magic, new byte[MAGIC.length]);
    if (!empty && !Arrays.equals(magic, MAGIC)) {
      // Records have checksums of their own.
      damages.add(new Damage(file.toString(), 0, MAGIC.length, ""));
    }
    long at = MAGIC.length;
    while (at < size) {
      int length = wholeRecordAt(at);
      if (length > 0) {
        pass(at, length);
        at += HEADER_BYTES + length;
        continue;
      }
      long next = nextWholeRecord(at + 1);
      if (next == size && last) {
        LOG.warn("{}: cut {} bytes of a torn write off", file, size - at);
        return at;
      }
      damages.add(new Damage(file.toString(), at, next - at, keyNear(at)));
      at = next;
    }
    return size;
  }

  private static String printable(byte[] magic) {
    return new String(magic, StandardCharsets.US_ASCII).replaceAll("[^!-~]", "?");
  }

  /** The length of the record that begins here and is whole; else 0. */
  private int wholeRecordAt(long at) {
    if (at + HEADER_BYTES >= size) {
      return 0;
    }
    ByteBuffer header = bytes.asSlice(at, HEADER_BYTES).asByteBuffer();
    int length = header.getInt();
    if (length <= 0 || length > Math.min(LONGEST_RECORD_BYTES, size - at - HEADER_BYTES)) {
      return 0;
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.asSlice(at + HEADER_BYTES, length).asByteBuffer());
    return (int) crc.getValue() == header.getInt() ? length : 0;
  }

  private long nextWholeRecord(long from) {
    for (long at = from; at + HEADER_BYTES < size; at++) {
      if (isKind(bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at + HEADER_BYTES))
          && wholeRecordAt(at) > 0) {
        return at;
      }
    }
    return size;
  }

  private static boolean isKind(byte first) {
    return first == SegmentedLog.MERGED || first == SegmentedLog.REMOVED;
  }

  private void pass(long at, int length) {
    long bodyAt = at + HEADER_BYTES;
    ByteBuffer body = bytes.asSlice(bodyAt, length).asByteBuffer();
    try {
      replay.record(new SegmentedLog.Location(number, bodyAt, length), body);
    } catch (MalformedFrameException e) {
      damages.add(new Damage(file.toString(), at, HEADER_BYTES + (long) length, keyNear(at)));
      LOG.error("{} at offset {} holds what nobody wrote: {}", file, at, e.getMessage());
    }
  }

  /** The key of a damaged record, if the damage is elsewhere in it. */
  private String keyNear(long at) {
    long bodyAt = at + HEADER_BYTES;
    if (bodyAt >= size || !isKind(bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, bodyAt))) {
      return "";
    }
    try {
      long rest = Math.min(size - bodyAt, 2048);
      ByteReader in = new ByteReader(bytes.asSlice(bodyAt, rest).asByteBuffer());
      in.u8();
      String key = in.text();
      return key.length() <= LONGEST_KEY_SHOWN && key.matches("[\\x20-\\x7e]+") ? key : "";
    } catch (MalformedFrameException e) {
      return "";
    }
  }
}
