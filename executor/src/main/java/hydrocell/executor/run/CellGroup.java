package hydrocell.executor.run;

import hydrocell.api.CellStop;

/**
 * The threads of one cell: its own and those it started. A thread that outlives the cell stays in
 * the group, so its output still goes to that cell.
 */
final class CellGroup extends ThreadGroup {
  private final CellRun run;

  CellGroup(ThreadGroup parent, CellRun run) {
    super(parent, run.cellName());
    this.run = run;
  }

  CellRun run() {
    return run;
  }

  /** The platform threads that live now. */
  Thread[] threads() {
    Thread[] found = new Thread[activeCount() + 8];
    int count = enumerate(found, true);
    while (count == found.length) {
      found = new Thread[found.length * 2];
      count = enumerate(found, true);
    }
    return java.util.Arrays.copyOf(found, count);
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    if (!(thrown instanceof CellStop)) {
      run.uncaught(thread, thrown);
    }
  }
}
