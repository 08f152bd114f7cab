package hydrocell.kernel;

import hydrocell.cell.message.HostReply;

/**
 * Where a cell stands in the queue for an executor, in the cell's output: shown once the host says
 * so, changed in its place, blank when the cell runs. Thread-safe.
 */
final class QueuePlace {
  private final Outputs outputs;
  private final CellRequest cell;
  private final String displayId;
  private boolean shown;
  private boolean left = true;

  /** Of one cell, which does not wait yet. */
  QueuePlace(Outputs outputs, CellRequest cell) {
    this.outputs = outputs;
    this.cell = cell;
    displayId = "queue-" + Integer.toHexString(System.identityHashCode(cell)) + cell.cellNumber();
  }

  /** It begins to wait. */
  synchronized void enter() {
    left = false;
  }

  /** It waits at a place. */
  synchronized void show(HostReply.Queued queued) {
    if (left || cell.silent()) {
      return;
    }
    String text =
        "[waiting for an executor: place %d of %d]".formatted(queued.place(), queued.waiting());
    outputs.place(cell.message(), text, displayId, shown);
    shown = true;
  }

  /** It waits no more; what comes late is not shown. */
  synchronized void leave() {
    left = true;
    if (shown) {
      shown = false;
      outputs.place(cell.message(), "", displayId, true);
    }
  }
}
