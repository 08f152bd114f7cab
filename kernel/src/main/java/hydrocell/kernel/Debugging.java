package hydrocell.kernel;

import hydrocell.cell.CellFunction;
import hydrocell.kernel.debug.CellDebugging;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What running cells have to do with the debugger: nothing, until somebody asks for one.
 * Thread-safe.
 */
final class Debugging {
  private volatile @Nullable CellDebugging cells;

  /** From now on there is a debugger. */
  void begin(CellDebugging debugger) {
    cells = debugger;
  }

  /** Whether there is a debugger, so that cells run where it is. */
  boolean isOn() {
    return cells != null;
  }

  /** Whether a leased executor is of the kind, debugged or not, that the next cell should have. */
  boolean suits(String leaseId) {
    CellDebugging there = cells;
    return there == null || there.suits(leaseId);
  }

  /** Whether a lease's executor was started under a debugger. */
  boolean isDebugged(String leaseId) {
    CellDebugging there = cells;
    return there != null && there.isDebugged(leaseId);
  }

  /** Where the JVM of an executor is to connect that is now asked for; empty for none. */
  String listen() throws IOException {
    CellDebugging there = cells;
    return there == null ? "" : there.listen();
  }

  /** The executor that was asked for is there. */
  void leased(String leaseId) throws IOException {
    CellDebugging there = cells;
    if (there != null) {
      there.leased(leaseId);
    }
  }

  /** It did not come. */
  void notLeased() {
    CellDebugging there = cells;
    if (there != null) {
      there.notLeased();
    }
  }

  /** A cell is about to run in the leased executor. */
  void runs(CellRequest cell, CellFunction function) {
    CellDebugging there = cells;
    if (there != null) {
      String code = cell.message().content().path("code").asText();
      there.runs(
          stands(cell.source(), code) ? code : cell.source(),
          "cell [" + cell.cellNumber() + "]",
          function,
          !cell.silent());
    }
  }

  /** Whether a source is Java of this cell, on its lines; else a command brought it along. */
  private static boolean stands(String source, String cell) {
    List<String> lines = cell.lines().toList();
    List<String> java = source.lines().toList();
    for (int i = 0; i < java.size(); i++) {
      if (!java.get(i).isBlank() && (i >= lines.size() || !lines.get(i).endsWith(java.get(i)))) {
        return false;
      }
    }
    return true;
  }

  /** The cell is to be stopped: nothing of it may stay paused. */
  void interrupt() {
    CellDebugging there = cells;
    if (there != null) {
      there.interrupt();
    }
  }
}
