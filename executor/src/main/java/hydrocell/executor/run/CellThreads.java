package hydrocell.executor.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * Which cell a thread belongs to: the one that started it, directly or through others. Threads that
 * nobody's cell started, as those of the common pool, work for the cell that runs. Thread-safe.
 */
final class CellThreads {
  private final InheritableThreadLocal<@Nullable CellRun> belongsTo =
      new InheritableThreadLocal<>();
  private final ThreadGroup parent = new ThreadGroup("cells");
  private volatile @Nullable CellRun running;

  /** The cell of this thread; null for threads of ours and before the first cell. */
  @Nullable CellRun current() {
    CellRun own = belongsTo.get();
    if (own != null) {
      return own;
    }
    Thread thread = Thread.currentThread();
    if (thread instanceof ForkJoinWorkerThread) {
      return running;
    }
    return thread.getThreadGroup() instanceof CellGroup group ? group.run() : null;
  }

  /** A thread of ours, which belongs to no cell. */
  static final class OwnThread extends Thread {
    OwnThread(Runnable work, String name) {
      this(work, name, 0);
    }

    OwnThread(Runnable work, String name, long stackBytes) {
      super(null, work, name, stackBytes, false);
      setDaemon(true);
    }
  }

  /** This thread, and those it starts, belong to a cell. */
  void enter(CellRun run) {
    belongsTo.set(run);
  }

  /** This thread belongs to no cell again. */
  void leave() {
    belongsTo.remove();
  }

  /** The cell that runs from now on; the last one stays after its end, for late output. */
  void runs(CellRun run) {
    running = run;
  }

  /** The cell that runs, or ran last; null before the first. */
  @Nullable CellRun running() {
    return running;
  }

  /** The group of a new cell's threads. */
  CellGroup group(CellRun run) {
    return new CellGroup(parent, run);
  }

  /** How many platform threads of cells live. */
  int alive() {
    int count = 0;
    Thread[] threads = new Thread[parent.activeCount() + 8];
    int found = parent.enumerate(threads, true);
    for (int i = 0; i < found; i++) {
      if (!isIdleWorker(threads[i])) {
        count++;
      }
    }
    return count;
  }

  /** Workers of the common pool that run somebody's code now. */
  static List<Thread> busyPoolWorkers() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    for (ThreadGroup up = root.getParent(); up != null; up = up.getParent()) {
      root = up;
    }
    Thread[] threads = new Thread[root.activeCount() + 16];
    int found = root.enumerate(threads, true);
    List<Thread> busy = new ArrayList<>();
    for (int i = 0; i < found; i++) {
      if (threads[i] instanceof ForkJoinWorkerThread worker
          && worker.getPool() == ForkJoinPool.commonPool()
          && !isIdleWorker(worker)) {
        busy.add(worker);
      }
    }
    return busy;
  }

  private static boolean isIdleWorker(Thread thread) {
    if (!(thread instanceof ForkJoinWorkerThread)) {
      return false;
    }
    for (StackTraceElement frame : thread.getStackTrace()) {
      String name = frame.getClassName();
      if (!name.startsWith("java.util.concurrent.ForkJoin")
          && !name.equals("java.util.concurrent.locks.LockSupport")
          && !name.equals("jdk.internal.misc.Unsafe")
          && !name.equals("java.lang.Object")
          && !name.equals("java.lang.Thread")) {
        return false;
      }
    }
    return true;
  }
}
