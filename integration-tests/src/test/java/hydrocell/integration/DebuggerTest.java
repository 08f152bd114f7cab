package hydrocell.integration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cells under a front end's debugger; the cases are in {@code debugger.py}, the browser in {@code
 * debugger_lab.py}.
 */
class DebuggerTest {
  private static final long LIMIT_S = 240;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a_cell_stops_at_its_lines_and_goes_on",
        "a_method_of_an_earlier_cell_is_stepped_into",
        "values_are_shown_by_their_elements",
        "expressions_are_read_conditions_hold_and_locals_are_set",
        "exceptions_pause_where_they_are_thrown",
        "a_paused_cell_can_be_interrupted",
        "an_executor_killed_while_paused_costs_its_cell",
        "a_kernel_killed_while_paused_lets_the_cell_go_on",
        "the_variable_panel_needs_no_debugged_executor"
      })
  void cellsAreDebuggedOverTheControlChannel(String example) throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "debugger.py", "case_" + example);
    }
  }

  @Test
  void jupyterLabInABrowserShowsVariablesStopsAndSteps() throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(
          LIMIT_S, "debugger_lab.py", bench.project("integration-tests/target/screenshots"));
    }
  }
}
