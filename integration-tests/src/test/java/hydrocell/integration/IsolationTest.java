package hydrocell.integration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that attack, against sandboxes; the cases are in {@code isolation.py}. */
class IsolationTest {
  private static final long LIMIT_S = 300;

  @ParameterizedTest
  @ValueSource(strings = {"attacks", "ordinary", "offline", "refused"})
  void cellsReachNothingBeyondTheirNotebook(String what) throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "isolation.py", what);
    }
  }
}
