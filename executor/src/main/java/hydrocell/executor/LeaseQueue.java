package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

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

  /**
   * Takes who is served next: of the owner that has the fewest executors the one that came first.
   */
  Waiting next(Collection<PooledExecutor> executors) {
    Map<String, Long> held =
        executors.stream()
            .filter(e -> !e.owner.isEmpty())
            .collect(Collectors.groupingBy(e -> e.owner, Collectors.counting()));
    Waiting first =
        Collections.min(
            queue, Comparator.comparingLong(w -> held.getOrDefault(w.request.owner(), 0L)));
    queue.remove(first);
    return first;
  }

  void refuseAll(String reason) {
    for (Waiting each = queue.poll(); each != null; each = queue.poll()) {
      each.reply.accept(new HostReply.Failed(each.request.id(), reason));
    }
  }
}
