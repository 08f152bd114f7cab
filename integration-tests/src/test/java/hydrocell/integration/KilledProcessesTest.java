package hydrocell.integration;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code kill -9} at named points and at seeded times, while messages come late, twice and out of
 * order. {@code -Dhydrocell.kill.cells=10000} makes a longer run, whose seed is printed; {@code
 * -Dhydrocell.kill.seed=N} replays one.
 */
class KilledProcessesTest {
  private static final long USUAL_SEED = 11_272_689;
  private static final int USUAL_CELLS = 300;
  private static final int BUG_CELLS = 200;
  private static final long LIMIT_S = 600;
  private static final long LIMIT_PER_CELL_S = 2;

  @Test
  void afterAnyFaultEveryNameHoldsWhatTheModelSays() throws Exception {
    int cells = Integer.getInteger("hydrocell.kill.cells", USUAL_CELLS);
    long usual = cells == USUAL_CELLS ? USUAL_SEED : ThreadLocalRandom.current().nextInt(1 << 30);
    long seed = Long.getLong("hydrocell.kill.seed", usual);
    try (TestBench bench = TestBench.open()) {
      long limitS = LIMIT_S + LIMIT_PER_CELL_S * cells;
      System.out.println(bench.python(limitS, "kills.py", seed, cells));
    }
  }

  /** The bugs are played by {@code planted.py}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "manifest-before-values",
        "retry-under-the-same-stamp",
        "reply-before-acknowledgement"
      })
  void aPlantedBugIsFound(String bug) throws Exception {
    try (TestBench bench = TestBench.open()) {
      System.out.println(bench.python(LIMIT_S, "kills.py", USUAL_SEED, BUG_CELLS, bug));
    }
  }

  @Test
  void aSearchForChangesThatGoesOnAfterTheReplyLosesNothingElse() throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "late_saves.py");
    }
  }

  @Test
  void whatADeadExecutorHadSentTouchesNoLaterCommit() throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "late_writes.py");
    }
  }

  @Test
  void afterAKillAtEveryNamedPointTooWhoeverDies() throws Exception {
    try (TestBench bench = TestBench.open()) {
      System.out.println(bench.python(LIMIT_S, "points.py"));
    }
  }
}
