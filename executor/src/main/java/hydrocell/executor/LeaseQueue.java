package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sessions that wait for an executor. Owned by the host's thread, as {@link Pool} is. */
final class LeaseQueue {
  private final Deque<Waiting> queue = new ArrayDeque<>();

  /** A request, what it is given, and who is told of its end. */
  record Waiting(
      HostRequest.Acquire request, LimitPolicy.Granted granted, Consumer<HostReply> reply) {
    ExecutorShape shape() {
      return granted.limits().shape(request.debugAddress());
    }

    /** What the executor is told that takes this lease. */
    Map<String, String> terms() {
      Map<String, String> terms = new LinkedHashMap<>();
      terms.put("workingDirectory", ChildProperties.escape(request.workingDirectory()));
      granted.limits().spelled().forEach((limit, amount) -> terms.put(limit, amount.toString()));
      request
          .environment()
          .forEach((name, value) -> terms.put("env." + name, ChildProperties.escape(value)));
      return terms;
    }
  }

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

  /** How many wait for each shape. */
  Map<ExecutorShape, Long> shapes() {
    return queue.stream().collect(Collectors.groupingBy(Waiting::shape, Collectors.counting()));
  }

  /**
   * Takes who is served next by an executor of this shape: of the owner that has the fewest
   * executors the one that came first; null when nobody waits for it.
   */
  @Nullable Waiting next(Collection<PooledExecutor> executors, ExecutorShape shape) {
    Map<String, Long> held =
        executors.stream()
            .filter(e -> !e.owner.isEmpty())
            .collect(Collectors.groupingBy(e -> e.owner, Collectors.counting()));
    Waiting first =
        queue.stream()
            .filter(w -> w.shape().equals(shape))
            .min(Comparator.comparingLong(w -> held.getOrDefault(w.request.owner(), 0L)))
            .orElse(null);
    if (first != null) {
      queue.remove(first);
    }
    return first;
  }

  /** Refuses those that wait for an executor of a shape. */
  void refuse(ExecutorShape shape, String reason) {
    for (Waiting each : queue.stream().filter(w -> w.shape().equals(shape)).toList()) {
      queue.remove(each);
      each.reply.accept(new HostReply.Failed(each.request.id(), reason));
    }
  }

  /** Who asked is gone, and waits no more. */
  void leave(Consumer<HostReply> reply) {
    queue.removeIf(each -> each.reply == reply);
  }

  void refuseAll(String reason) {
    for (Waiting each = queue.poll(); each != null; each = queue.poll()) {
      each.reply.accept(new HostReply.Failed(each.request.id(), reason));
    }
  }
}
