package hydrocell.executor.run;

import hydrocell.anna.fault.FaultPoint;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.CellOutcome.Committed;
import hydrocell.cell.Commit;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.Meter;
import hydrocell.cell.local.CauseText;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.ToExecutor;
import hydrocell.cell.message.ToExecutor.Execute;
import hydrocell.executor.state.CommitFailedException;
import hydrocell.executor.state.CommitRequest;
import hydrocell.executor.state.CommitResult;
import hydrocell.executor.state.LateSave;
import hydrocell.executor.state.Traffic;
import hydrocell.executor.state.UnreadableNameException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a cell through its executor: prepare, run, commit, tell. One thread does it, and no
 * stop ever reaches that thread: the user's code runs on another.
 */
final class CellWork {
  private static final Logger LOG = LoggerFactory.getLogger(CellWork.class);
  private static final long STACK_BYTES = 256L << 20;
  private static final long RECHECK_MS = 5_000;

  private final BlockingQueue<CellRun> waiting;
  private final List<CellRun> runs;
  private final CellThreads threads;
  private final Gates gates;
  private final HostLine host;
  private final CellBill bill;
  private final Supplier<@Nullable CellSession> session;
  private @Nullable LateSave late;
  private volatile boolean saving;

  CellWork(
      BlockingQueue<CellRun> waiting,
      List<CellRun> runs,
      CellThreads threads,
      Gates gates,
      HostLine host,
      Supplier<@Nullable CellSession> session) {
    this.waiting = waiting;
    this.runs = runs;
    this.threads = threads;
    this.gates = gates;
    this.host = host;
    this.bill = new CellBill(host);
    this.session = session;
  }

  void start() {
    Thread thread = new CellThreads.OwnThread(this::loop, "work", STACK_BYTES);
    thread.start();
  }

  private void loop() {
    int told = 0;
    while (true) {
      try {
        CellRun run = told > 0 ? waiting.poll(RECHECK_MS, TimeUnit.MILLISECONDS) : waiting.take();
        if (run != null) {
          bill.begin(run);
          carryOut(run);
        }
        if (waiting.isEmpty()) {
          CellSession attached = session.get();
          told = threads.alive();
          host.idle(attached != null && attached.state().holdsUnstorable(), told);
        }
      } catch (InterruptedException e) {
        LOG.warn("somebody interrupted the work thread", e);
      }
    }
  }

  private void carryOut(CellRun run) {
    CellOutcome outcome;
    try {
      outcome = outcomeOf(run, run.request());
    } catch (RuntimeException | Error e) {
      run.makeRoom();
      LOG.error("{} failed in our own code: {}", run.cellName(), CauseText.of(e));
      outcome =
          new CellOutcome.CommitFailed(
              Traces.plain(
                  "InternalError",
                  "the executor failed (%s): nothing of the cell is in the state; its log says more"
                      .formatted(e)));
    }
    run.stdin().close();
    run.finish(new FromExecutor.Finished(run.requestId(), outcome));
    saving = late != null;
    runs.remove(run);
    gates.settle();
    bill.end(run, finishSaving(run));
  }

  /** What the cell left to be saved after its reply, and what that cost. The next cell waits. */
  private Meter finishSaving(CellRun run) {
    LateSave left = late;
    late = null;
    if (left == null) {
      return Meter.ZERO;
    }
    LateSave.Ended ended = left.finish();
    run.say(
        new FromExecutor.Saved(run.requestId(), ended.commit(), ended.notices(), ended.meter()));
    saving = false;
    return ended.meter();
  }

  /** Whether what a cell changed is still being saved, after its reply. Any thread. */
  boolean isSaving() {
    return saving;
  }

  private CellOutcome outcomeOf(CellRun run, Execute request) {
    CellSession attached = session.get();
    if (attached == null) {
      return new CellOutcome.Refused(Traces.plain("InternalError", "no session is attached"));
    }
    attached.enter(run.epoch());
    Traffic traffic = bill.traffic();
    try {
      attached.prepare(request, traffic);
    } catch (UnreadableNameException e) {
      return new CellOutcome.Refused(
          Traces.plain(Traces.NOT_READABLE, String.valueOf(e.getMessage())));
    } catch (OutOfMemoryError e) {
      run.makeRoom();
      if (!attached.state().holdsUnstorable()) {
        attached.discardClasses();
      }
      LOG.warn("{} cannot be prepared: {}", run.cellName(), CauseText.of(e));
      return new CellOutcome.Refused(
          Traces.plain(
              "java.lang.OutOfMemoryError",
              "too little memory is left to load what the cell needs, and it did not run; "
                  + run.limits().heap()));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.warn("{} cannot be prepared: {}", run.cellName(), CauseText.of(e));
      return new CellOutcome.Refused(
          Traces.plain(
              Traces.NOT_READABLE,
              "what the cell needs cannot be loaded, and it did not run: " + e));
    }
    if (run.isInterrupted()) {
      attached.state().abandon(request.function());
      return new CellOutcome.Interrupted(
          interruption("before it began: nothing of it ran"),
          new Committed(null, List.of(), Meter.ZERO));
    }
    // A kernel sends a cell that had not begun to another executor: it must know when it has.
    run.sayFirst(new FromExecutor.Started(run.requestId()));
    FaultPoint.EXECUTOR_BEFORE_RUN.reached();
    long start = System.nanoTime();
    CellRun.Ended ended = run.run(() -> attached.runUserCode(request), attached.state().loader());
    FaultPoint.EXECUTOR_AFTER_RUN.reached();
    return commit(run, attached, ended, System.nanoTime() - start, traffic);
  }

  private CellOutcome commit(
      CellRun run, CellSession attached, CellRun.Ended ended, long wallNs, Traffic traffic) {
    Execute request = run.request();
    Integer exit = run.exitStatus();
    boolean stopped = ended.stopped() && exit == null;
    List<String> notices = new ArrayList<>();
    Commit commit = null;
    boolean settled = false;
    try {
      if (request.options().commits()) {
        CommitResult result =
            attached
                .state()
                .commit(
                    new CommitRequest(
                        request.function(),
                        request.stamp(),
                        request.base(),
                        request.fence(),
                        request.cellNumber(),
                        stopped
                            ? Commit.Ending.INTERRUPTED
                            : ended.error() != null || exit != null
                                ? Commit.Ending.THREW
                                : request.comm() != null
                                    ? Commit.Ending.WIDGETS
                                    : Commit.Ending.RETURNED,
                        asynchronous(request, ended.error(), stopped, exit),
                        request.asynchronous() == null
                            && request.comm() == null
                            && !request.options().together()
                            && threads.alive() == 0));
        commit = result.commit();
        late = result.late();
        notices.addAll(result.notices());
      } else {
        attached.state().abandon(request.function());
      }
      settled = true;
    } catch (CommitFailedException e) {
      return new CellOutcome.CommitFailed(
          Traces.plain("CommitFailed", String.valueOf(e.getMessage())));
    } catch (OutOfMemoryError e) {
      run.makeRoom();
      return new CellOutcome.CommitFailed(
          Traces.plain("java.lang.OutOfMemoryError", fullHeap(run)));
    } finally {
      // What lives here must be what is stored: changes that were not committed go.
      if (!settled
          || request.options().forgets()
          || ended.brokenClass()
          || attached.state().poisoned()) {
        attached.discardClasses();
      }
    }
    addNotices(run, stopped, notices);
    Meter io = traffic.meter();
    Meter meter =
        new Meter(
            wallNs,
            ended.cpuNs(),
            io.keysRead(),
            io.bytesRead(),
            io.keysWritten(),
            io.bytesWritten());
    Committed committed = new Committed(commit, notices, meter);
    if (exit != null) {
      return new CellOutcome.Threw(
          Traces.plain(
              "SystemExit",
              "System.exit(%d) was called: it ends the cell here, not the notebook"
                  .formatted(exit)),
          committed);
    }
    if (stopped) {
      return new CellOutcome.Interrupted(interruption("by you"), committed);
    }
    ErrorReport error = ended.error();
    return error == null
        ? new CellOutcome.Returned(ended.result(), committed)
        : new CellOutcome.Threw(error, committed);
  }

  private static CommitRequest.@Nullable Asynchronous asynchronous(
      Execute request, @Nullable ErrorReport error, boolean stopped, @Nullable Integer exit) {
    ToExecutor.Asynchronous own = request.asynchronous();
    if (own == null) {
      return null;
    }
    String failure = error == null ? null : error.name() + ": " + error.message();
    if (exit != null) {
      failure = "System.exit(%d) was called".formatted(exit);
    } else if (stopped) {
      failure = "it was cancelled";
    }
    return new CommitRequest.Asynchronous(own.pending(), own.fence(), failure);
  }

  private static String fullHeap(CellRun run) {
    return "the cell left too little memory to save what it changed: nothing of it is in the state; "
        + run.limits().heap();
  }

  private void addNotices(CellRun run, boolean stopped, List<String> notices) {
    if (stopped) {
      notices.add(
          "The cell was interrupted: a value that it was changing may be half changed; `%undo` goes back.");
    }
    int left = 0;
    for (Thread thread : run.group().threads()) {
      left += thread.isAlive() ? 1 : 0;
    }
    if (left > 0) {
      notices.add(
          "%d thread%s of this cell still run%s: what they change is saved by the next cell that reaches it."
              .formatted(left, left == 1 ? "" : "s", left == 1 ? "s" : ""));
    }
  }

  private static ErrorReport interruption(String how) {
    return Traces.plain("Interrupted", "the cell was interrupted " + how);
  }

  static FromExecutor.Finished refused(CellRun run, String name, String message) {
    return new FromExecutor.Finished(
        run.requestId(), new CellOutcome.Refused(Traces.plain(name, message)));
  }
}
