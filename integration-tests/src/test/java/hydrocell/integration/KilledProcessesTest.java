package hydrocell.integration;

import org.junit.jupiter.api.Test;

/**
 * {@code kill -9} at named points and at seeded times. {@code -Dhydrocell.kill.seed=N} and {@code
 * -Dhydrocell.kill.count=N} make other runs.
 */
class KilledProcessesTest {
  private static final int KILLS = Integer.getInteger("hydrocell.kill.count", 50);
  private static final long LIMIT_S = 600;

  @Test
  void afterAnyKillEveryNameHoldsWhatTheModelSays() throws Exception {
    long seed = Long.getLong("hydrocell.kill.seed", 11_272_689);
    try (TestBench bench = TestBench.open()) {
      System.out.println(bench.python(LIMIT_S, "kills.py", seed, KILLS));
    }
  }

  @Test
  void afterAKillAtEveryNamedPointTooWhoeverDies() throws Exception {
    try (TestBench bench = TestBench.open()) {
      System.out.println(bench.python(LIMIT_S, "points.py"));
    }
  }

  @Test
  void whatIsSavedAfterTheReplyIsWaitedForOrNamed() throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "late_saves.py");
    }
  }
}
