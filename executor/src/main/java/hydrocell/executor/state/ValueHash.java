package hydrocell.executor.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A fast hash of a stream of bytes, 128 bits, equal in every JVM and however the stream is cut.
 * Made to notice changes and damage, not to withstand an attacker. Eight lanes take one word each
 * of a block of 64 bytes; every step of a lane is a bijection, so one changed word always shows.
 * Not thread-safe.
 */
final class ValueHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = 64;
  private static final long P = 0x9E3779B97F4A7C15L;
  private static final long Q = 0xC2B2AE3D27D4EB4FL;

  private final long[] lanes = new long[8];
  private final byte[] carry = new byte[BLOCK];
  private int carried;
  private long total;

  ValueHash() {
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = Q * (i + 1);
    }
  }

  /** Takes more of the stream. */
  void update(byte[] bytes, int offset, int length) {
    total += length;
    int at = offset;
    int left = length;
    if (carried > 0) {
      int take = Math.min(BLOCK - carried, left);
      System.arraycopy(bytes, at, carry, carried, take);
      carried += take;
      at += take;
      left -= take;
      if (carried < BLOCK) {
        return;
      }
      blocks(carry, 0, BLOCK);
      carried = 0;
    }
    int whole = left & -BLOCK;
    blocks(bytes, at, at + whole);
    System.arraycopy(bytes, at + whole, carry, 0, left - whole);
    carried = left - whole;
  }

  private void blocks(byte[] bytes, int from, int to) {
    long a = lanes[0];
    long b = lanes[1];
    long c = lanes[2];
    long d = lanes[3];
    long e = lanes[4];
    long f = lanes[5];
    long g = lanes[6];
    long h = lanes[7];
    for (int at = from; at < to; at += BLOCK) {
      a = Long.rotateLeft((a ^ (long) LONGS.get(bytes, at)) * P, 29);
      b = Long.rotateLeft((b ^ (long) LONGS.get(bytes, at + 8)) * P, 29);
      c = Long.rotateLeft((c ^ (long) LONGS.get(bytes, at + 16)) * P, 29);
      d = Long.rotateLeft((d ^ (long) LONGS.get(bytes, at + 24)) * P, 29);
      e = Long.rotateLeft((e ^ (long) LONGS.get(bytes, at + 32)) * P, 29);
      f = Long.rotateLeft((f ^ (long) LONGS.get(bytes, at + 40)) * P, 29);
      g = Long.rotateLeft((g ^ (long) LONGS.get(bytes, at + 48)) * P, 29);
      h = Long.rotateLeft((h ^ (long) LONGS.get(bytes, at + 56)) * P, 29);
    }
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
    lanes[4] = e;
    lanes[5] = f;
    lanes[6] = g;
    lanes[7] = h;
  }

  /** The hash of everything taken, as 32 hex digits; ends this hash's use. */
  String finish() {
    java.util.Arrays.fill(carry, carried, BLOCK, (byte) 0);
    blocks(carry, 0, BLOCK);
    long high = total * P;
    long low = ~total * Q;
    for (long lane : lanes) {
      high = mix(high ^ lane, P);
      low = mix(low + lane, Q);
    }
    return "%016x%016x".formatted(high, low);
  }

  private static long mix(long value, long factor) {
    long mixed = (value ^ (value >>> 32)) * factor;
    return mixed ^ (mixed >>> 29);
  }
}
