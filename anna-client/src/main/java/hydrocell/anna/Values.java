package hydrocell.anna;

import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How an immutable value lies under its key: a header, and chunks under keys of their own.
 *
 * <pre>
 * KEY          LwwRegister: format:u8 = 1 length:u64 chunks:varint crc32c:u32 [the bytes, when chunks = 0]
 * KEY U+0001 N LwwRegister: chunk N, CHUNK_BYTES long, the last one shorter
 * </pre>
 *
 * The header is written last, so a value with a header is whole.
 */
public final class Values {
  /** Length of every chunk but the last. */
  public static final int CHUNK_BYTES = 1 << 20;

  /** No chunk was ever longer than this. */
  private static final int LARGEST_CHUNK_BYTES = 1 << 20;

  /** A value up to this length lies in its header. */
  static final int INLINE_BYTES = 64 << 10;

  /** Between a value's key and a chunk's number; a key that a user makes never holds it. */
  public static final char CHUNK_SEPARATOR = '\u0001';

  /** Values are written once, so one stamp serves all. */
  static final Stamp ONCE = new Stamp(1, "value", 0);

  private Values() {}

  /**
   * What a header says.
   *
   * @param length of the whole value
   * @param chunks how many; 0 when the bytes follow the header
   * @param crc CRC-32C of the whole value
   * @param inline the bytes when there are no chunks
   */
  record Header(long length, int chunks, int crc, ByteBuffer inline) {
    static Header read(byte[] bytes) throws MalformedFrameException {
      ByteReader in = new ByteReader(bytes);
      int format = in.u8();
      if (format != 1) {
        throw new MalformedFrameException("a value has format " + format);
      }
      long length = in.u64();
      int chunks = in.count();
      int crc = in.u32();
      ByteBuffer inline = ByteBuffer.wrap(bytes, bytes.length - in.remaining(), in.remaining());
      long most = chunks == 0 ? inline.remaining() : (long) chunks * LARGEST_CHUNK_BYTES;
      if (length < 0 || length > most) {
        throw new MalformedFrameException(
            "a value of %d bytes in %d chunks".formatted(length, chunks));
      }
      return new Header(length, chunks, crc, inline.slice());
    }
  }

  static LwwRegister header(long length, int chunks, int crc, List<ByteBuffer> inline) {
    ByteWriter out = new ByteWriter(chunks == 0 ? (int) length + 32 : 32);
    out.u8(1).u64(length).varint(chunks).u32(crc);
    for (ByteBuffer part : inline) {
      byte[] bytes = new byte[part.remaining()];
      part.duplicate().get(bytes);
      out.raw(bytes, 0, bytes.length);
    }
    return new LwwRegister(ONCE, out.toByteArray());
  }

  /** A value that lies in its header, however long it is. */
  static LwwRegister whole(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return header(bytes.length, 0, (int) crc.getValue(), List.of(ByteBuffer.wrap(bytes)));
  }

  /**
   * Whether a register is a whole value, as every writer makes it, whose SHA-256 in lower-case hex
   * is the key's last segment: what is stored under such a key can be nothing else, whoever writes.
   *
   * @param register the register's bytes; position and limit are left as they are
   */
  public static boolean isAddressed(String key, Stamp stamp, ByteBuffer register) {
    byte[] bytes = new byte[register.remaining()];
    register.duplicate().get(bytes);
    try {
      Header header = Header.read(bytes);
      CRC32C crc = new CRC32C();
      crc.update(header.inline.duplicate());
      return stamp.equals(ONCE)
          && header.chunks == 0
          && header.length == header.inline.remaining()
          && header.crc == (int) crc.getValue()
          && key.substring(key.lastIndexOf('/') + 1).equals(sha256(header.inline.duplicate()));
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  /** The SHA-256 of what a buffer holds, in lower-case hex. */
  public static String sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static Key chunkKey(Key value, int index) {
    return new Key(value.text() + CHUNK_SEPARATOR + index);
  }
}
