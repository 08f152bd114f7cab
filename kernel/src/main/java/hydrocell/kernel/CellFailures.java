package hydrocell.kernel;

import hydrocell.cell.ErrorReport;
import hydrocell.cell.message.CompileReply;
import java.util.List;

/** What a cell's user is told when it could not run, or did not come to its end. */
final class CellFailures {
  private CellFailures() {}

  /** It does not compile. */
  static CellResult notCompiled(CellRequest cell, CompileReply reply) {
    if (reply instanceof CompileReply.Rejected rejected) {
      return failed(
          "CompilationError",
          CompileErrors.headline(rejected),
          CompileErrors.trace(cell.cellNumber(), rejected));
    }
    return reply instanceof CompileReply.CompilerFailed broken
        ? failed("CompilerError", broken.message(), List.of())
        : failed("InternalError", "the compile service answered " + reply, List.of());
  }

  /** What is true now that a cell's executor went away under it. */
  static CellResult lost(LostCell lost, boolean asked) {
    String reason = lost.nodeDied() ? "the local node ended under it" : lost.getMessage();
    String what =
        lost.committed()
            ? "What it changed was committed before."
            : lost.started() ? "Nothing of this cell is kept." : "The cell did not run.";
    String how =
        asked
            ? "the cell was interrupted and did not stop by itself, so its executor was replaced"
            : lost.beyondLimit()
                ? "the cell was ended, because " + reason
                : "the executor of this cell was lost (" + reason + ")";
    String again = lost.nodeDied() ? " The local node was started again." : "";
    return failed(
        asked ? "Interrupted" : lost.beyondLimit() ? "LimitExceeded" : "ExecutorLost",
        how + ". " + what + again + " The next cell runs on a fresh executor.",
        List.of());
  }

  /** The user did not want it any more before it began. */
  static CellResult interrupted() {
    return failed(
        "Interrupted", "the cell was interrupted before it ran: nothing changed", List.of());
  }

  /** An error of this name; without a trace its message stands alone. */
  static CellResult failed(String name, String message, List<String> trace) {
    List<String> lines =
        trace.isEmpty()
            ? List.of("\u001B[31;1m" + name + "\u001B[0m: " + message)
            : List.copyOf(trace);
    return new CellResult.Failed(new ErrorReport(name, message, lines));
  }
}
