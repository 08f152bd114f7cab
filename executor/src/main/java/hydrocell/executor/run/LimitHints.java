package hydrocell.executor.run;

import hydrocell.cell.Limit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which limit of the executor an error of the user's code comes from, and what to do. Thread-safe.
 */
final class LimitHints {
  private final Map<Limit, Long> amounts = new ConcurrentHashMap<>();

  /** Takes what a lease says. */
  void learn(Map<String, String> lease) {
    for (Limit limit : Limit.values()) {
      String amount = lease.get(limit.spelling());
      if (amount != null) {
        amounts.put(limit, Long.parseLong(amount));
      }
    }
  }

  /** The least of what a notebook wants and what the machine gives. */
  long atMost(Limit limit, long wanted) {
    return Math.min(wanted, amounts.getOrDefault(limit, wanted));
  }

  /** The advice for an error; null when no limit has to do with it. */
  @Nullable String of(Throwable thrown) {
    Limit limit = limitOf(thrown);
    Long amount = limit == null ? null : amounts.get(limit);
    return limit == Limit.HEAP
        ? heap()
        : limit == null || amount == null ? null : limit.advice(amount);
  }

  /** The advice for a full heap. */
  String heap() {
    return Limit.HEAP.advice(amounts.getOrDefault(Limit.HEAP, Runtime.getRuntime().maxMemory()));
  }

  private static @Nullable Limit limitOf(Throwable thrown) {
    if (!(thrown instanceof OutOfMemoryError
        || thrown instanceof java.io.IOException
        || thrown instanceof java.io.UncheckedIOException)) {
      return null;
    }
    String message = thrown.getMessage();
    if (message == null) {
      return null;
    }
    if (thrown instanceof OutOfMemoryError) {
      if (message.contains("native thread")) {
        return Limit.THREADS;
      }
      return message.contains("direct buffer") ? Limit.NATIVE : Limit.HEAP;
    }
    if (message.contains("Too many open files")) {
      return Limit.FILES;
    }
    return message.contains("Resource temporarily unavailable") && message.contains("Cannot run")
        ? Limit.THREADS
        : null;
  }
}
