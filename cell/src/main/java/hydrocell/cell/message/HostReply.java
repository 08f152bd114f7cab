package hydrocell.cell.message;

import java.util.List;

/** What the executor host answers, and {@link LeaseEnded}, which it also says unasked (id 0). */
public sealed interface HostReply {
  /** The request's id; 0 when unasked. */
  long id();

  /**
   * A lease.
   *
   * @param leaseId names it
   * @param executorId names the process
   * @param endpoint where the executor listens
   * @param token what its handshake wants as secret
   * @param fresh false when the session held this lease already
   */
  record Leased(
      long id, String leaseId, String executorId, String endpoint, String token, boolean fresh)
      implements HostReply {}

  /** A lease is over and its process has ended; {@code reason} in words for the user. */
  record LeaseEnded(long id, String leaseId, String reason) implements HostReply {}

  /** Where the compile service listens and what its handshake wants. */
  record CompileServiceAt(long id, String endpoint, String token) implements HostReply {}

  /** One process of the host. */
  record ProcessStatus(
      String role, String name, long pid, String sessionId, String state, long residentBytes) {}

  /** Figures for {@code status}. */
  record HostStatus(long id, int kernels, List<ProcessStatus> processes) implements HostReply {}

  /** What became of libraries that were asked for. */
  record ResolutionIs(long id, Resolution resolution) implements HostReply {}

  /** The request cannot be met; {@code reason} says what to do. */
  record Failed(long id, String reason) implements HostReply {}

  /** Done, nothing to say. */
  record Done(long id) implements HostReply {}
}
