package hydrocell.executor.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a value, chunk after chunk, and trusts nothing in it: every count is held
 * against the bytes that are left before anything is allocated. Not thread-safe.
 */
final class ValueSource {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  private final Supplier<@Nullable ByteBuffer> chunks;
  private final ValueHash hash = new ValueHash();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private byte[] copy = new byte[0];
  private long left;

  /**
   * A source.
   *
   * @param lengthBytes of the whole value
   * @param chunks the next bytes each time, null at the end; they are used up before the next call
   */
  ValueSource(long lengthBytes, Supplier<@Nullable ByteBuffer> chunks) {
    this.chunks = chunks;
    this.left = lengthBytes;
  }

  /** A source over chunks that are all there. */
  static ValueSource of(List<ByteBuffer> chunks) {
    Iterator<ByteBuffer> rest = List.copyOf(chunks).iterator();
    return new ValueSource(
        chunks.stream().mapToLong(ByteBuffer::remaining).sum(),
        () -> rest.hasNext() ? rest.next().duplicate() : null);
  }

  /** Takes the next chunk; whether there was one. */
  private boolean take() {
    ByteBuffer chunk = chunks.get();
    if (chunk == null) {
      return false;
    }
    int length = chunk.remaining();
    if (chunk.hasArray()) {
      hash.update(chunk.array(), chunk.arrayOffset() + chunk.position(), length);
    } else {
      copy = copy.length >= length ? copy : new byte[length];
      chunk.get(chunk.position(), copy, 0, length);
      hash.update(copy, 0, length);
    }
    current = chunk.order(ByteOrder.BIG_ENDIAN);
    return true;
  }

  /** The hash of all bytes, after {@link #end}; for one call. */
  String hash() {
    return hash.finish();
  }

  private void need(long bytes) throws CorruptValueException {
    if (bytes < 0 || bytes > left) {
      throw new CorruptValueException("it ends early");
    }
  }

  private void advance() throws CorruptValueException {
    while (!current.hasRemaining()) {
      if (!take()) {
        throw new CorruptValueException("it ends early");
      }
    }
  }

  int u8() throws CorruptValueException {
    need(1);
    if (!current.hasRemaining()) {
      advance();
    }
    left--;
    return current.get() & 0xFF;
  }

  int u16() throws CorruptValueException {
    return u8() << 8 | u8();
  }

  int u32() throws CorruptValueException {
    if (current.remaining() >= 4) {
      left -= 4;
      return current.getInt();
    }
    return u16() << 16 | u16();
  }

  long u64() throws CorruptValueException {
    if (current.remaining() >= 8) {
      left -= 8;
      return current.getLong();
    }
    return (long) u32() << 32 | (u32() & 0xFFFFFFFFL);
  }

  long varint() throws CorruptValueException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int read = u8();
      value |= (long) (read & 0x7F) << shift;
      if ((read & 0x80) == 0) {
        return value;
      }
    }
    throw new CorruptValueException("a varint is too long");
  }

  long zigzag() throws CorruptValueException {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A count of things that take at least {@code eachBytes} here. */
  int count(int eachBytes) throws CorruptValueException {
    long count = varint();
    if (count < 0 || count > Integer.MAX_VALUE - 8) {
      throw new CorruptValueException("a count is " + count);
    }
    need(count * eachBytes);
    return (int) count;
  }

  byte[] raw(int length) throws CorruptValueException {
    need(length);
    byte[] target = new byte[length];
    int at = 0;
    while (at < length) {
      advance();
      int take = Math.min(length - at, current.remaining());
      current.get(target, at, take);
      at += take;
    }
    left -= length;
    return target;
  }

  String text() throws CorruptValueException {
    byte[] utf8 = raw(count(1));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new CorruptValueException("a text is not UTF-8", e);
    }
  }

  /** Fills a primitive array. */
  void elements(Object array, int widthBytes, int count) throws CorruptValueException {
    need((long) count * widthBytes);
    int at = 0;
    while (at < count) {
      advance();
      int take = Math.min(count - at, current.remaining() / widthBytes);
      if (take == 0) {
        get(ByteBuffer.wrap(raw(widthBytes)).order(LITTLE), array, at, 1);
        take = 1;
      } else {
        int bytes = take * widthBytes;
        get(current.slice(current.position(), bytes).order(LITTLE), array, at, take);
        current.position(current.position() + bytes);
        left -= bytes;
      }
      at += take;
    }
  }

  private static void get(ByteBuffer source, Object array, int from, int count) {
    switch (array) {
      case byte[] a -> source.get(a, from, count);
      case short[] a -> source.asShortBuffer().get(a, from, count);
      case char[] a -> source.asCharBuffer().get(a, from, count);
      case int[] a -> source.asIntBuffer().get(a, from, count);
      case long[] a -> source.asLongBuffer().get(a, from, count);
      case float[] a -> source.asFloatBuffer().get(a, from, count);
      case double[] a -> source.asDoubleBuffer().get(a, from, count);
      case boolean[] a -> {
        for (int i = 0; i < count; i++) {
          a[from + i] = source.get() != 0;
        }
      }
      default -> throw new IllegalArgumentException("no primitive array: " + array.getClass());
    }
  }

  /** Nothing may follow. */
  void end() throws CorruptValueException {
    if (left != 0) {
      throw new CorruptValueException(left + " bytes are left over");
    }
    while (take()) {
      if (current.hasRemaining()) {
        throw new CorruptValueException("there is more of it than its header says");
      }
    }
  }
}
