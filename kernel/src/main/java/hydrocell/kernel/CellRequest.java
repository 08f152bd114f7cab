package hydrocell.kernel;

import hydrocell.kernel.protocol.JupyterMessage;
import org.jspecify.annotations.Nullable;

/**
 * One cell to run. Immutable.
 *
 * @param message the request, parent of all output
 * @param source without magics
 * @param cellNumber execution count
 * @param silent whether nothing is shown
 * @param allowStdin whether it may ask for input
 * @param commits false for an expression that is only looked at
 * @param comm the message of a comm that is to be taken, in place of a source; null for a cell
 * @param asynchronous whether it runs beside the cells after it
 * @param again whether a command runs it again, beside others where it can
 */
record CellRequest(
    JupyterMessage message,
    String source,
    int cellNumber,
    boolean silent,
    boolean allowStdin,
    boolean commits,
    Comms.@Nullable Call comm,
    boolean asynchronous,
    boolean again) {

  /** A cell with a source. */
  CellRequest(
      JupyterMessage message,
      String source,
      int cellNumber,
      boolean silent,
      boolean allowStdin,
      boolean commits) {
    this(message, source, cellNumber, silent, allowStdin, commits, null, false, false);
  }

  /** A comm's message. */
  static CellRequest of(JupyterMessage message, Comms.Call comm, int cellNumber) {
    return new CellRequest(message, "", cellNumber, false, false, true, comm, false, false);
  }

  /** What its traces and threads call it. */
  String name() {
    return comm == null ? "cell [" + cellNumber + "]" : "a widget";
  }
}
