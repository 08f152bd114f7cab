package hydrocell.cell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the run of a cell ended in its executor. That the executor was lost is not here: then nobody
 * is left to say so, and the kernel finds out. Immutable.
 */
public sealed interface CellOutcome {
  /** What to tell; null when it returned. */
  default @Nullable ErrorReport error() {
    return null;
  }

  /** What became of its changes; null when nothing of it is in the state. */
  default @Nullable Committed committed() {
    return null;
  }

  /**
   * What became of the cell's changes.
   *
   * @param commit acknowledged by Anna; null when nothing changed
   * @param notices lines to show once: what could not be stored, threads left running
   * @param meter what it cost
   */
  record Committed(@Nullable Commit commit, List<String> notices, Meter meter) {}

  /** It returned; {@code result} is null when there is nothing to show. */
  record Returned(@Nullable MimeBundle result, Committed committed) implements CellOutcome {}

  /** It threw; what its statements did before is committed. */
  record Threw(ErrorReport error, Committed committed) implements CellOutcome {}

  /** It was interrupted and unwound; what its statements did before is committed. */
  record Interrupted(ErrorReport error, Committed committed) implements CellOutcome {}

  /** It did not run: a name it needs cannot be read. Nothing changed. */
  record Refused(ErrorReport error) implements CellOutcome {}

  /** It ran, and its changes could not be committed: nothing of it is in the state. */
  record CommitFailed(ErrorReport error) implements CellOutcome {}
}
