package hydrocell.cell.message;

import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a kernel says to the cell executor it leased. */
public sealed interface ToExecutor {
  /**
   * Which session the executor works for; the first message, and again after another kernel takes
   * over.
   *
   * @param annaEndpoint where state lives
   * @param annaToken what its handshake wants: a token that opens the keys of this session
   * @param of whose session it is, as {@link hydrocell.cell.TheirSession} spells it; empty for one
   *     of the owner's
   */
  record Attach(
      String sessionId, long epoch, String owner, String annaEndpoint, String annaToken, String of)
      implements ToExecutor {}

  /**
   * Runs a cell function.
   *
   * @param requestId the kernel's own number for this run, stands on everything that answers it
   * @param cellName such as {@code cell [3]}, as in traces
   * @param source the cell's source, for traces and notices
   * @param entries what the cell can reach, and whatever changed in the manifest since the last
   *     {@code Execute} on this connection
   * @param removed names that went away since then
   * @param stamp names the commit
   * @param base the frontier that the cell runs on
   * @param fence the writer's fencing number, the guard of its commit
   * @param cellNumber execution count
   * @param options how it runs
   * @param classPath the session's libraries
   * @param parentId Jupyter's id of the request that this run belongs to
   * @param comm a comm's message that is to be taken, in place of statements; null for a cell
   * @param asynchronous what is different for an asynchronous cell; null for any other
   */
  record Execute(
      long requestId,
      String cellName,
      String source,
      CellFunction function,
      List<Entry> entries,
      List<Name> removed,
      Stamp stamp,
      VersionVector base,
      long fence,
      int cellNumber,
      Options options,
      List<CompileRequest.Library> classPath,
      String parentId,
      @Nullable CommMessage comm,
      @Nullable Asynchronous asynchronous)
      implements ToExecutor {}

  /**
   * What is different for an asynchronous cell: its commit settles every name that is pending, its
   * fence is its own, and what it showed is always kept.
   *
   * @param pending the names that wait for it, as they were committed at its submission
   * @param fence whose fencing number guards its commit, in place of the writer's
   */
  record Asynchronous(List<Entry> pending, String fence) {}

  /**
   * How a cell runs.
   *
   * @param allowStdin whether it may ask for input
   * @param silent whether nothing is shown
   * @param commits false for an expression that is only looked at: it changes nothing
   * @param outputLimitBytes after which output is cut with a notice
   * @param together whether others run cells in this session, with hosts of their own: then all
   *     that the cell changed is saved before its reply
   * @param forgets whether what the cell changed here goes with it
   */
  record Options(
      boolean allowStdin,
      boolean silent,
      boolean commits,
      long outputLimitBytes,
      boolean together,
      boolean forgets) {

    /** In a session in which nobody else runs cells. */
    public Options(boolean allowStdin, boolean silent, boolean commits, long outputLimitBytes) {
      this(allowStdin, silent, commits, outputLimitBytes, false, false);
    }
  }

  /** Stops the cell that runs under this id; nothing if it has ended. */
  record Interrupt(long requestId) implements ToExecutor {}

  /** The line that was asked for, without its end; null is end of file. */
  record InputReply(long requestId, @Nullable String line) implements ToExecutor {}

  /** Answers {@link FromExecutor.NamesWanted}: those of the names that exist. */
  record Names(long queryId, List<Entry> entries) implements ToExecutor {}

  /** Asks for figures of the executor, answered by {@link FromExecutor.Figures}. */
  record WantFigures(long queryId) implements ToExecutor {}
}
