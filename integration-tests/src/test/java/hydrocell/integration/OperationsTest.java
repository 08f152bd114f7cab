package hydrocell.integration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator sees of a node; the cases are in {@code operations.py}. */
class OperationsTest {
  private static final long LIMIT_S = 240;

  @ParameterizedTest
  @ValueSource(strings = {"figures", "damage"})
  void theNodeTellsHowItIsAndWhatIsLost(String what) throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "operations.py", what);
    }
  }
}
