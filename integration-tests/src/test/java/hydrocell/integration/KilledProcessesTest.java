package hydrocell.integration;

import org.junit.jupiter.api.Test;

/** {@code kill -9} at seeded times. {@code -Dhydrocell.kill.seed=N} repeats a run. */
class KilledProcessesTest {
  private static final int KILLS = Integer.getInteger("hydrocell.kill.count", 50);
  private static final long LIMIT_S = 600;

  @Test
  void afterAnyKillEveryNameHoldsWhatTheModelSays() throws Exception {
    long seed = Long.getLong("hydrocell.kill.seed", System.nanoTime() & 0xFFFFFF);
    try (TestBench bench = TestBench.open()) {
      System.out.println(bench.python(LIMIT_S, "kills.py", seed, KILLS));
    }
  }
}
