package hydrocell.kernel;

import hydrocell.kernel.protocol.JupyterMessage;

/**
 * One cell to run. Immutable.
 *
 * @param message the request, parent of all output
 * @param source without magics
 * @param cellNumber execution count
 * @param silent whether nothing is shown
 * @param allowStdin whether it may ask for input
 * @param commits false for an expression that is only looked at
 */
record CellRequest(
    JupyterMessage message,
    String source,
    int cellNumber,
    boolean silent,
    boolean allowStdin,
    boolean commits) {}
