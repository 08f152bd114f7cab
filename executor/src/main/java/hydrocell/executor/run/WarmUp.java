package hydrocell.executor.run;

import hydrocell.api.CellStop;
import hydrocell.executor.render.Rendering;
import hydrocell.executor.state.ValueWarmUp;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Loads what the first cell would otherwise wait for. */
final class WarmUp {
  private static final long WARM_MS = 1_000;

  private record Row(int number, String text) {}

  private WarmUp() {}

  static void run(@Nullable ThreadStopper stopper) throws Exception {
    if (stopper != null) {
      stopOne(stopper);
    }
    CpuClock.ofThisThreadNs();
    ValueWarmUp.run();
    Rendering.of(List.of(new Row(1, "one")));
    Rendering.of(new int[] {1, 2});
    Traces traces = new Traces();
    traces.report(new IllegalStateException("warm"));
  }

  /** The first stop loads a good part of JNA. */
  private static void stopOne(ThreadStopper stopper) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    Thread thread =
        new CellThreads.OwnThread(
            () -> {
              try {
                never.await();
              } catch (InterruptedException | CellStop e) {
                Thread.currentThread().interrupt();
              }
            },
            "warm-up");
    thread.setUncaughtExceptionHandler((died, stop) -> {});
    thread.start();
    stopper.stop(thread, new CellStop());
    thread.join(WARM_MS);
  }
}
