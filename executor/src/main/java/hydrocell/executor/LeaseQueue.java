package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sessions that wait for an executor. Owned by the host's thread, as {@link Pool} is. */
final class LeaseQueue {
  private static final long TELL_AFTER_NS = TimeUnit.SECONDS.toNanos(1);

  private final Deque<Waiting> queue = new ArrayDeque<>();

  /** The places that were told last. */
  private final Map<Waiting, Integer> told = new IdentityHashMap<>();

  /** A request, what it is given and waits for, who is told of its end, and since when it waits. */
  record Waiting(
      HostRequest.Acquire request,
      LimitPolicy.Granted granted,
      ExecutorShape shape,
      Consumer<HostReply> reply,
      long sinceNs) {
    static Waiting of(
        HostRequest.Acquire request, HostConfig config, Consumer<HostReply> reply, long nowNs) {
      LimitPolicy.Granted granted = config.limits().grant(request.limits());
      String notebook = config.isolation().notebook(request.notebookFolder());
      ExecutorShape shape = granted.limits().shape(request.debugAddress(), notebook);
      return new Waiting(request, granted, shape, reply, nowNs);
    }

    /** What the user should know whose cells cannot be in their folder. */
    List<String> notices(Isolation isolation) {
      List<String> all = new ArrayList<>(granted.notices());
      all.add(isolation.elsewhere(request.workingDirectory(), shape.notebook()));
      return all;
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

  /** How long the one that waits longest has waited; 0 when nobody does. */
  long oldestWaitNs(long nowNs) {
    return queue.stream().mapToLong(each -> nowNs - each.sinceNs).max().orElse(0);
  }

  void add(Waiting waiting) {
    queue.add(waiting);
  }

  /** One that was served already, and has to be served again. */
  void addFirst(Waiting waiting) {
    queue.addFirst(waiting);
  }

  /** Whether somebody waits for this shape. */
  boolean waitsFor(ExecutorShape shape) {
    return queue.stream().anyMatch(each -> each.shape.equals(shape));
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
    Map<String, Long> held = held(executors);
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

  /** Who asked wants it no more. */
  void withdraw(Consumer<HostReply> reply, long requestId) {
    if (queue.removeIf(each -> each.reply == reply && each.request.id() == requestId)) {
      reply.accept(new HostReply.Failed(requestId, "the request was taken back"));
    }
  }

  /** Tells everybody who has waited for a second where they stand, if that has changed. */
  void tellPlaces(Collection<PooledExecutor> executors, long nowNs) {
    List<Waiting> order = inOrder(executors);
    Map<Waiting, Integer> now = new IdentityHashMap<>();
    for (int i = 0; i < order.size(); i++) {
      Waiting each = order.get(i);
      int place = i + 1;
      if (nowNs - each.sinceNs >= TELL_AFTER_NS) {
        now.put(each, place);
        if (!Integer.valueOf(place).equals(told.get(each))) {
          each.reply.accept(new HostReply.Queued(0, each.request.id(), place, order.size()));
        }
      }
    }
    told.clear();
    told.putAll(now);
  }

  /** Those that wait, in the order in which they would be served if nobody came or left. */
  private List<Waiting> inOrder(Collection<PooledExecutor> executors) {
    Map<String, Long> held = new HashMap<>(held(executors));
    Map<String, Deque<Waiting>> byOwner = new LinkedHashMap<>();
    queue.forEach(w -> byOwner.computeIfAbsent(w.request.owner(), o -> new ArrayDeque<>()).add(w));
    Map<Waiting, Integer> arrival = new IdentityHashMap<>();
    queue.forEach(w -> arrival.put(w, arrival.size()));
    PriorityQueue<Deque<Waiting>> owners =
        new PriorityQueue<>(
            Comparator.comparingLong(
                    (Deque<Waiting> q) -> held.getOrDefault(q.getFirst().request.owner(), 0L))
                .thenComparing(q -> arrival.get(q.getFirst())));
    owners.addAll(byOwner.values());
    List<Waiting> order = new ArrayList<>();
    for (Deque<Waiting> next = owners.poll(); next != null; next = owners.poll()) {
      Waiting served = next.removeFirst();
      order.add(served);
      held.merge(served.request.owner(), 1L, Long::sum);
      if (!next.isEmpty()) {
        owners.add(next);
      }
    }
    return order;
  }

  private static Map<String, Long> held(Collection<PooledExecutor> executors) {
    return executors.stream()
        .filter(e -> !e.owner.isEmpty())
        .collect(Collectors.groupingBy(e -> e.owner, Collectors.counting()));
  }

  void refuseAll(String reason) {
    for (Waiting each = queue.poll(); each != null; each = queue.poll()) {
      each.reply.accept(new HostReply.Failed(each.request.id(), reason));
    }
  }
}
