package hydrocell.executor.state;

import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a commit is made of.
 *
 * @param function the cell that ran
 * @param stamp names the commit
 * @param base the frontier that the cell ran on
 * @param fence the writer's fencing number
 * @param cellNumber execution count
 * @param ending how the cell ended
 * @param asynchronous for an asynchronous cell: what its commit settles; null for any other
 * @param mayBeLate whether looking for changes may go on after this commit; false while something
 *     runs that could change any value
 */
public record CommitRequest(
    CellFunction function,
    Stamp stamp,
    VersionVector base,
    long fence,
    int cellNumber,
    Commit.Ending ending,
    @Nullable Asynchronous asynchronous,
    boolean mayBeLate) {
  /** The commit of a cell that is not asynchronous, in one part. */
  public CommitRequest(
      CellFunction function,
      Stamp stamp,
      VersionVector base,
      long fence,
      int cellNumber,
      Commit.Ending ending) {
    this(function, stamp, base, fence, cellNumber, ending, null, false);
  }

  /** The second part of this commit. */
  CommitRequest second() {
    return new CommitRequest(
        function,
        stamp.nextAttempt(),
        base.with(stamp),
        fence,
        cellNumber,
        ending,
        asynchronous,
        false);
  }

  /**
   * What the commit of an asynchronous cell settles.
   *
   * @param pending the names that wait for it
   * @param fence whose fencing number guards it
   * @param failure why the cell failed, in words for the user; null when it returned
   */
  public record Asynchronous(List<Entry> pending, String fence, @Nullable String failure) {}
}
