package hydrocell.executor.state;

import hydrocell.cell.Commit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a cell's changes.
 *
 * @param commit acknowledged by Anna; null when nothing changed
 * @param notices lines to show once
 */
public record CommitResult(@Nullable Commit commit, List<String> notices) {}
