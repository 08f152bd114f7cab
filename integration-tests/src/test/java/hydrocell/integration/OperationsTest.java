package hydrocell.integration;

import org.junit.jupiter.api.Test;

/** What an operator sees of a node; the cases are in {@code operations.py}. */
class OperationsTest {
  private static final long LIMIT_S = 240;

  @Test
  void usageMetricsHealthAndLogsAreForOperators() throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "operations.py");
    }
  }
}
