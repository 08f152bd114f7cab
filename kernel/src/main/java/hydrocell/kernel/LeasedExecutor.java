package hydrocell.kernel;

import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.Commit;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.ToExecutor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor that is leased under one id: leased when a cell needs it and again after its lease
 * ended, replaced when a cell in it does not stop. One cell at a time runs in it, on the thread
 * that calls {@link #execute}; everything else comes from any thread.
 */
final class LeasedExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(LeasedExecutor.class);

  /** After this long an executor that did not answer an interrupt is replaced. */
  private static final long REPLACE_AFTER_MS = 700;

  /**
   * The same under a debugger: such an executor has no start-up cache, and all is its first time.
   */
  private static final long REPLACE_DEBUGGED_AFTER_MS = 10_000;

  /** So long may an executor that is let go take to save what its last cell changed. */
  private static final long SAVE_LIMIT_MS = 10_000;

  private static final int MAX_LEASES = 3;
  private static final long REACH_LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
  private static final long REACH_AGAIN_MS = 20;

  private final Backend backend;
  private final Session session;
  private final String place;
  private final ExecutorLink.Listener listener;
  private final Debugging debugging;
  private volatile @Nullable ExecutorLink open;
  private volatile List<String> notices = List.of();
  private volatile CompletableFuture<FromExecutor.@Nullable Saved> saved =
      CompletableFuture.completedFuture(null);

  /**
   * An executor of this session.
   *
   * @param place tells the executors of one session apart; empty for that of its foreground
   * @param debugging whether its process is to be one that can be debugged
   */
  LeasedExecutor(
      Backend backend,
      Session session,
      String place,
      ExecutorLink.Listener listener,
      Debugging debugging) {
    this.backend = backend;
    this.session = session;
    this.place = place;
    this.listener = listener;
    this.debugging = debugging;
  }

  /** A cell that an executor is to run. */
  interface Scheduled {
    /** A fresh executor was leased, which holds nothing of the session. */
    void leased();

    /** Where it is told that it waits for an executor. */
    QueuePlace queuePlace();

    /** The message; made anew when the executor that it was sent to went away before it began. */
    ToExecutor.Execute execute() throws IOException;

    /**
     * The executor went away under it: see to it that it commits nothing any more.
     *
     * @return whether it had committed before
     */
    boolean fenceOff(Stamp stamp) throws IOException;
  }

  /** Runs a cell to its end. One that had not begun when its executor went is sent to another. */
  CellOutcome execute(Interruption interruption, Scheduled scheduled)
      throws IOException, Interruption.InterruptedCell, LostCell {
    String left = "";
    Stamp stamp = session.nextStamp();
    for (int attempt = 1; ; attempt++) {
      ExecutorLink link = reach(interruption, scheduled);
      if (link.lease().leaseId().equals(left)) {
        // It lives, and only the connection broke: the cell may be running there.
        throw lost(link, scheduled, stamp, true);
      }
      ToExecutor.Execute execute = scheduled.execute();
      FaultPoint.KERNEL_BEFORE_EXECUTE.reached();
      ExecutorLink.Run run = link.execute(execute);
      stamp = execute.stamp();
      CellOutcome outcome = await(link, run, interruption, scheduled, stamp, attempt == MAX_LEASES);
      if (outcome != null) {
        return outcome;
      }
      // It may have begun all the same, and died before it could say so.
      session.abandon(stamp);
      left = link.lease().leaseId();
    }
  }

  /** Waits for the end of a cell; null when it had not begun and another executor may run it. */
  private @Nullable CellOutcome await(
      ExecutorLink link,
      ExecutorLink.Run run,
      Interruption interruption,
      Scheduled scheduled,
      Stamp stamp,
      boolean last)
      throws IOException, LostCell {
    interruption.whenRequested(() -> stop(link, run));
    try {
      CellOutcome outcome = run.outcome().get();
      CellOutcome.Committed committed = outcome.committed();
      Commit commit = committed == null ? null : committed.commit();
      if (commit != null && commit.leavesSaving()) {
        saved = run.saved();
      }
      if (outcome instanceof CellOutcome.CommitFailed) {
        session.abandon(stamp);
      }
      return outcome;
    } catch (ExecutionException e) {
      boolean started =
          !(e.getCause() instanceof ExecutorLink.LostException lost) || lost.started();
      open = null;
      if (started || last) {
        throw lost(link, scheduled, stamp, started);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the kernel is stopping", e);
    }
  }

  /**
   * Connects to the executor that a kernel which is gone leased under this id.
   *
   * @return the number of the cell that goes on in it; 0 when none does
   */
  long attach() throws IOException {
    int generation = backend.generation();
    HostReply.Leased lease = backend.host(HostReply.Leased.class, id -> request(id, ""));
    ExecutorLink link =
        ExecutorLink.connect(lease, generation, session, backend.nodeFile(), listener);
    open = link;
    ExecutorLink.Run run = link.run();
    return run == null ? 0 : run.requestId();
  }

  /** Waits for the end of the cell that {@link #attach} found. */
  CellOutcome resume(Interruption interruption, Scheduled scheduled, Stamp stamp)
      throws IOException, LostCell {
    ExecutorLink link = open;
    ExecutorLink.Run run = link == null ? null : link.run();
    CellOutcome outcome =
        link == null || run == null ? null : await(link, run, interruption, scheduled, stamp, true);
    if (outcome == null) {
      throw new IOException("there was no cell to wait for");
    }
    return outcome;
  }

  /** Lets go of the connection; the lease stays. */
  void leave() {
    ExecutorLink link = open;
    open = null;
    if (link != null) {
      link.close();
    }
  }

  /**
   * An executor that answers. The host learns of a death a little later than we do, so one that it
   * leases may be gone.
   */
  private ExecutorLink reach(Interruption interruption, Scheduled scheduled)
      throws IOException, Interruption.InterruptedCell {
    long startNs = System.nanoTime();
    while (true) {
      try {
        return lease(interruption, scheduled);
      } catch (ExecutorLink.GoneException e) {
        if (System.nanoTime() - startNs > REACH_LIMIT_NS) {
          throw e;
        }
        interruption.pause(REACH_AGAIN_MS);
      }
    }
  }

  /** The executor that has this session's values, or a fresh one. */
  private ExecutorLink lease(Interruption interruption, Scheduled scheduled)
      throws IOException, Interruption.InterruptedCell {
    ExecutorLink held = open;
    if (held != null && held.isOpen()) {
      if (debugging.suits(held.lease().leaseId())) {
        return held;
      }
      release();
    }
    int generation = backend.generation();
    HostReply.Leased lease = acquire(interruption, scheduled.queuePlace());
    notices = lease.fresh() ? lease.notices() : List.of();
    scheduled.leased();
    ExecutorLink fresh =
        ExecutorLink.connect(lease, generation, session, backend.nodeFile(), listener);
    open = fresh;
    return fresh;
  }

  private HostReply.Leased acquire(Interruption interruption, QueuePlace queuePlace)
      throws IOException, Interruption.InterruptedCell {
    String debugAddress = debugging.listen();
    try {
      HostReply.Leased lease =
          Backend.expect(HostReply.Leased.class, wait(interruption, queuePlace, debugAddress));
      if (interruption.isRequested()) {
        throw new Interruption.InterruptedCell();
      }
      debugging.leased(lease.leaseId());
      return lease;
    } finally {
      debugging.notLeased();
    }
  }

  /** Waits for a lease as long as it takes; who is interrupted leaves the queue. */
  private HostReply wait(Interruption interruption, QueuePlace queuePlace, String debugAddress)
      throws IOException, Interruption.InterruptedCell {
    AtomicLong number = new AtomicLong();
    queuePlace.enter();
    try {
      return interruption.await(
          backend.askInQueue(
              id -> {
                number.set(id);
                return request(id, debugAddress);
              },
              queuePlace::show));
    } catch (Interruption.InterruptedCell e) {
      withdraw(number.get());
      throw e;
    } finally {
      queuePlace.leave();
    }
  }

  private void withdraw(long requestId) {
    try {
      backend.ask(id -> new HostRequest.Withdraw(id, requestId));
    } catch (IOException e) {
      LOG.info("nobody can take a request back: {}", e.getMessage());
    }
  }

  private HostRequest request(long id, String debugAddress) {
    return new HostRequest.Acquire(
        id,
        session.keys().sessionId() + place,
        session.owner(),
        Surroundings.directory(session.manifest()).toString(),
        Surroundings.environment(session.manifest()),
        debugAddress,
        Setting.limitsIn(session.manifest()),
        Surroundings.notebookFolder(),
        session.participation().of());
  }

  /** The executor went away under a cell: make sure that it is dead, and see what it committed. */
  private LostCell lost(ExecutorLink link, Scheduled scheduled, Stamp stamp, boolean started)
      throws IOException {
    HostReply.LeaseEnded ended;
    try {
      ended = end(link);
    } catch (IOException e) {
      ended =
          new HostReply.LeaseEnded(0, link.lease().leaseId(), String.valueOf(e.getMessage()), "");
    }
    boolean committed = scheduled.fenceOff(stamp);
    return new LostCell(ended, started, committed, backend.generation() != link.generation());
  }

  /** Stops a cell, whatever it does. */
  private void stop(ExecutorLink link, ExecutorLink.Run run) {
    if (run.outcome().isDone()) {
      return;
    }
    debugging.interrupt();
    link.interrupt(run.requestId());
    long patienceMs =
        debugging.isDebugged(link.lease().leaseId()) ? REPLACE_DEBUGGED_AFTER_MS : REPLACE_AFTER_MS;
    CompletableFuture.delayedExecutor(patienceMs, TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (!run.outcome().isDone()) {
            replace(link);
          }
        });
  }

  private void replace(ExecutorLink link) {
    try {
      end(link);
    } catch (IOException e) {
      // The host is gone, and with it every executor: its connection is closed in any case.
      LOG.info("nobody can replace an executor: {}", e.getMessage());
    }
    link.close();
  }

  /** Sees to it that an executor is dead; what ended it. */
  private HostReply.LeaseEnded end(ExecutorLink link) throws IOException {
    return backend.host(
        HostReply.LeaseEnded.class, id -> new HostRequest.Replace(id, link.lease().leaseId()));
  }

  /**
   * What the last cell left to be saved after its end; null when there was nothing or the executor
   * went away before.
   */
  CompletableFuture<FromExecutor.@Nullable Saved> saved() {
    return saved;
  }

  /** What the user should know of the lease; said once. */
  List<String> takeNotices() {
    List<String> taken = notices;
    notices = List.of();
    return taken;
  }

  /** The front end answered a cell's question; null is the end of the file. */
  void input(long runId, @Nullable String line) {
    ExecutorLink link = open;
    if (link != null) {
      link.input(runId, line);
    }
  }

  /** Lets the executor go: the next cell gets a fresh one. */
  void release() {
    ExecutorLink link = open;
    open = null;
    if (link != null) {
      try {
        saved.get(SAVE_LIMIT_MS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("an executor is let go before it has saved what the last cell changed");
      }
      try {
        backend.host(HostReply.class, id -> new HostRequest.Release(id, link.lease().leaseId()));
      } catch (IOException e) {
        LOG.info("could not release the executor: {}", e.getMessage());
      }
      link.close();
    }
  }

  /** The host ended a lease, perhaps this one. */
  void leaseEnded(String leaseId) {
    ExecutorLink link = open;
    if (link != null && link.lease().leaseId().equals(leaseId)) {
      link.close();
    }
  }

  /** Names the process; empty between leases. */
  String executorId() {
    ExecutorLink link = open;
    return link != null && link.isOpen() ? link.lease().executorId() : "";
  }
}
