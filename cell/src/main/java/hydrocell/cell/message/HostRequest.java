package hydrocell.cell.message;

import java.util.Map;

/** What a kernel (or the command line) asks of the executor host. */
public sealed interface HostRequest {
  /** Matches the reply; unique on its connection. */
  long id();

  /**
   * Leases an executor to a session; the same one again while its lease lasts.
   *
   * @param sessionId whose executor it becomes
   * @param owner whom the session belongs to
   * @param workingDirectory where the session's cells run
   * @param environment what {@code %env} and the kernel's own environment say, in whole
   * @param debugAddress where the session's debugger listens, {@code host:port}: a fresh executor
   *     is started, whose JVM connects there; empty for an ordinary one
   * @param limits what the notebook asks for, by {@link hydrocell.cell.Limit#spelling()}; the rest
   *     is as the machine has it
   * @param notebookFolder what the cells see of the machine's files where they are isolated
   * @param of whose session it is, as {@link hydrocell.cell.TheirSession} spells it; empty for one
   *     of the owner's
   */
  record Acquire(
      long id,
      String sessionId,
      String owner,
      String workingDirectory,
      Map<String, String> environment,
      String debugAddress,
      Map<String, Long> limits,
      String notebookFolder,
      String of)
      implements HostRequest {}

  /** Ends a lease: the process ends once no cell runs. */
  record Release(long id, String leaseId) implements HostRequest {}

  /** Kills the lease's process now, whatever it does; answered when it is dead. */
  record Replace(long id, String leaseId) implements HostRequest {}

  /** Where the compile service listens; started if it is not running. */
  record CompileService(long id) implements HostRequest {}

  /** Finds libraries; answered by {@link HostReply.ResolutionIs} when all of them are here. */
  record Resolve(long id, ResolveRequest wanted) implements HostRequest {}

  /** Figures for {@code status}. */
  record Status(long id) implements HostRequest {}

  /** Ends the local node in good order. */
  record Stop(long id) implements HostRequest {}

  /** Takes a request for a lease of this connection back, if it still waits. */
  record Withdraw(long id, long requestId) implements HostRequest {}

  /** Says which writer of sessions speaks on this connection; it is there as long as that is. */
  record Introduce(long id, String writer) implements HostRequest {}

  /**
   * Where the compile service listens that runs annotation processors of the notebooks' libraries,
   * and so code of theirs; started if it is not running. Answered as {@link CompileService}.
   */
  record ProcessingCompileService(long id) implements HostRequest {}

  /** Deletes values that nothing can reach, now; answered when that is done. */
  record Collect(long id) implements HostRequest {}
}
