package hydrocell.executor.run;

import java.util.concurrent.ConcurrentHashMap;

/**
 * The gates of the user's platform threads. A virtual thread needs none: it is never stopped.
 * Thread-safe.
 */
final class Gates {
  private static final int PRUNED_ABOVE = 256;

  private final ConcurrentHashMap<Thread, Gate> gates = new ConcurrentHashMap<>();
  private volatile int pruneAbove = PRUNED_ABOVE;

  /** The gate of a thread; made by whoever asks first. */
  Gate of(Thread thread) {
    Gate known = gates.get(thread);
    if (known != null) {
      return known;
    }
    if (gates.size() > pruneAbove) {
      gates.keySet().removeIf(t -> !t.isAlive());
      pruneAbove = Math.max(PRUNED_ABOVE, 2 * gates.size());
    }
    Gate fresh = new Gate();
    Gate raced = gates.putIfAbsent(thread, fresh);
    return raced == null ? fresh : raced;
  }

  /** The gate of this thread. */
  Gate mine() {
    Thread thread = Thread.currentThread();
    return thread.isVirtual() ? new Gate() : of(thread);
  }

  /** A thread ended, or what it was to be stopped for is over. */
  void settle() {
    gates.forEach((thread, gate) -> {
      if (thread.isAlive()) {
        gate.settle();
      } else {
        gates.remove(thread);
      }
    });
  }
}
