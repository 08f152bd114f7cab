package hydrocell.kernel;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Whether the user wants a cell to stop. Each cell has one of its own, so that an interrupt that
 * came before it does not count. Thread-safe.
 */
final class Interruption {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();

  /** Something that the interrupt came before the end of. */
  static final class InterruptedCell extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** The user wants the cell to stop. */
  void request() {
    requested.complete(null);
  }

  boolean isRequested() {
    return requested.isDone();
  }

  /** Does something when the user interrupts, at once if that was already. */
  void whenRequested(Runnable action) {
    requested.thenRun(action);
  }

  /** Does something in which this thread waits for replies only until the user interrupts. */
  void during(Backend.Work work) throws IOException {
    Backend.interruptibly(requested, work);
  }

  /** Waits a while, unless the user interrupts. */
  void pause(long ms) throws IOException, InterruptedCell {
    await(
        CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS)));
  }

  /** Waits for work as long as it takes, unless the user interrupts. */
  <T> T await(CompletableFuture<T> work) throws IOException, InterruptedCell {
    CompletableFuture.anyOf(work.exceptionally(e -> null), requested).join();
    if (isRequested() && !work.isDone()) {
      throw new InterruptedCell();
    }
    return Backend.await(work);
  }
}
