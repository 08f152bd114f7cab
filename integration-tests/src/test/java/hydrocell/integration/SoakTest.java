package hydrocell.integration;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * Many notebooks at once, for a while. {@code -Dhydrocell.soak.notebooks=200} is a class that opens
 * all of them together; {@code -Dhydrocell.soak.seconds=3600} goes on for an hour; {@code
 * -Dhydrocell.soak.seed=N} has the notebooks run the cells of an earlier run.
 */
class SoakTest {
  private static final int USUAL_NOTEBOOKS = 10;
  private static final int USUAL_SECONDS = 20;
  private static final int USUAL_SEED = 50;
  private static final long LIMIT_S = 600;
  private static final long LIMIT_PER_NOTEBOOK_S = 20;

  @Test
  void nothingIsLeftOfNotebooksButWhatTheyStored() throws Exception {
    int notebooks = Integer.getInteger("hydrocell.soak.notebooks", USUAL_NOTEBOOKS);
    int seconds = Integer.getInteger("hydrocell.soak.seconds", USUAL_SECONDS);
    boolean usual = notebooks == USUAL_NOTEBOOKS && seconds == USUAL_SECONDS;
    long other = usual ? USUAL_SEED : ThreadLocalRandom.current().nextInt(1 << 30);
    long seed = Long.getLong("hydrocell.soak.seed", other);
    try (TestBench bench = TestBench.open()) {
      long limitS = LIMIT_S + seconds + LIMIT_PER_NOTEBOOK_S * notebooks;
      System.out.println(bench.python(limitS, "soak.py", notebooks, seconds, seed));
    }
  }
}
