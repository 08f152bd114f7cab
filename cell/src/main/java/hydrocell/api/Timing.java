package hydrocell.api;

import java.util.Arrays;
import java.util.Locale;

/**
 * Times code for {@code %timeit}: warms it up, chooses how often to repeat it, and shows the
 * spread. For a look; a benchmark that is to be believed belongs into JMH.
 */
public final class Timing {
  private static final long WARM_UP_NS = 500_000_000;
  private static final long ROUND_NS = 100_000_000;
  private static final int ROUNDS = 7;

  private Timing() {}

  /** What is timed. */
  @FunctionalInterface
  public interface Body {
    /** Runs it once. */
    void run() throws Exception;
  }

  /** Runs the code for some seconds; how long one run takes, in words. */
  public static String measure(Body body) throws Exception {
    long began = System.nanoTime();
    long runs = 0;
    do {
      body.run();
      runs++;
    } while (System.nanoTime() - began < WARM_UP_NS);
    double warmNs = (double) (System.nanoTime() - began) / runs;
    long perRound = Math.max(1, (long) (ROUND_NS / Math.max(1, warmNs)));
    double[] perRunNs = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (long i = 0; i < perRound; i++) {
        body.run();
      }
      perRunNs[round] = (double) (System.nanoTime() - start) / perRound;
    }
    Arrays.sort(perRunNs);
    return "%s a run (best %s, worst %s; %d rounds of %,d runs)"
        .formatted(
            spell(perRunNs[ROUNDS / 2]),
            spell(perRunNs[0]),
            spell(perRunNs[ROUNDS - 1]),
            ROUNDS,
            perRound);
  }

  private static String spell(double ns) {
    if (ns < 1e3) {
      return String.format(Locale.ROOT, "%.1f ns", ns);
    } else if (ns < 1e6) {
      return String.format(Locale.ROOT, "%.1f µs", ns / 1e3);
    }
    return ns < 1e9
        ? String.format(Locale.ROOT, "%.1f ms", ns / 1e6)
        : String.format(Locale.ROOT, "%.2f s", ns / 1e9);
  }
}
