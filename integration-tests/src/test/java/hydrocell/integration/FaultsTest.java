package hydrocell.integration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong outside a cell; the cases are in {@code faults.py} and {@code hostile.py}. */
class FaultsTest {
  private static final long LIMIT_S = 180;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two_kernels_on_one_notebook",
        "stale_lock_of_a_dead_process",
        "two_nodes_starting_at_once",
        "unwritable_directory",
        "missing_connection_file",
        "wrong_connection_file",
        "bad_messages",
        "files_are_private",
        "node_is_paused",
        "cell_ends_while_no_kernel_is_there",
        "all_executors_killed_while_nobody_runs_a_cell",
        "node_ends_when_nobody_uses_it",
        "node_of_another_build",
        "there_are_no_unix_sockets"
      })
  void aFaultHasAClearMessageAndLosesNothing(String fault) throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "faults.py", fault);
    }
  }

  @Test
  void hostileBytesOnEverySocketHarmNobody() throws Exception {
    try (TestBench bench = TestBench.open()) {
      bench.python(LIMIT_S, "hostile.py", Integer.getInteger("hydrocell.fuzz.frames", 20_000));
    }
  }
}
