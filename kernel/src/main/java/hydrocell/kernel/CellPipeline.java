package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.cell.CellFunction;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.Meter;
import hydrocell.cell.Name;
import hydrocell.cell.SharedName;
import hydrocell.cell.TheirSession;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.FromExecutor;
import hydrocell.kernel.magic.MagicException;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.schedule.Footprint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes a cell from source to commit: compile, schedule, execute, and take over what it changed.
 * Runs on the shell's thread, one cell at a time; {@link #interrupt} comes from another.
 */
public final class CellPipeline {
  private static final long SLOW_AFTER_MS = 5_000;
  private static final String SLOW =
      "the local node or its compile service has not answered for some seconds; the cell waits, and has not begun";

  private static final String AGAIN = ". Run it again.";

  private final Backend backend;
  private final Session session;
  private final History history;
  private final Outputs outputs;
  private final Jobs jobs;
  private final LeasedExecutor executor;
  private final LateSaves saves;
  private final Debugging debugging;
  private final AsynchronousCells asynchronous;
  private final AtomicLong runIds = new AtomicLong(System.nanoTime() >>> 20);
  private final Turns turns = new Turns();
  private final SharedCells shared;

  private final List<CellRun> runs = new ArrayList<>();
  private Meter last = Meter.ZERO;
  private Meter total = Meter.ZERO;

  CellPipeline(
      Backend backend,
      Session session,
      History history,
      Outputs outputs,
      Jobs jobs,
      Debugging debugging) {
    this.backend = backend;
    this.session = session;
    this.history = history;
    this.outputs = outputs;
    this.jobs = jobs;
    this.debugging = debugging;
    this.asynchronous = new AsynchronousCells(session, jobs, debugging, runIds, runs::add);
    this.saves = new LateSaves(backend, session, outputs);
    this.shared = new SharedCells(backend, session, outputs);
    this.executor = new LeasedExecutor(backend, session, "", new Foreground(), debugging);
    jobs.onSaved(shared::savedLate);
  }

  /** Hears what the executor of the foreground says. */
  private final class Foreground implements ExecutorLink.Listener {
    @Override
    public void said(FromExecutor output) {
      outputs.fromExecutor(output);
    }

    @Override
    public CompletableFuture<List<Entry>> entriesOf(long requestId, Collection<Name> names) {
      return jobs.pendingNames().entriesOf(names);
    }
  }

  /** A request is about to be shown as busy: from now on it can be interrupted. */
  Interruption announce() {
    return turns.announce();
  }

  /** The turn of a request has come. */
  void begin(Interruption its) {
    turns.begin(its);
    runs.clear();
  }

  /**
   * Has a command do something; to the notebook's graph the cells that it runs are a write of these
   * names by others, and nothing that can be run again.
   */
  public void asWriteOf(Set<Name> names, Command command) throws IOException, MagicException {
    int before = runs.size();
    try {
      command.run();
    } finally {
      runs.subList(before, runs.size()).clear();
    }
    runs.add(CellRun.ofOthers(names));
  }

  /** What a command does. */
  public interface Command {
    /** Does it. */
    void run() throws IOException, MagicException;
  }

  /** What ran since the request began. */
  List<CellRun> takeRuns() {
    List<CellRun> taken = List.copyOf(runs);
    runs.clear();
    return taken;
  }

  /** The asynchronous cells. */
  public Jobs jobs() {
    return jobs;
  }

  /** Waits for names that asynchronous cells write, or for all these cells; what failed. */
  String await(List<String> names, JupyterMessage request) throws IOException {
    try {
      return names.isEmpty()
          ? jobs.pendingNames().awaitAll(turns.current())
          : jobs.pendingNames().await(names, request, turns.current());
    } catch (Interruption.InterruptedCell e) {
      return "interrupted; what it waited for goes on";
    }
  }

  private void noteSlow(CellRequest cell) {
    if (!cell.silent()) {
      outputs.note(cell.message(), SLOW);
    }
  }

  /** Runs one cell. What goes wrong becomes a result. */
  CellResult run(CellRequest cell) {
    CompletableFuture<Void> slow = new CompletableFuture<>();
    slow.completeOnTimeout(null, SLOW_AFTER_MS, TimeUnit.MILLISECONDS)
        .thenRunAsync(() -> noteSlow(cell));
    try {
      if (cell.comm() != null) {
        refresh(cell.message(), cell.silent());
        slow.cancel(false);
        return execute(cell, cell.comm().function());
      }
      Compilation compilation = Compilation.begin(backend, session, cell);
      refresh(cell.message(), cell.silent());
      CompileReply reply = compilation.await(turns.current());
      slow.cancel(false);
      if (reply instanceof CompileReply.Compiled compiled) {
        return execute(cell, compiled.function());
      }
      return CellFailures.notCompiled(cell, reply);
    } catch (Interruption.InterruptedCell e) {
      return CellFailures.interrupted();
    } catch (IOException | AnnaException e) {
      return CellFailures.failed("NodeError", String.valueOf(e.getMessage()), List.of());
    } finally {
      slow.cancel(false);
    }
  }

  /** Opens the session, or reads what others have committed, and tells of it. */
  void refresh(JupyterMessage request, boolean silent)
      throws IOException, Interruption.InterruptedCell {
    total = total.plus(saves.await(turns.current()));
    turns.current().during(() -> refreshOnce(request, silent));
    saves.settle(turns.current());
    String lost = silent ? "" : saves.takeLosses();
    if (!lost.isEmpty()) {
      outputs.note(request, lost);
    }
  }

  /** A node that has just died may only show by the first answer that does not come. */
  private void refreshOnce(JupyterMessage request, boolean silent) throws IOException {
    try {
      openSession(request, silent);
    } catch (AnnaException e) {
      if (e.reason() != AnnaException.Reason.UNAVAILABLE) {
        throw e;
      }
      backend.reconnect();
      openSession(request, silent);
    }
  }

  private void openSession(JupyterMessage request, boolean silent) throws IOException {
    String news;
    if (session.isOpen()) {
      news = refreshed();
    } else {
      news = session.open();
      jobs.takeOver();
    }
    session.dropShared(jobs.sharing());
    Set<Name> siblings = session.takeUntoldSiblings();
    if (silent) {
      return;
    }
    CellRun ofOthers = shared.takeOver(request);
    if (ofOthers != null) {
      runs.add(ofOthers);
    }
    for (String each : List.of(news, jobs.takeNews())) {
      if (!each.isEmpty()) {
        outputs.note(request, each);
      }
    }
    if (!siblings.isEmpty()) {
      outputs.note(request, new Siblings(session, history).describe(siblings));
    }
  }

  /** What others did, with who they are where that is known. */
  private String refreshed() throws IOException {
    String news;
    try {
      news = session.refresh();
    } catch (SharingEndedException e) {
      goTo(null);
      throw e;
    }
    if (session.takeMoved()) {
      release();
    }
    List<Commit.Trace> others = session.takeStrange();
    String who = others.isEmpty() ? "" : new Coauthors(backend, session, history).lines(others);
    return who.isEmpty() || !news.equals(Session.OTHERS_COMMITTED) ? news : who;
  }

  /**
   * Goes on in another session, from the next cell on; null: in the notebook's own. What is there,
   * in a line.
   */
  public String goTo(@Nullable TheirSession elsewhere) throws IOException {
    release();
    return session.goTo(elsewhere);
  }

  /** What sharing means to cells. */
  SharedCells sharedCells() {
    return shared;
  }

  /** Between cells: takes over what others wrote; of that, what the notebook follows. */
  SharedNames.News followed() throws IOException, Interruption.InterruptedCell {
    total = total.plus(saves.await(turns.current()));
    List<SharedNames.News> news = new ArrayList<>();
    turns.current().during(() -> news.add(shared.followed()));
    return news.getFirst();
  }

  /** Shares what the last cell left, once it is saved. */
  void shareSaved() throws IOException, Interruption.InterruptedCell {
    total = total.plus(saves.await(turns.current()));
    turns.current().during(shared::publishSaved);
  }

  /** Says whether the readers of a shared name run again by themselves. */
  public SharedName follow(Name name, boolean follow) throws IOException, NotUsableException {
    return shared.follow(name, follow);
  }

  /** The variables that this notebook shares with others. */
  public SharedNames shared() {
    return shared.names();
  }

  private CellResult execute(CellRequest cell, CellFunction function)
      throws IOException, Interruption.InterruptedCell {
    if (!cell.silent()) {
      function.notes().forEach(note -> outputs.note(cell.message(), note));
    }
    Interruption asked = turns.current();
    CellResult beside = asynchronous.take(cell, function, asked);
    if (beside != null) {
      return beside;
    }
    jobs.pendingNames().await(cell, function, asked);
    List<Entry> failed = jobs.pendingNames().failed(function);
    Healing healing = failed.isEmpty() ? null : new Healing(cell);
    if (healing != null && !healing.unreadable(failed).isEmpty()) {
      return CellFailures.failed(
          "NotReadable", JobWords.failure(healing.unreadable(failed)) + AGAIN, List.of());
    }
    try {
      CellResult result =
          finish(cell, function, executor.execute(asked, scheduled(cell, function, healing)));
      if (healing != null && result instanceof CellResult.Ok) {
        session.commit(healing.restored(session, failed), List.of());
      }
      return result;
    } catch (LostCell e) {
      return CellFailures.lost(e, asked.isRequested());
    }
  }

  private ForegroundCell scheduled(
      CellRequest cell, CellFunction function, @Nullable Healing healing) {
    return new ForegroundCell(
        cell, function, healing, session, outputs, executor, debugging, runIds);
  }

  private CellResult finish(CellRequest cell, CellFunction function, CellOutcome outcome) {
    CellOutcome.Committed committed = outcome.committed();
    if (committed != null) {
      note(cell, function, committed.commit());
      take(cell, committed);
      noteLost(cell, function);
      shared.publish(cell, committed.commit());
    }
    ErrorReport error = outcome.error();
    return error == null
        ? new CellResult.Ok(outcome instanceof CellOutcome.Returned done ? done.result() : null)
        : new CellResult.Failed(error);
  }

  /** Notes what a cell read and wrote, for the notebook's graph. */
  private void note(CellRequest cell, CellFunction function, @Nullable Commit commit) {
    if (!cell.silent() && cell.commits() && cell.comm() == null) {
      List<Name> writes = new ArrayList<>();
      if (commit != null) {
        commit.entries().forEach(entry -> writes.add(entry.name()));
        writes.addAll(commit.removed());
      }
      runs.add(CellRun.of(cell, Footprint.readsOf(function, session.manifest()), writes));
    }
  }

  /** Where a person only reads, what a cell makes goes with it. */
  private void noteLost(CellRequest cell, CellFunction function) {
    boolean made = !function.defines().isEmpty() || !function.writes().isEmpty();
    if (session.participation().readsOnly() && made && cell.commits() && !cell.silent()) {
      outputs.note(
          cell.message(),
          "%s lets you read this notebook: what this cell defined or changed is not kept"
              .formatted(session.participation().owner()));
    }
  }

  private void take(CellRequest cell, CellOutcome.Committed committed) {
    Commit commit = committed.commit();
    if (commit != null) {
      session.applied(commit);
      if (commit.leavesSaving()) {
        saves.expect(cell, commit, executor.saved(), shared::savedLate);
      }
    }
    if (!cell.silent()) {
      committed.notices().forEach(notice -> outputs.note(cell.message(), notice));
    }
    last = committed.meter();
    total = total.plus(last);
  }

  /** Stops the running cell, whatever it does, and those that wait for their turn. Any thread. */
  void interrupt() {
    turns.interrupt();
  }

  /** Waits for work as long as it takes, unless the user interrupts the cell. */
  <T> T await(CompletableFuture<T> work) throws IOException, Interruption.InterruptedCell {
    return turns.current().await(work);
  }

  /** The front end answered a cell's question; null is the end of the file. */
  void input(long runId, @Nullable String line) {
    executor.input(runId, line);
  }

  /** Lets the executor go: the next cell gets a fresh one. */
  public void release() {
    executor.release();
    jobs.renewPlaces();
  }

  /** Ends everything that runs in the present epoch, before another one begins. */
  public void leaveEpoch() {
    jobs.abandon();
    release();
  }

  /** The host ended a lease. */
  void leaseEnded(String leaseId) {
    executor.leaseEnded(leaseId);
  }

  /** What the cells of a request want to go with its reply, as JSON objects; only once. */
  List<String> takePayloads(JupyterMessage request) {
    return outputs.takePayloads(request);
  }

  /** What the last cell cost. */
  public Meter last() {
    return last;
  }

  /** What all cells of this kernel cost. */
  public Meter total() {
    return total;
  }

  /** What cells used, as the host counts it. */
  public MeteredUsage metered() {
    return new MeteredUsage(backend, session);
  }

  /** The executor that the session leases; empty between leases. */
  public String executorId() {
    return executor.executorId();
  }
}
