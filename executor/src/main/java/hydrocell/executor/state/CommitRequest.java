package hydrocell.executor.state;

import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Commit;

/**
 * What a commit is made of.
 *
 * @param function the cell that ran
 * @param stamp names the commit
 * @param base the frontier that the cell ran on
 * @param fence the writer's fencing number
 * @param cellNumber execution count
 * @param ending how the cell ended
 */
public record CommitRequest(
    CellFunction function,
    Stamp stamp,
    VersionVector base,
    long fence,
    int cellNumber,
    Commit.Ending ending) {}
