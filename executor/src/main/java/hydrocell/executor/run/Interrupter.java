package hydrocell.executor.run;

import hydrocell.api.CellStop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * Ends a cell, whatever it is doing: interrupts its threads, gives them a moment, then throws a
 * stop into each of them, again and again until they are gone: who shares a divided task takes up
 * the next part when one part is stopped. What is inside a native call cannot be reached; then the
 * kernel has the process replaced.
 */
final class Interrupter {
  private static final long GRACE_MS = 20;
  private static final long FAST_ROUND_MS = 3;
  private static final int FAST_ROUNDS = 200;
  private static final long SLOW_ROUND_MS = 50;
  private static final int ROUNDS = 260;
  private static final String DIVIDED_TASK = "java.util.concurrent.ForkJoinTask";

  /** Any other thread gets the next stop after so many rounds: it may be on its way out. */
  private static final int ROUNDS_TO_UNWIND = 4;

  private final @Nullable ThreadStopper stopper;

  Interrupter(@Nullable ThreadStopper stopper) {
    this.stopper = stopper;
  }

  /** Starts; returns at once. */
  void stop(CellRun run) {
    new CellThreads.OwnThread(() -> pursue(run), "interrupter").start();
  }

  private void pursue(CellRun run) {
    Thread cell = run.thread();
    try {
      for (Thread thread : targets(run)) {
        run.gates().of(thread).deliver(thread, false, Thread::interrupt);
      }
      await(cell, GRACE_MS);
      for (int round = 0; round < ROUNDS && stopper != null; round++) {
        List<Thread> alive = targets(run);
        if (alive.isEmpty()) {
          break;
        }
        for (Thread thread : alive) {
          if (round % ROUNDS_TO_UNWIND == 0 || sharesDividedTask(thread)) {
            run.gates().of(thread).deliver(thread, true, this::throwStop);
          }
        }
        await(cell, round < FAST_ROUNDS ? FAST_ROUND_MS : SLOW_ROUND_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      run.pursued();
      run.gates().settle();
    }
  }

  /** Such a thread takes up the next part of the task when one part is stopped. */
  private static boolean sharesDividedTask(Thread thread) {
    if (thread instanceof ForkJoinWorkerThread) {
      return true;
    }
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().equals(DIVIDED_TASK)) {
        return true;
      }
    }
    return false;
  }

  private void throwStop(Thread thread) {
    if (stopper != null) {
      stopper.stop(thread, new CellStop());
    }
  }

  private static void await(@Nullable Thread cell, long limitMs) throws InterruptedException {
    if (cell != null && cell.isAlive()) {
      cell.join(limitMs);
    } else {
      Thread.sleep(limitMs);
    }
  }

  private static List<Thread> targets(CellRun run) {
    List<Thread> threads = new ArrayList<>(List.of(run.group().threads()));
    if (run.isRunning()) {
      threads.addAll(CellThreads.busyPoolWorkers());
    }
    return threads;
  }
}
