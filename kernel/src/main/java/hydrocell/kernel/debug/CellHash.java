package hydrocell.kernel.debug;

import java.nio.charset.StandardCharsets;

/** MurmurHash2 with 32 bits, by which front ends and kernel name the code of a cell. */
final class CellHash {
  private static final int MULTIPLIER = 0x5bd1e995;
  private static final int ROTATION = 24;

  private CellHash() {}

  /** The hash of a text's UTF-8 form, as an unsigned number. */
  static long of(String code, int seed) {
    byte[] bytes = code.getBytes(StandardCharsets.UTF_8);
    int hash = seed ^ bytes.length;
    int whole = bytes.length & ~3;
    for (int at = 0; at < whole; at += 4) {
      int four = littleEndian(bytes, at, 4) * MULTIPLIER;
      four = (four ^ four >>> ROTATION) * MULTIPLIER;
      hash = hash * MULTIPLIER ^ four;
    }
    if (whole < bytes.length) {
      hash = (hash ^ littleEndian(bytes, whole, bytes.length - whole)) * MULTIPLIER;
    }
    hash = (hash ^ hash >>> 13) * MULTIPLIER;
    return Integer.toUnsignedLong(hash ^ hash >>> 15);
  }

  private static int littleEndian(byte[] bytes, int from, int count) {
    int value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | bytes[from + i] & 0xff;
    }
    return value;
  }
}
