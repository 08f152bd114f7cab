package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.CellFunction;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.Commit;
import hydrocell.cell.Effects;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SharedUpdates;
import hydrocell.kernel.schedule.Footprint;
import hydrocell.kernel.schedule.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The asynchronous cells of this kernel. A submitted cell has its names committed as pending, waits
 * for the names it reads ({@link Schedule}), runs in an executor of its own on the values of its
 * submission, and settles its names. Thread-safe; its lock is taken before the session's.
 */
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  /** So many cells may be under way; more are refused. */
  private static final int MAX_OPEN = 256;

  private static final int MAX_ATTEMPTS = 3;
  private static final String BEFORE_IT_RAN = "it was cancelled before it ran";
  private static final long TICK_MS = 1_000;
  private static final long LOOK_AGAIN_MS = 5_000;
  private static final long ABANDON_LIMIT_MS = 3_000;

  private final Session session;
  private final JobStore store;
  private final Outputs outputs;
  private final Publisher publisher;
  private final JobPlaces places;
  private final PendingNames pendingNames;
  private final Schedule<Job> schedule = new Schedule<>();
  private final EndedJobs ended;
  private final TakeOver takeOver;
  private volatile Runnable onSaved = () -> {};
  private boolean ticking;

  Jobs(Backend backend, Session session, Outputs outputs, Publisher publisher) {
    this.session = session;
    this.store = new JobStore(backend, session);
    this.outputs = outputs;
    this.publisher = publisher;
    this.ended = new EndedJobs(session);
    this.places = new JobPlaces(backend, session, outputs, this);
    this.pendingNames = new PendingNames(session, this, publisher);
    this.takeOver = new TakeOver(backend, session, publisher, this, places);
  }

  /** What is run when a cell has ended and what it wrote is there; on any thread. */
  void onSaved(Runnable run) {
    onSaved = run;
  }

  /** The names that these cells are to write, for those who wait for them. */
  PendingNames pendingNames() {
    return pendingNames;
  }

  /** A cell that cannot be submitted, in words for the user. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Submits a cell; from now on its names are pending. On the thread that runs cells.
   *
   * @param ordered whether effects outside the state keep the order of submission
   */
  synchronized Job submit(CellRequest cell, CellFunction function, long runId, boolean ordered)
      throws IOException, RefusedException {
    if (session.isTheirs()) {
      throw new RefusedException(
          "in a notebook of another person's cells run in the foreground: leave `%%async` out");
    }
    if (isFull()) {
      throw new RefusedException(
          "%d asynchronous cells are under way already: wait for some, or cancel them"
              .formatted(MAX_OPEN));
    }
    JobDraft draft = JobDraft.of(session, cell, function, runId, this::effectsOfWriter);
    store.submit(draft.submission(), draft.commit());
    JobLine line = new JobLine(publisher, cell.message(), false);
    Job job =
        new Job(
            session.keys(),
            cell,
            draft.submission(),
            draft.footprint().reads().keySet(),
            draft.footprint().effects(),
            line,
            false);
    schedule.submit(
        job,
        draft.footprint().reads(Entry.State.PENDING).stream().map(Entry::name).toList(),
        draft.footprint().writes(),
        ordered && draft.footprint().effects().reachOutside());
    outputs.belongTo(runId, cell.message());
    begin();
    return job;
  }

  /**
   * The request of a cell is to be answered now: what it shows from now on is shown apart.
   *
   * @return how it ended, if it has; else null
   */
  synchronized @Nullable CellResult leave(Job job) {
    if (job.isOver()) {
      return job.ended().join();
    }
    job.late();
    job.line().say(progress(job));
    return null;
  }

  private boolean isFull() {
    return schedule.open().size() >= MAX_OPEN;
  }

  /** Completes when another cell may be submitted, or might; done when one may now. */
  synchronized CompletableFuture<?> room() {
    return isFull()
        ? CompletableFuture.anyOf(
            schedule.open().stream().map(Job::ended).toArray(CompletableFuture[]::new))
        : CompletableFuture.completedFuture(null);
  }

  /** Whether a cell has an executor, or is about to get one. */
  synchronized boolean hasBegun(Job job) {
    return places.runs(job);
  }

  /** What a cell touches, as things stand. */
  synchronized Footprint footprint(CellFunction function) {
    return session.look(manifest -> Footprint.of(function, manifest, this::effectsOfWriter));
  }

  private Effects effectsOfWriter(Entry pending) {
    Job job = writer(List.of(pending));
    return job == null ? Effects.UNKNOWN : job.effects();
  }

  /** The cells that have effects outside the state and keep their turn. */
  synchronized List<Job> outside() {
    return schedule.outside();
  }

  /**
   * Takes over the cells of kernels that are gone; what goes wrong is tried again by whoever waits
   * for one of them. Where nobody can come back to a session, there are none.
   */
  void takeOver() {
    if (session.isPrivate() || session.isTheirs()) {
      return;
    }
    try {
      if (takeOver.look()) {
        CompletableFuture.delayedExecutor(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)
            .execute(this::takeOver);
      }
    } catch (IOException | AnnaException e) {
      LOG.warn("the cells of an earlier kernel cannot be taken over now: {}", e.getMessage());
    }
  }

  /** Whether a cell is one of this kernel's. */
  synchronized boolean knows(Stamp stamp) {
    return schedule.open().stream().anyMatch(job -> job.stamp().sameWork(stamp))
        || ended.knows(stamp);
  }

  /** A cell of a kernel that is gone belongs to this one; it may run in a place already. */
  synchronized void adopt(Job job, JobPlaces.@Nullable Place place) {
    schedule.adopt(
        job,
        job.inputs(Entry.State.PENDING).stream().map(Entry::name).toList(),
        job.pending().stream().map(Entry::name).toList());
    if (place != null) {
      ended.tell(job.name() + " goes on");
      schedule.begun(job);
      places.resume(job, place);
    }
  }

  /** What became of cells whose page is gone, in words for the user; only once. */
  synchronized String takeNews() {
    return ended.takeNews();
  }

  /** Whether the client shows what comes after the reply, as pages do. */
  boolean showsLate() {
    return !session.isPrivate();
  }

  /** Has cells run that may. */
  synchronized void begin() {
    for (Job job : schedule.begin(places.free())) {
      String reason = JobWords.waitsInVain(job);
      if (reason != null) {
        end(job, Job.State.FAILED, reason);
      } else if (job.interruption().isRequested()) {
        end(job, Job.State.CANCELLED, BEFORE_IT_RAN);
      } else {
        places.run(job);
      }
    }
    schedule.open().forEach(job -> job.line().say(progress(job)));
    tick();
  }

  private String progress(Job job) {
    return JobWords.progress(job, schedule.waitsFor(job));
  }

  private void tick() {
    boolean running = schedule.open().stream().anyMatch(job -> job.state() == Job.State.RUNNING);
    if (running && !ticking) {
      ticking = true;
      CompletableFuture.delayedExecutor(TICK_MS, TimeUnit.MILLISECONDS).execute(this::ticked);
    }
  }

  private synchronized void ticked() {
    ticking = false;
    schedule.open().forEach(job -> job.line().say(progress(job)));
    tick();
  }

  /** An executor is there, and the cell begins in it. */
  synchronized void running(Job job) {
    job.begins();
    job.line().say(progress(job));
  }

  /** A cell's executor said how it ended. */
  synchronized void ended(Job job, CellOutcome outcome) {
    JobEnd end = JobEnd.of(outcome);
    CellOutcome.Committed committed = outcome.committed();
    Commit commit = committed == null ? null : committed.commit();
    if (committed != null && !job.cell().silent()) {
      committed.notices().forEach(notice -> outputs.note(job.cell().message(), notice));
    }
    if (commit == null && end.owesNames(job)) {
      settle(job, end.state(), failed(job, end.why()));
    } else {
      if (commit != null) {
        store.settled(job, commit, isForeseen(job, commit));
      }
      settle(job, end.state(), commit);
    }
    over(job, end.result());
  }

  private static boolean isForeseen(Job job, Commit commit) {
    Set<Name> pending = job.pending().stream().map(Entry::name).collect(Collectors.toSet());
    return commit.entries().stream().allMatch(entry -> pending.contains(entry.name()));
  }

  /** What came of it is shown, and who waits for it goes on. */
  private void over(Job job, CellResult result) {
    if (job.isLate()) {
      JobEnd.show(job, result, publisher);
    }
    if (job.isAdopted()) {
      ended.tell(JobWords.ending(job, result));
    }
    job.line().say("%s after %s".formatted(job.state().word(), JobLine.exactly(job.took())));
    job.ended().complete(result);
    onSaved.run();
    begin();
  }

  /** A cell's executor went away under it. */
  synchronized void lost(Job job, LostCell lost, @Nullable Commit committed) {
    if (committed != null) {
      store.settled(job, committed, true);
      settle(job, Job.State.DONE, committed);
      over(job, new CellResult.Ok(null));
    } else if (job.interruption().isRequested()) {
      end(job, Job.State.CANCELLED, "it was cancelled");
    } else if (!lost.started() || (job.submission().repeatable() && job.attempt() < MAX_ATTEMPTS)) {
      job.nextAttempt();
      job.state(Job.State.QUEUED);
      schedule.again(job);
      begin();
    } else {
      end(job, Job.State.FAILED, "its executor was lost (" + lost.getMessage() + ")");
    }
  }

  /** A cell that does not run ends. */
  synchronized void end(Job job, Job.State state, String reason) {
    if (job.isOver()) {
      return;
    }
    settle(job, state, failed(job, reason));
    String name = state == Job.State.CANCELLED ? "Cancelled" : "AsynchronousCellFailed";
    CellResult result = CellFailures.failed(name, job.name() + ": " + reason, List.of());
    over(job, result);
  }

  /**
   * Ends all cells and their executors, because the epoch ends or nobody can come back to them.
   * Returns when they have ended, or after some seconds.
   */
  void abandon() {
    List<Job> open = open();
    for (Job job : open) {
      cancel(job);
    }
    places.release();
    try {
      CompletableFuture.allOf(open.stream().map(Job::ended).toArray(CompletableFuture[]::new))
          .get(ABANDON_LIMIT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("asynchronous cells are left behind: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Folder, environment or libraries changed: cells from now on run in fresh executors. */
  void renewPlaces() {
    places.renew();
  }

  private @Nullable Commit failed(Job job, String reason) {
    try {
      return store.fail(job, reason);
    } catch (IOException | AnnaException e) {
      // Another kernel may have taken it over: then it says how the cell ended.
      LOG.warn("that {} failed cannot be stored: {}", job.name(), e.getMessage());
      return null;
    }
  }

  /** What the cell wrote is known: who waited for it learns it. */
  private void settle(Job job, Job.State state, @Nullable Commit commit) {
    Stamp stamp = job.stamp();
    for (Job other : schedule.open()) {
      if (commit != null && other != job) {
        commit.entries().forEach(entry -> other.learn(stamp, entry.name(), entry));
        commit.removed().forEach(name -> other.learnRemoved(stamp, name));
      }
    }
    schedule.ended(job);
    job.state(state);
    store.forget(job);
    ended.add(job);
  }

  /** The cell that is to write one of these entries and has not ended; null when none is. */
  synchronized @Nullable Job writer(Collection<Entry> pending) {
    for (Job job : schedule.open()) {
      if (pending.stream().anyMatch(entry -> entry.stamp().sameWork(job.stamp()))) {
        return job;
      }
    }
    return null;
  }

  /** Stops a cell, or keeps it from running; false when it has ended. */
  synchronized boolean cancel(Job job) {
    if (job.isOver()) {
      return false;
    }
    job.interruption().request();
    if (job.state() == Job.State.QUEUED && !places.runs(job) && !job.changesWhatIsOpen()) {
      end(job, Job.State.CANCELLED, BEFORE_IT_RAN);
    }
    return true;
  }

  /** Stops the asynchronous cell with this number; false when none is under way. */
  public synchronized boolean cancel(int cellNumber) {
    boolean any = false;
    for (Job job : schedule.open()) {
      any |= job.cellNumber() == cellNumber && cancel(job);
    }
    return any;
  }

  /** The entries by which the cells that have not ended share something. */
  synchronized Set<Name> sharing() {
    return schedule.open().stream()
        .map(job -> SharedUpdates.nameOf(job.stamp()))
        .collect(Collectors.toSet());
  }

  /** Those that have not ended, in the order of submission. */
  synchronized List<Job> open() {
    return schedule.open();
  }

  /** The numbers of the cells that have not ended, in the order of submission. */
  public synchronized List<Integer> openCells() {
    return schedule.open().stream().map(Job::cellNumber).toList();
  }

  /** The cells that have not ended, and the last that have, in the order of submission. */
  public synchronized List<JobWords.Line> lines() {
    List<Job> all = new ArrayList<>(ended.shown());
    all.addAll(schedule.open());
    all.sort((a, b) -> a.stamp().compareTo(b.stamp()));
    return all.stream().map(job -> JobWords.line(job, schedule.waitsFor(job))).toList();
  }

  /** The host ended a lease. */
  void leaseEnded(String leaseId) {
    places.leaseEnded(leaseId);
  }

  JobStore store() {
    return store;
  }
}
