package hydrocell.executor.state;

import hydrocell.cell.Commit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a cell's changes.
 *
 * @param commit acknowledged by Anna; null when nothing changed
 * @param notices lines to show once
 * @param late what is still to be found out; null when that is nothing
 */
public record CommitResult(@Nullable Commit commit, List<String> notices, @Nullable LateSave late) {

  /** All that there is to commit. */
  CommitResult(@Nullable Commit commit, List<String> notices) {
    this(commit, notices, null);
  }
}
