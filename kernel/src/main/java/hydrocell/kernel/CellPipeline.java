package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.CellFunction;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.Meter;
import hydrocell.cell.Name;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.ToExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a cell from source to commit: compile, schedule, execute, and take over what it changed.
 * Runs on the shell's thread, one cell at a time; {@link #interrupt} comes from another.
 */
public final class CellPipeline {
  /** After this long an executor that did not answer an interrupt is replaced. */
  private static final long REPLACE_AFTER_MS = 700;

  private static final int MAX_LEASES = 3;
  private static final long SLOW_AFTER_MS = 5_000;
  private static final String SLOW =
      "the local node or its compile service has not answered for some seconds; the cell waits, and has not begun";

  private final Backend backend;
  private final Session session;
  private final Outputs outputs;
  private final AtomicLong runIds = new AtomicLong(System.nanoTime() >>> 20);
  private volatile @Nullable ExecutorLink executor;
  private volatile CompletableFuture<Void> interrupted = new CompletableFuture<>();
  private volatile long runningId;
  private Meter last = Meter.ZERO;
  private Meter total = Meter.ZERO;

  CellPipeline(Backend backend, Session session, Outputs outputs) {
    this.backend = backend;
    this.session = session;
    this.outputs = outputs;
  }

  /** Something that the interrupt came before the end of. */
  static final class InterruptedCell extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** A cell begins: an interrupt that came before it does not count. */
  void begin() {
    interrupted = new CompletableFuture<>();
  }

  /** Runs one cell. What goes wrong becomes a result. */
  CellResult run(CellRequest cell) {
    CompletableFuture<Void> slow =
        CompletableFuture.runAsync(
            () -> {
              if (!cell.silent()) {
                outputs.note(cell.message(), SLOW);
              }
            },
            CompletableFuture.delayedExecutor(SLOW_AFTER_MS, TimeUnit.MILLISECONDS));
    try {
      Backend.interruptibly(interrupted, () -> refreshSession(cell));
      CompileReply reply = compile(cell);
      slow.cancel(false);
      if (reply instanceof CompileReply.Compiled compiled) {
        return execute(cell, compiled.function());
      }
      return notCompiled(cell, reply);
    } catch (InterruptedCell e) {
      return failed(
          "Interrupted", "the cell was interrupted before it ran: nothing changed", List.of());
    } catch (IOException | AnnaException e) {
      return failed("NodeError", String.valueOf(e.getMessage()), List.of());
    } finally {
      slow.cancel(false);
    }
  }

  /** A node that has just died may only show by the first answer that does not come. */
  private void refreshSession(CellRequest cell) throws IOException {
    try {
      openSession(cell);
    } catch (AnnaException e) {
      if (e.reason() != AnnaException.Reason.UNAVAILABLE) {
        throw e;
      }
      backend.reconnect();
      openSession(cell);
    }
  }

  private void openSession(CellRequest cell) throws IOException {
    if (!session.isOpen()) {
      String resumed = session.open();
      if (!resumed.isEmpty() && !cell.silent()) {
        outputs.note(cell.message(), resumed);
      }
      return;
    }
    String news = session.refresh();
    if (!news.isEmpty() && !cell.silent()) {
      outputs.note(cell.message(), news);
    }
  }

  private CompileReply compile(CellRequest cell) throws IOException, InterruptedCell {
    FaultPoint.KERNEL_BEFORE_COMPILE.reached();
    CompileRequest.Context context = CompileStep.context(session.manifest(), cell.source());
    String name = "cell [" + cell.cellNumber() + "]";
    return await(
        backend.compile(id -> new CompileRequest.Compile(id, name, cell.source(), context)));
  }

  private CellResult execute(CellRequest cell, CellFunction function)
      throws IOException, InterruptedCell {
    if (!cell.silent()) {
      function.notes().forEach(note -> outputs.note(cell.message(), note));
    }
    for (int attempt = 1; ; attempt++) {
      ExecutorLink link;
      try {
        link = lease();
      } catch (ExecutorLink.GoneException e) {
        if (attempt == MAX_LEASES) {
          throw e;
        }
        continue;
      }
      Stamp stamp = session.nextStamp();
      long runId = runIds.incrementAndGet();
      ToExecutor.Execute execute = schedule(cell, function, stamp, runId);
      outputs.belongTo(runId, cell.message());
      runningId = runId;
      FaultPoint.KERNEL_BEFORE_EXECUTE.reached();
      ExecutorLink.Run run = link.execute(execute);
      if (interrupted.isDone()) {
        askToStop(link, runId);
      }
      try {
        return finish(cell, run.outcome().get());
      } catch (ExecutionException e) {
        boolean started =
            !(e.getCause() instanceof ExecutorLink.LostException lost) || lost.started();
        executor = null;
        if (started || attempt == MAX_LEASES) {
          return lost(link, stamp, started);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the kernel is stopping", e);
      } finally {
        runningId = 0;
      }
    }
  }

  /** The executor that has this session's values, or a fresh one. */
  private ExecutorLink lease() throws IOException, InterruptedCell {
    ExecutorLink open = executor;
    if (open != null && open.isOpen()) {
      return open;
    }
    int generation = backend.generation();
    HostReply.Leased lease =
        Backend.expect(
            HostReply.Leased.class,
            await(
                backend.ask(id ->
                    new HostRequest.Acquire(
                        id,
                        session.keys().sessionId(),
                        session.owner(),
                        Surroundings.directory(session.manifest()).toString(),
                        Surroundings.environment(session.manifest())))));
    if (interrupted.isDone()) {
      throw new InterruptedCell();
    }
    session.forgetUntold();
    ExecutorLink fresh =
        ExecutorLink.connect(lease, generation, session, backend.nodeFile(), outputs::fromExecutor);
    executor = fresh;
    return fresh;
  }

  private ToExecutor.Execute schedule(
      CellRequest cell, CellFunction function, Stamp stamp, long runId) {
    Map<Name, Entry> reached = CompileStep.reach(session, function);
    Map<Name, Entry> told = new LinkedHashMap<>(reached);
    List<Name> removed = new ArrayList<>();
    for (Name name : session.takeUntold()) {
      List<Entry> entry = session.entries(List.of(name));
      if (entry.isEmpty()) {
        removed.add(name);
      } else {
        told.put(name, entry.getFirst());
      }
    }
    return new ToExecutor.Execute(
        runId,
        "cell [" + cell.cellNumber() + "]",
        cell.source(),
        function,
        List.copyOf(told.values()),
        removed,
        stamp,
        session.frontier(),
        session.fence(),
        cell.cellNumber(),
        new ToExecutor.Options(
            cell.allowStdin(),
            cell.silent(),
            cell.commits(),
            Setting.OUTPUT_LIMIT.numberIn(session.manifest())),
        Dependencies.classPath(session.manifest()));
  }

  private static CellResult notCompiled(CellRequest cell, CompileReply reply) {
    if (reply instanceof CompileReply.Rejected rejected) {
      return failed(
          "CompilationError",
          CompileErrors.headline(rejected),
          CompileErrors.trace(cell.cellNumber(), rejected));
    }
    return reply instanceof CompileReply.CompilerFailed broken
        ? failed("CompilerError", broken.message(), List.of())
        : failed("InternalError", "the compile service answered " + reply, List.of());
  }

  private CellResult finish(CellRequest cell, CellOutcome outcome) {
    CellOutcome.Committed committed = outcome.committed();
    if (committed != null) {
      take(cell, committed);
    }
    ErrorReport error = outcome.error();
    return error == null
        ? new CellResult.Ok(outcome instanceof CellOutcome.Returned done ? done.result() : null)
        : new CellResult.Failed(error);
  }

  private void take(CellRequest cell, CellOutcome.Committed committed) {
    Commit commit = committed.commit();
    if (commit != null) {
      session.applied(commit);
    }
    if (!cell.silent()) {
      committed.notices().forEach(notice -> outputs.note(cell.message(), notice));
    }
    last = committed.meter();
    total = total.plus(last);
  }

  /** The executor went away under the cell: make sure that it is dead, and say what is true now. */
  private CellResult lost(ExecutorLink link, Stamp stamp, boolean started) throws IOException {
    boolean asked = interrupted.isDone();
    String end = endOf(link);
    boolean kept = session.fenceOff(stamp);
    boolean nodeDied = backend.generation() != link.generation();
    String reason = nodeDied ? "the local node ended under it" : end;
    String what =
        kept
            ? "What it changed was committed before."
            : started ? "Nothing of this cell is kept." : "The cell did not run.";
    String how =
        asked
            ? "the cell was interrupted and did not stop by itself, so its executor was replaced"
            : "the executor of this cell was lost (" + reason + ")";
    String again = nodeDied ? " The local node was started again." : "";
    return failed(
        asked ? "Interrupted" : "ExecutorLost",
        how + ". " + what + again + " The next cell runs on a fresh executor.",
        List.of());
  }

  /** Sees to it that the executor is dead; what ended it, in words. */
  private String endOf(ExecutorLink link) {
    try {
      return backend
          .host(
              HostReply.LeaseEnded.class, id -> new HostRequest.Replace(id, link.lease().leaseId()))
          .reason();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Stops the running cell, whatever it does. Any thread. */
  void interrupt() {
    interrupted.complete(null);
    ExecutorLink link = executor;
    long runId = runningId;
    if (link != null && runId != 0) {
      askToStop(link, runId);
    }
  }

  private void askToStop(ExecutorLink link, long runId) {
    link.interrupt(runId);
    CompletableFuture.delayedExecutor(REPLACE_AFTER_MS, TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (runningId == runId) {
            replace(link);
          }
        });
  }

  private void replace(ExecutorLink link) {
    try {
      backend.host(
          HostReply.LeaseEnded.class, id -> new HostRequest.Replace(id, link.lease().leaseId()));
    } catch (IOException e) {
      // The host is gone, and with it every executor: the connection says so itself.
      link.close();
    }
    link.close();
  }

  /** Waits for work as long as it takes, unless the user interrupts. */
  <T> T await(CompletableFuture<T> work) throws IOException, InterruptedCell {
    CompletableFuture.anyOf(work.exceptionally(e -> null), interrupted).join();
    if (interrupted.isDone() && !work.isDone()) {
      throw new InterruptedCell();
    }
    return Backend.await(work);
  }

  /** The front end answered a cell's question; null is the end of the file. */
  void input(long runId, @Nullable String line) {
    ExecutorLink link = executor;
    if (link != null) {
      link.input(runId, line);
    }
  }

  /** Lets the executor go: the next cell gets a fresh one. */
  public void release() {
    ExecutorLink link = executor;
    executor = null;
    if (link != null) {
      try {
        backend.host(HostReply.class, id -> new HostRequest.Release(id, link.lease().leaseId()));
      } catch (IOException e) {
        outputs.log("could not release the executor: " + e.getMessage());
      }
      link.close();
    }
  }

  /** The host ended the lease. */
  void leaseEnded(String leaseId) {
    ExecutorLink link = executor;
    if (link != null && link.lease().leaseId().equals(leaseId)) {
      link.close();
    }
  }

  /** What the last cell cost. */
  public Meter last() {
    return last;
  }

  /** What all cells of this kernel cost. */
  public Meter total() {
    return total;
  }

  /** The executor that the session leases; empty between leases. */
  public String executorId() {
    ExecutorLink link = executor;
    return link != null && link.isOpen() ? link.lease().executorId() : "";
  }

  private static CellResult failed(String name, String message, List<String> trace) {
    List<String> lines =
        trace.isEmpty()
            ? List.of("\u001B[31;1m" + name + "\u001B[0m: " + message)
            : trace.stream().collect(Collectors.toList());
    return new CellResult.Failed(new ErrorReport(name, message, lines));
  }
}
