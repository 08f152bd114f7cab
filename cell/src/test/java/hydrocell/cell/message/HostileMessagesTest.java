package hydrocell.cell.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.wire.RandomRecords;
import hydrocell.cell.wire.RecordCodec;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Frames that nobody of ours sent, on every protocol between processes. More of them with {@code
 * -Dhydrocell.fuzz.frames=1000000}; {@code -Dhydrocell.fuzz.seed} replays.
 */
class HostileMessagesTest {
  private static final int FRAMES = Integer.getInteger("hydrocell.fuzz.frames", 4_000);
  private static final long SEED = Long.getLong("hydrocell.fuzz.seed", System.nanoTime());

  /** Decoding may take so much memory for each byte that came. */
  private static final long MAX_BYTES_PER_BYTE = 500;

  private static final long FREE_BYTES = 1_000_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(
      classes = {
        HostRequest.class,
        HostReply.class,
        CompileRequest.class,
        CompileReply.class,
        ToExecutor.class,
        FromExecutor.class
      })
  void aMessageIsUnderstoodOrRefusedAndCostsNoMoreThanItIsLong(Class<?> protocol) {
    for (int i = 0; i < FRAMES; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      byte[] frame = encode(protocol, new RandomRecords(seed).make(protocol));
      assertArrayEquals(sorted(frame), sorted(again(protocol, frame)), () -> "seed " + seed);
      byte[] spoilt = spoil(frame, random);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      decode(protocol, spoilt, seed);
      long took = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertTrue(
          took < FREE_BYTES + MAX_BYTES_PER_BYTE * spoilt.length,
          () -> "seed %d: %,d bytes for a frame of %d".formatted(seed, took, spoilt.length));
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {HostRequest.class, CompileRequest.class, ToExecutor.class})
  void aMessageCutOffAtAnyByteIsRefused(Class<?> protocol) {
    for (int i = 0; i < 200; i++) {
      byte[] frame = encode(protocol, new RandomRecords(SEED + i).make(protocol));
      for (int length = 0; length < frame.length; length++) {
        assertTrue(
            !decode(protocol, Arrays.copyOf(frame, length), SEED + i),
            "a part of a message was taken for one; seed " + (SEED + i));
      }
    }
  }

  /** The same map may be written in another order. */
  private static byte[] sorted(byte[] frame) {
    byte[] sorted = frame.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static <T> byte[] encode(Class<T> protocol, Object message) {
    ByteWriter out = new ByteWriter();
    RecordCodec.write(out, protocol, protocol.cast(message));
    return out.toByteArray();
  }

  private static byte[] again(Class<?> protocol, byte[] frame) {
    try {
      return encode(protocol, RecordCodec.read(new ByteReader(frame), protocol));
    } catch (MalformedFrameException e) {
      throw new AssertionError("a valid message is refused", e);
    }
  }

  /** Whether it was understood. */
  private static boolean decode(Class<?> protocol, byte[] frame, long seed) {
    try {
      ByteReader in = new ByteReader(frame);
      RecordCodec.read(in, protocol);
      in.end();
      return true;
    } catch (MalformedFrameException e) {
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + " made the decoder fail", e);
    }
  }

  private static byte[] spoil(byte[] frame, Random random) {
    byte[] spoilt = frame.clone();
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
          spoilt[random.nextInt(spoilt.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> spoilt[random.nextInt(spoilt.length)] = (byte) 0xFF;
      case 2 -> {
        // A count that promises two thousand million elements.
        int at = random.nextInt(spoilt.length);
        byte[] huge = {-1, -1, -1, -1, 7};
        spoilt = Arrays.copyOf(spoilt, spoilt.length + huge.length);
        System.arraycopy(frame, at, spoilt, at + huge.length, frame.length - at);
        System.arraycopy(huge, 0, spoilt, at, huge.length);
      }
      default -> {
        spoilt = new byte[random.nextInt(300)];
        random.nextBytes(spoilt);
      }
    }
    return spoilt;
  }
}
