package hydrocell.executor.state;

import hydrocell.cell.Commit;
import hydrocell.cell.Meter;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The second part of a commit, for after the cell's reply: finding what the cell changed in values
 * that take long to look at. Until it is finished no other cell may run here. For one thread.
 */
public final class LateSave {
  private final Supplier<Ended> rest;

  LateSave(Supplier<Ended> rest) {
    this.rest = rest;
  }

  /**
   * How it ended.
   *
   * @param commit acknowledged by Anna; null when not even that nothing was saved could be said
   * @param notices lines to show once
   * @param meter what it cost
   */
  public record Ended(@Nullable Commit commit, List<String> notices, Meter meter) {}

  /** Does it; once. What goes wrong stands in the notices. */
  public Ended finish() {
    return rest.get();
  }
}
