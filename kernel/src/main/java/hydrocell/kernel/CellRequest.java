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
 * @param beside whether it runs beside the cells after it
 */
record CellRequest(
    JupyterMessage message,
    String source,
    int cellNumber,
    boolean silent,
    boolean allowStdin,
    boolean commits,
    Comms.@Nullable Call comm,
    Beside beside) {

  /** Whether a cell runs beside those after it. */
  enum Beside {
    /** Never: a command waits for what comes of it. */
    NEVER,
    /** If it has no effects outside and the notebook's setting is so. */
    AS_SET,
    /** If it has no effects outside: it is run again together with others. */
    WITH_OTHERS,
    /** Always, as its user wants it. */
    ALWAYS
  }

  /** A cell with a source. */
  CellRequest(
      JupyterMessage message,
      String source,
      int cellNumber,
      boolean silent,
      boolean allowStdin,
      boolean commits) {
    this(message, source, cellNumber, silent, allowStdin, commits, null, Beside.NEVER);
  }

  /** A comm's message. */
  static CellRequest of(JupyterMessage message, Comms.Call comm, int cellNumber) {
    return new CellRequest(message, "", cellNumber, false, false, true, comm, Beside.NEVER);
  }

  /** What its traces and threads call it. */
  String name() {
    return comm == null ? "cell [" + cellNumber + "]" : "a widget";
  }
}
