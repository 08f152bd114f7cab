package hydrocell.anna.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one frame's payload and trusts nothing in it: every length is checked against what is left
 * before anything is allocated. Not thread-safe.
 */
public final class ByteReader {
  private final ByteBuffer in;

  /** Reads one element of a list. */
  @FunctionalInterface
  public interface Each<T> {
    /** Reads the element that starts here. */
    T read(ByteReader in) throws MalformedFrameException;
  }

  /** A reader over the bytes between position and limit; the buffer is not copied. */
  public ByteReader(ByteBuffer payload) {
    in = payload.slice();
  }

  /** A reader over an array. */
  public ByteReader(byte[] payload) {
    in = ByteBuffer.wrap(payload);
  }

  /** Reads one byte as 0..255. */
  public int u8() throws MalformedFrameException {
    need(1);
    return in.get() & 0xFF;
  }

  /** Reads four bytes, big endian. */
  public int u32() throws MalformedFrameException {
    need(4);
    return in.getInt();
  }

  /** Reads eight bytes, big endian. */
  public long u64() throws MalformedFrameException {
    need(8);
    return in.getLong();
  }

  /** Reads a byte that must be 0 or 1. */
  public boolean bool() throws MalformedFrameException {
    int value = u8();
    if (value > 1) {
      throw new MalformedFrameException("a boolean is " + value);
    }
    return value == 1;
  }

  /** Reads a varint. */
  public long varint() throws MalformedFrameException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int next = u8();
      value |= (long) (next & 0x7F) << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    throw new MalformedFrameException("a varint is longer than ten bytes");
  }

  /** Reads a varint that must fit an {@code int} and not be negative. */
  public int count() throws MalformedFrameException {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new MalformedFrameException("a count is " + value);
    }
    return (int) value;
  }

  /** Reads a length and a copy of the bytes. */
  public byte[] bytes() throws MalformedFrameException {
    int length = count();
    need(length);
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }

  /** Reads a length and a view of the bytes, which shares this reader's memory. */
  public ByteBuffer view() throws MalformedFrameException {
    int length = count();
    need(length);
    ByteBuffer value = in.slice(in.position(), length);
    in.position(in.position() + length);
    return value;
  }

  /** Reads text, which must be well-formed UTF-8. */
  public String text() throws MalformedFrameException {
    ByteBuffer text = view();
    int length = text.remaining();
    int at = 0;
    while (at < length && text.get(at) >= 0) {
      at++;
    }
    if (at == length) {
      // Most texts are ASCII, and then no decoder is needed.
      byte[] bytes = new byte[length];
      text.get(bytes);
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedFrameException("a text is not UTF-8");
    }
  }

  /** Reads a count and then each element; an element takes one byte at least. */
  public <T> List<T> list(Each<T> each) throws MalformedFrameException {
    int count = count();
    need(count);
    List<T> values = new ArrayList<>(Math.min(count, 4096));
    for (int i = 0; i < count; i++) {
      values.add(each.read(this));
    }
    return values;
  }

  /** Reads a count and the texts. */
  public List<String> texts() throws MalformedFrameException {
    return list(ByteReader::text);
  }

  /** A view of what is left; this reader stays where it is. */
  public ByteBuffer rest() {
    return in.slice();
  }

  /** How many bytes are left. */
  public int remaining() {
    return in.remaining();
  }

  /** Fails if anything is left. */
  public void end() throws MalformedFrameException {
    if (in.hasRemaining()) {
      throw new MalformedFrameException(in.remaining() + " bytes are left over");
    }
  }

  private void need(int bytes) throws MalformedFrameException {
    if (in.remaining() < bytes) {
      throw new MalformedFrameException("the frame ends early");
    }
  }
}
