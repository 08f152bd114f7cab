package hydrocell.executor.state;

import hydrocell.anna.fault.FaultPoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A search for changes on a thread of its own, which may take longer than its cell waits. */
final class LateCheck {
  private static final long STACK_BYTES = 256L << 20;

  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private LateCheck() {}

  static LateCheck start(Runnable search) {
    LateCheck check = new LateCheck();
    Thread.ofPlatform()
        .daemon()
        .name("late-check")
        .stackSize(STACK_BYTES)
        .inheritInheritableThreadLocals(false)
        .start(() -> check.run(search));
    return check;
  }

  private void run(Runnable search) {
    try {
      FaultPoint.EXECUTOR_IN_LATE_CHECK.reached();
      search.run();
      ended.complete(null);
    } catch (RuntimeException | Error e) {
      ended.completeExceptionally(e);
    }
  }

  /** Waits; whether it is done. Throws what the search threw. */
  boolean endsWithin(long limitMs) {
    try {
      ended.get(limitMs, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw Jdk.asUnchecked(e.getCause() == null ? e : e.getCause());
    }
  }

  /** Waits for its end as long as it takes. Throws what the search threw. */
  void await() {
    boolean done = false;
    while (!done) {
      done = endsWithin(Long.MAX_VALUE);
      // Nobody may go on beside it: it looks at objects that the next cell could change.
      Thread.interrupted();
    }
  }
}
