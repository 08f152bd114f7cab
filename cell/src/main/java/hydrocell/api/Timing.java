package hydrocell.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Times code for {@code %timeit}: warms it up until the compiler has had its chance, chooses how
 * often to repeat it, uses what it gives so that none of it is optimised away, and shows the
 * spread. For a look; a benchmark that is to be believed belongs into JMH.
 */
public final class Timing {
  private static final long ROUND_NS = 100_000_000;
  private static final VarHandle KEPT;

  /** Where results go; nobody reads it. */
  @SuppressWarnings("UnusedVariable")
  private static @Nullable Object kept;

  static {
    try {
      KEPT = MethodHandles.lookup().findStaticVarHandle(Timing.class, "kept", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Timing() {}

  /** What is timed. */
  @FunctionalInterface
  public interface Body {
    /** Runs it once. */
    void run() throws Exception;
  }

  /** What is timed and gives a value. */
  @FunctionalInterface
  public interface Expression {
    /** Evaluates it once. */
    @Nullable Object get() throws Exception;
  }

  /**
   * As below, for code without a value.
   *
   * @param runs in a round; 0 for as many as take a tenth of a second
   */
  public static String measure(long runs, int rounds, long warmUpMs, Body body) throws Exception {
    return measure(
        runs,
        rounds,
        warmUpMs,
        () -> {
          body.run();
          return null;
        });
  }

  /**
   * Runs the code for some seconds; how long one run takes, in words.
   *
   * @param runs in a round; 0 for as many as take a tenth of a second
   */
  public static String measure(long runs, int rounds, long warmUpMs, Expression body)
      throws Exception {
    long warmUpNs = TimeUnit.MILLISECONDS.toNanos(warmUpMs);
    long began = System.nanoTime();
    long warm = 0;
    do {
      KEPT.setOpaque(body.get());
      warm++;
    } while (System.nanoTime() - began < warmUpNs);
    double warmNs = (double) (System.nanoTime() - began) / warm;
    long perRound = runs > 0 ? runs : Math.max(1, (long) (ROUND_NS / Math.max(1, warmNs)));
    double[] perRunNs = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      for (long i = 0; i < perRound; i++) {
        KEPT.setOpaque(body.get());
      }
      perRunNs[round] = (double) (System.nanoTime() - start) / perRound;
    }
    KEPT.setOpaque(null);
    return words(perRunNs, perRound);
  }

  private static String words(double[] perRunNs, long perRound) {
    Arrays.sort(perRunNs);
    double mean = Arrays.stream(perRunNs).average().orElse(0);
    double variance =
        Arrays.stream(perRunNs).map(ns -> (ns - mean) * (ns - mean)).sum()
            / Math.max(1, perRunNs.length - 1);
    return "%s ± %s a run (median %s, best %s, worst %s; %d rounds of %,d runs)"
        .formatted(
            spell(mean),
            spell(Math.sqrt(variance)),
            spell(perRunNs[perRunNs.length / 2]),
            spell(perRunNs[0]),
            spell(perRunNs[perRunNs.length - 1]),
            perRunNs.length,
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
