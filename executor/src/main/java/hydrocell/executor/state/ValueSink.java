package hydrocell.executor.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a value: hashes them and, while they are wanted, keeps them in chunks. An
 * array's elements go straight from the array into the chunk that is sent. Not thread-safe.
 */
final class ValueSink {
  private static final int FIRST_CHUNK = 1 << 12;
  private static final int CHUNK = 1 << 18;
  private static final long LARGE_ARRAY_BYTES = 8L << 20;

  /** Keeps the bytes of values of any size. */
  static final long ALL = Long.MAX_VALUE;

  private final ValueHash hash = new ValueHash();
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private final long keepAtMostBytes;
  private byte[] bytes = new byte[FIRST_CHUNK];
  private ByteBuffer view = ByteBuffer.wrap(bytes);
  private int used;
  private long flushed;
  private final @Nullable Consumer<ByteBuffer> target;
  private boolean keeps;

  /** A sink that forgets the bytes, but not the hash, once there are more than this. */
  ValueSink(long keepAtMostBytes) {
    this.keepAtMostBytes = keepAtMostBytes;
    this.keeps = keepAtMostBytes > 0;
    this.target = null;
  }

  /** A sink that passes the bytes on, each chunk in the same memory. */
  ValueSink(Consumer<ByteBuffer> target) {
    this.keepAtMostBytes = 0;
    this.target = target;
  }

  private void room(int length) {
    if (bytes.length - used >= length) {
      return;
    }
    if (bytes.length < CHUNK) {
      bytes = java.util.Arrays.copyOf(bytes, Math.min(CHUNK, Math.max(bytes.length * 4, length)));
      view = ByteBuffer.wrap(bytes);
      room(length);
      return;
    }
    flush();
  }

  private void flush() {
    hash.update(bytes, 0, used);
    flushed += used;
    if (target != null) {
      target.accept(ByteBuffer.wrap(bytes, 0, used));
    }
    if (keeps && flushed > keepAtMostBytes) {
      keeps = false;
      chunks.clear();
    }
    if (keeps) {
      chunks.add(ByteBuffer.wrap(bytes, 0, used));
      bytes = new byte[CHUNK];
      view = ByteBuffer.wrap(bytes);
    }
    used = 0;
  }

  void u8(int value) {
    room(1);
    bytes[used++] = (byte) value;
  }

  void u16(int value) {
    room(2);
    view.putShort(used, (short) value);
    used += 2;
  }

  void u32(int value) {
    room(4);
    view.putInt(used, value);
    used += 4;
  }

  void u64(long value) {
    room(8);
    view.putLong(used, value);
    used += 8;
  }

  void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[used++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[used++] = (byte) rest;
  }

  void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  void raw(byte[] source) {
    int at = 0;
    while (at < source.length) {
      room(1);
      int take = Math.min(source.length - at, bytes.length - used);
      System.arraycopy(source, at, bytes, used, take);
      used += take;
      at += take;
    }
  }

  void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length);
    raw(utf8);
  }

  /** The elements of a primitive array, little endian. */
  void elements(Object array, int widthBytes, int count) {
    if (keepAtMostBytes < ALL && (long) count * widthBytes >= LARGE_ARRAY_BYTES) {
      // Taking the elements once more is cheaper than the memory to keep them in.
      keeps = false;
      chunks.clear();
    }
    int at = 0;
    while (at < count) {
      room(Math.min(CHUNK, Math.multiplyExact(Math.min(count - at, CHUNK / 8), widthBytes)));
      int take = Math.min(count - at, (bytes.length - used) / widthBytes);
      if (take == 0) {
        flush();
        continue;
      }
      ByteBuffer target = view.slice(used, take * widthBytes).order(ByteOrder.LITTLE_ENDIAN);
      put(target, array, at, take);
      used += take * widthBytes;
      at += take;
    }
  }

  private static void put(ByteBuffer target, Object array, int from, int count) {
    switch (array) {
      case byte[] a -> target.put(a, from, count);
      case short[] a -> target.asShortBuffer().put(a, from, count);
      case char[] a -> target.asCharBuffer().put(a, from, count);
      case int[] a -> target.asIntBuffer().put(a, from, count);
      case long[] a -> target.asLongBuffer().put(a, from, count);
      case float[] a -> target.asFloatBuffer().put(a, from, count);
      case double[] a -> target.asDoubleBuffer().put(a, from, count);
      case boolean[] a -> {
        for (int i = 0; i < count; i++) {
          target.put((byte) (a[from + i] ? 1 : 0));
        }
      }
      default -> throw new IllegalArgumentException("no primitive array: " + array.getClass());
    }
  }

  long size() {
    return flushed + used;
  }

  /** Ends the value; its hash. */
  String finish() {
    hash.update(bytes, 0, used);
    flushed += used;
    if (target != null && used > 0) {
      target.accept(ByteBuffer.wrap(bytes, 0, used));
    }
    if (keeps) {
      chunks.add(ByteBuffer.wrap(bytes, 0, used));
    }
    used = 0;
    return hash.finish();
  }

  /** Whether the bytes were kept. */
  boolean kept() {
    return keeps;
  }

  /** The bytes, after {@link #finish}. */
  List<ByteBuffer> chunks() {
    return chunks;
  }
}
