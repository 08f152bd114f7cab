package hydrocell.anna.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.BiConsumer;

/**
 * Builds one frame's payload in a growing array. Not thread-safe. The encodings are drawn in this
 * package's description.
 */
public final class ByteWriter {
  private byte[] bytes;
  private int size;

  /** A writer that starts with room for 256 bytes. */
  public ByteWriter() {
    this(256);
  }

  /** A writer that starts with room for {@code capacityBytes}. */
  public ByteWriter(int capacityBytes) {
    bytes = new byte[Math.max(16, capacityBytes)];
  }

  /** Writes one byte. */
  public ByteWriter u8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** Writes four bytes, big endian. */
  public ByteWriter u32(int value) {
    reserve(4);
    ByteBuffer.wrap(bytes, size, 4).putInt(value);
    size += 4;
    return this;
  }

  /** Writes eight bytes, big endian. */
  public ByteWriter u64(long value) {
    reserve(8);
    ByteBuffer.wrap(bytes, size, 8).putLong(value);
    size += 8;
    return this;
  }

  /** Writes a boolean as one byte, 0 or 1. */
  public ByteWriter bool(boolean value) {
    return u8(value ? 1 : 0);
  }

  /** Writes a number as a varint; negative numbers take ten bytes. */
  public ByteWriter varint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  /** Writes a length and the bytes. */
  public ByteWriter bytes(byte[] value) {
    varint(value.length);
    return raw(value, 0, value.length);
  }

  /** Writes bytes with no length before them. */
  public ByteWriter raw(byte[] value, int offset, int length) {
    reserve(length);
    System.arraycopy(value, offset, bytes, size, length);
    size += length;
    return this;
  }

  /** Writes text as UTF-8 with its length in bytes. */
  public ByteWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a count and then each element with {@code each}. */
  public <T> ByteWriter list(Collection<T> values, BiConsumer<ByteWriter, T> each) {
    varint(values.size());
    for (T value : values) {
      each.accept(this, value);
    }
    return this;
  }

  /** Writes a count and the texts. */
  public ByteWriter texts(Collection<String> values) {
    return list(values, ByteWriter::text);
  }

  /** How many bytes were written. */
  public int size() {
    return size;
  }

  /** A view of what was written; valid until the next write. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length * 2));
    }
  }
}
