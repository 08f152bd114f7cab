package hydrocell.integration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a notebook knows of its past and of its other kernels; the cases are in {@code state.py}.
 */
class StateTest {
  private static final long LIMIT_S = 180;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two_kernels_write_one_name",
        "history_of_all_notebooks",
        "history_has_a_limit",
        "earlier_values_can_be_checked_out"
      })
  void theStateIsAsItsHistorySays(String what) throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "state.py", what);
    }
  }
}
