package hydrocell.integration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Notebooks, and the pool that gives them executors. */
class PoolTest {
  private static final long LIMIT_S = 240;

  @ParameterizedTest
  @ValueSource(strings = {"limits", "queue", "idle"})
  void notebooksShareOnePool(String how) throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "pool.py", how);
    }
  }
}
