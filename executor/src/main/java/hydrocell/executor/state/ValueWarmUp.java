package hydrocell.executor.state;

import java.nio.ByteBuffer;

/**
 * Encodes and decodes an array a few times before anybody waits for it: interpreted, the hash of a
 * large value takes longer than its way through the network.
 */
public final class ValueWarmUp {
  private static final int ROUNDS = 6;
  private static final int LENGTH = 1 << 17;

  private ValueWarmUp() {}

  /**
   * Runs once.
   *
   * @throws IllegalStateException when an array does not come back with the hash it went with
   */
  public static void run() {
    double[] array = new double[LENGTH];
    double[] back = new double[LENGTH];
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH * Double.BYTES);
    for (int round = 0; round < ROUNDS; round++) {
      bytes.clear();
      ValueSink sink = new ValueSink((ByteBuffer part) -> bytes.put(part));
      sink.elements(array, Double.BYTES, LENGTH);
      String written = sink.finish();
      ByteBuffer whole = bytes.flip();
      ValueSource source = ValueSource.of(java.util.List.of(whole));
      try {
        source.elements(back, Double.BYTES, LENGTH);
        source.end();
      } catch (CorruptValueException e) {
        throw new IllegalStateException(e);
      }
      if (!source.hash().equals(written)) {
        throw new IllegalStateException("the hash of a value depends on who takes it");
      }
    }
  }
}
