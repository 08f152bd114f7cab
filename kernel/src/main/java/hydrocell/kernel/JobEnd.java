package hydrocell.kernel;

import hydrocell.cell.CellOutcome;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.MimeBundle;

/**
 * How an asynchronous cell ended in its executor.
 *
 * @param result what its cell shows
 * @param why the names that it was to write have no values, where it did not write them
 */
record JobEnd(Job.State state, CellResult result, String why) {

  /** What an outcome means. */
  static JobEnd of(CellOutcome outcome) {
    ErrorReport error = outcome.error();
    if (error == null) {
      MimeBundle shown = outcome instanceof CellOutcome.Returned done ? done.result() : null;
      return new JobEnd(Job.State.DONE, new CellResult.Ok(shown), "nothing came of it");
    }
    CellResult failed = new CellResult.Failed(error);
    return outcome instanceof CellOutcome.Interrupted
        ? new JobEnd(Job.State.CANCELLED, failed, "it was cancelled")
        : new JobEnd(Job.State.FAILED, failed, error.name() + ": " + error.message());
  }

  /** Whether names wait for what it did not write. */
  boolean owesNames(Job job) {
    return result instanceof CellResult.Failed || !job.pending().isEmpty();
  }

  /** Shows what came of a cell whose request was answered before. */
  static void show(Job job, CellResult result, Publisher publisher) {
    if (result instanceof CellResult.Failed(ErrorReport error)) {
      publisher.error(job.cell().message(), error);
      return;
    }
    MimeBundle value = ((CellResult.Ok) result).value();
    if (value != null) {
      publisher.result(job.cell().message(), value, job.cellNumber());
    }
  }
}
