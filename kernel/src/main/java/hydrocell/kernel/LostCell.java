package hydrocell.kernel;

import hydrocell.cell.message.HostReply;

/** A cell whose executor went away under it. It is dead, and can commit nothing any more. */
final class LostCell extends Exception {
  private static final long serialVersionUID = 1L;
  private final boolean beyondLimit;
  private final boolean started;
  private final boolean committed;
  private final boolean nodeDied;

  LostCell(HostReply.LeaseEnded ended, boolean started, boolean committed, boolean nodeDied) {
    super(ended.reason());
    this.beyondLimit = !ended.limit().isEmpty();
    this.started = started;
    this.committed = committed;
    this.nodeDied = nodeDied;
  }

  /** Whether it was ended because it used more than it may. */
  boolean beyondLimit() {
    return beyondLimit;
  }

  /** Whether it had begun. */
  boolean started() {
    return started;
  }

  /** Whether its changes are in the manifest. */
  boolean committed() {
    return committed;
  }

  /** Whether the whole local node went away; it was started again. */
  boolean nodeDied() {
    return nodeDied;
  }
}
