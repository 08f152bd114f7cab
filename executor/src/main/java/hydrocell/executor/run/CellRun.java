package hydrocell.executor.run;

import hydrocell.api.CellStop;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.Limit;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.local.CauseText;
import hydrocell.cell.message.CommMessage;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.ToExecutor.Execute;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of one cell: the threads it has, where its output goes, and how far it is. The work
 * thread moves it on; any thread may interrupt it.
 */
final class CellRun {
  private static final Logger LOG = LoggerFactory.getLogger(CellRun.class);
  private static final long STACK_BYTES = 64L << 20;
  private static final long PURSUIT_MS = 300;

  /** How far a run is. */
  private enum Phase {
    WAITING,
    RUNNING,
    OVER
  }

  /**
   * What the rest of the executor gives to every run.
   *
   * @param nativeOutput shows what native code has written so far
   */
  record Services(
      CellThreads threads,
      Gates gates,
      Outbox outbox,
      Traces traces,
      Consumer<CellRun> stopper,
      SpareFiles spareFiles,
      SpareMemory spareMemory,
      Runnable nativeOutput) {}

  /**
   * How the user's code ended.
   *
   * @param result what to show
   * @param error what it threw; null when it returned
   * @param stopped whether an interrupt ended it
   * @param brokenClass whether a class of the session cannot be used any more
   * @param cpuNs processor time of its thread
   */
  record Ended(
      @Nullable MimeBundle result,
      @Nullable ErrorReport error,
      boolean stopped,
      boolean brokenClass,
      long cpuNs) {}

  private final Execute request;
  private final long epoch;
  private final Route route;
  private final Services services;
  private final CellOutput output;
  private final Stdin stdin;
  private final CellGroup group;
  private final CountDownLatch pursued = new CountDownLatch(1);
  private Phase phase = Phase.WAITING;
  private boolean interrupted;
  private @Nullable Thread thread;
  private final Queue<Runnable> atEnd = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Integer exitStatus;
  private volatile @Nullable Ended ended;

  CellRun(Execute request, long epoch, Route route, Services services) {
    this.request = request;
    this.epoch = epoch;
    this.route = route;
    this.services = services;
    output =
        new CellOutput(
            route,
            request.options().silent(),
            services.traces().limits().atMost(Limit.OUTPUT, request.options().outputLimitBytes()),
            services.outbox());
    stdin = new Stdin(this, request.options().allowStdin());
    group = services.threads().group(this);
  }

  Execute request() {
    return request;
  }

  long requestId() {
    return request.requestId();
  }

  /** The epoch of the session that it runs in. */
  long epoch() {
    return epoch;
  }

  String cellName() {
    return request.cellName();
  }

  Route route() {
    return route;
  }

  Stdin stdin() {
    return stdin;
  }

  CellGroup group() {
    return group;
  }

  /** What the executor may use. */
  LimitHints limits() {
    return services.traces().limits();
  }

  /** Memory has run out: what was kept back for that is given up. */
  void makeRoom() {
    services.spareMemory().makeRoom();
  }

  /** The gate of this thread. */
  Gate gate() {
    return services.gates().mine();
  }

  Gates gates() {
    return services.gates();
  }

  void write(CellOutput.Channel channel, String text) {
    Gate gate = gate();
    gate.shut();
    try {
      services.outbox().write(output, channel, text, gate::owes);
    } finally {
      gate.open();
    }
  }

  void write(CellOutput.Channel channel, byte[] bytes, int offset, int length) {
    Gate gate = gate();
    gate.shut();
    try {
      services.outbox().write(output, channel, bytes, offset, length, gate::owes);
    } finally {
      gate.open();
    }
  }

  /** Says something, and waits until it was sent. */
  void sayFirst(FromExecutor message) {
    services.outbox().sayFirst(route, message);
  }

  /** Says something to the kernel of this run; the caller's gate is shut or it has none. */
  void say(FromExecutor message) {
    services.outbox().say(route, message);
  }

  /** Says something on a comm. Waits while too much is on its way, but not when it is to stop. */
  void say(CommMessage message) {
    Gate gate = gate();
    gate.shut();
    try {
      services
          .outbox()
          .say(route, new FromExecutor.Comm(requestId(), message), message.bytes(), gate::owes);
    } finally {
      gate.open();
    }
  }

  /** Shows something of about this size. */
  void show(FromExecutor message, long bytes) {
    Gate gate = gate();
    gate.shut();
    try {
      services.outbox().show(output, message, bytes);
    } finally {
      gate.open();
    }
  }

  /** Gives out the rest of the output, then the end. */
  void finish(FromExecutor.Finished end) {
    services.outbox().finish(output, end);
  }

  void uncaught(Thread died, Throwable thrown) {
    write(CellOutput.Channel.ERR, services.traces().uncaught(died, thrown));
  }

  /** Runs the user's code on a thread of its own and waits for its end. */
  Ended run(Callable<@Nullable MimeBundle> code, ClassLoader classes) {
    Thread fresh = new Thread(group, () -> runHere(code), cellName(), STACK_BYTES, false);
    fresh.setContextClassLoader(classes);
    fresh.setDaemon(true);
    synchronized (this) {
      thread = fresh;
      phase = Phase.RUNNING;
    }
    services.nativeOutput().run();
    services.threads().runs(this);
    services.spareFiles().hold();
    services.spareMemory().hold();
    fresh.start();
    boolean again = true;
    while (again) {
      try {
        fresh.join();
        again = false;
      } catch (InterruptedException e) {
        // Nobody interrupts the work thread but by mistake; the cell must have ended.
        again = true;
      }
    }
    awaitPursuit();
    services.nativeOutput().run();
    showLast();
    synchronized (this) {
      phase = Phase.OVER;
    }
    Ended end = ended;
    return end == null ? new Ended(null, null, true, true, 0) : end;
  }

  /** What an interrupted cell's other threads still change should not be committed half way. */
  private void awaitPursuit() {
    if (!isInterrupted()) {
      return;
    }
    try {
      pursued.await(PURSUIT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The cell's threads were stopped, or cannot be. */
  void pursued() {
    pursued.countDown();
  }

  private void runHere(Callable<@Nullable MimeBundle> code) {
    services.threads().enter(this);
    try {
      MimeBundle result = code.call();
      services.spareFiles().makeRoom();
      ended = new Ended(result, null, false, false, CpuClock.ofThisThreadNs());
    } catch (Throwable thrown) {
      services.spareMemory().makeRoom();
      services.spareFiles().makeRoom();
      // The report calls methods of the user's error, so it is made here, where it can be stopped.
      boolean stopped = isInterrupted() || Traces.isStop(thrown);
      ErrorReport error = stopped ? null : services.traces().report(thrown);
      ended =
          new Ended(
              null, error, stopped, Traces.namesBrokenClass(thrown), CpuClock.ofThisThreadNs());
    }
  }

  /** What hydrocell.api still has to show; on the work thread, where no stop lands. */
  private void showLast() {
    services.threads().enter(this);
    try {
      for (Runnable action = atEnd.poll(); action != null; action = atEnd.poll()) {
        action.run();
      }
    } catch (RuntimeException e) {
      LOG.warn("{} could not show its last state: {}", cellName(), CauseText.of(e));
    } finally {
      services.threads().leave();
    }
  }

  /** Does something of ours when the user's code has ended, however it did. */
  void atEnd(Runnable action) {
    atEnd.add(action);
  }

  /** Stops the user's code, or keeps it from starting; nothing when it is over. */
  void interrupt() {
    synchronized (this) {
      if (phase == Phase.OVER || interrupted) {
        return;
      }
      interrupted = true;
      if (phase == Phase.WAITING) {
        return;
      }
    }
    services.stopper().accept(this);
  }

  /** Whether somebody interrupted it before it was over. */
  synchronized boolean isInterrupted() {
    return interrupted;
  }

  /** Whether the user's code is still going on. */
  synchronized boolean isRunning() {
    return phase == Phase.RUNNING;
  }

  /** The thread that runs the user's code; null before the start. */
  synchronized @Nullable Thread thread() {
    return thread;
  }

  /** The cell called {@code System.exit}: it ends here, on whatever thread. */
  void exit(int status) {
    exitStatus = status;
    if (Thread.currentThread() != thread()) {
      interrupt();
    }
    throw new CellStop();
  }

  /** What it called {@code System.exit} with; null when it did not. */
  @Nullable Integer exitStatus() {
    return exitStatus;
  }
}
