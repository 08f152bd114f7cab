package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sessions that wait for an executor. Owned by the host's thread, as {@link Pool} is. */
final class LeaseQueue {
  private final Deque<Waiting> queue = new ArrayDeque<>();

  /** A request, and who is told of its end. */
  record Waiting(HostRequest.Acquire request, Consumer<HostReply> reply) {}

  int size() {
    return queue.size();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void add(Waiting waiting) {
    queue.add(waiting);
  }

  /** One that was served already, and has to be served again. */
  void addFirst(Waiting waiting) {
    queue.addFirst(waiting);
  }

  /** Those that wait for an executor under their debugger, in order. */
  List<Waiting> debugged() {
    return queue.stream().filter(w -> !w.request.debugAddress().isEmpty()).toList();
  }

  /**
   * Takes who is served next by an executor: of the owner that has the fewest executors the one
   * that came first.
   *
   * @param debugAddress of the executor's debugger, which serves its own request alone; else empty
   * @return null when nobody waits for such an executor
   */
  @Nullable Waiting next(Collection<PooledExecutor> executors, String debugAddress) {
    Map<String, Long> held =
        executors.stream()
            .filter(e -> !e.owner.isEmpty())
            .collect(Collectors.groupingBy(e -> e.owner, Collectors.counting()));
    Waiting first =
        queue.stream()
            .filter(w -> w.request.debugAddress().equals(debugAddress))
            .min(Comparator.comparingLong(w -> held.getOrDefault(w.request.owner(), 0L)))
            .orElse(null);
    queue.remove(first);
    return first;
  }

  /** Refuses those that wait for an executor under this debugger. */
  void refuse(String debugAddress, String reason) {
    for (Waiting each : debugged()) {
      if (each.request.debugAddress().equals(debugAddress) && queue.remove(each)) {
        each.reply.accept(new HostReply.Failed(each.request.id(), reason));
      }
    }
  }

  void refuseAll(String reason) {
    for (Waiting each = queue.poll(); each != null; each = queue.poll()) {
      each.reply.accept(new HostReply.Failed(each.request.id(), reason));
    }
  }

  /** An answer that others wait for, too, as the answer to this request. */
  static HostReply renumbered(HostReply reply, long id) {
    return switch (reply) {
      case HostReply.Leased l ->
          new HostReply.Leased(id, l.leaseId(), l.executorId(), l.endpoint(), l.token(), false);
      case HostReply.Failed f -> new HostReply.Failed(id, f.reason());
      default -> reply;
    };
  }
}
