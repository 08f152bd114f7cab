package hydrocell.cell.message;

import java.util.List;
import java.util.Map;

/**
 * What the executor host answers, and what it says unasked (id 0): {@link LeaseEnded}, {@link
 * Queued}, {@link Downloading}.
 */
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
   * @param limits what the executor may use, by {@link hydrocell.cell.Limit#spelling()}
   * @param notices what the user should know of this lease, a line each
   * @param annaToken what the executor shows to the storage node: it opens the keys of this session
   *     alone, and expires; the host renews it
   */
  record Leased(
      long id,
      String leaseId,
      String executorId,
      String endpoint,
      String token,
      boolean fresh,
      Map<String, Long> limits,
      List<String> notices,
      String annaToken)
      implements HostReply {}

  /**
   * A lease is over and its process has ended.
   *
   * @param reason in words for the user
   * @param limit the limit that its cell went beyond, by {@link hydrocell.cell.Limit#spelling()};
   *     empty when there was another reason
   */
  record LeaseEnded(long id, String leaseId, String reason, String limit) implements HostReply {}

  /** Where the compile service listens and what its handshake wants. */
  record CompileServiceAt(long id, String endpoint, String token) implements HostReply {}

  /** One process of the host. */
  record ProcessStatus(
      String role, String name, long pid, String sessionId, String state, long residentBytes) {}

  /**
   * Figures for {@code status}.
   *
   * @param writers the kernels that are connected, by what they call themselves in sessions
   * @param isolation whether cells are isolated, in words: {@code on} or {@code off}, and why
   */
  record HostStatus(
      long id, int kernels, List<ProcessStatus> processes, List<String> writers, String isolation)
      implements HostReply {}

  /** What became of libraries that were asked for. */
  record ResolutionIs(long id, Resolution resolution) implements HostReply {}

  /** The request cannot be met; {@code reason} says what to do. */
  record Failed(long id, String reason) implements HostReply {}

  /** Done, nothing to say. */
  record Done(long id) implements HostReply {}

  /**
   * A request for a lease waits, said unasked from its second second on, when its place changes.
   *
   * @param requestId the request that waits
   * @param place from 1, which is served next
   * @param waiting how many wait
   */
  record Queued(long id, long requestId, int place, int waiting) implements HostReply {}

  /**
   * Libraries are being fetched, said unasked now and then.
   *
   * @param requestId the request that they are fetched for
   * @param underway how far that is
   */
  record Downloading(long id, long requestId, Resolution.Underway underway) implements HostReply {}
}
