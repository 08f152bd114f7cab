package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.ToExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executors in which asynchronous cells run: one cell at a time in each, on a thread that waits
 * for it. The one that was used last is used first, since it holds most. Guarded by {@link Jobs}.
 */
final class JobPlaces {
  private static final Logger LOG = LoggerFactory.getLogger(JobPlaces.class);

  /** What stands between a session's id and the number of a place, in the id of its lease. */
  static final String PREFIX = SessionKeys.PLACE;

  private final Backend backend;
  private final Session session;
  private final Outputs outputs;
  private final Jobs jobs;
  private final List<Place> all = new ArrayList<>();
  private final List<Place> free = new ArrayList<>();

  JobPlaces(Backend backend, Session session, Outputs outputs, Jobs jobs) {
    this.backend = backend;
    this.session = session;
    this.outputs = outputs;
    this.jobs = jobs;
  }

  /** One executor, and the cell that runs in it. */
  final class Place implements ExecutorLink.Listener {
    private final int number;
    private final LeasedExecutor executor;
    private volatile @Nullable Job job;
    private boolean outdated;

    /** Whether another place has the same executor: this one ends with its cell. */
    private boolean borrowed;

    private long left;

    private Place(int number) {
      this.number = number;
      executor = new LeasedExecutor(backend, session, PREFIX + number, this, new Debugging());
    }

    /** The number of the cell that a kernel which is gone left going on here; 0 for none. */
    long left() {
      return left;
    }

    @Override
    public void said(FromExecutor output) {
      outputs.fromExecutor(output);
    }

    @Override
    public CompletableFuture<List<Entry>> entriesOf(long requestId, Collection<Name> names) {
      Job running = job;
      if (running == null || running.submission().execute().requestId() != requestId) {
        return jobs.pendingNames().entriesOf(names);
      }
      return CompletableFuture.completedFuture(
          session.entriesAsOf(names, running.submission().execute().base()));
    }
  }

  /** A job in a place, as the executor is to run it. */
  private final class Scheduled implements LeasedExecutor.Scheduled {
    private final Job job;
    private @Nullable Commit committed;

    Scheduled(Job job) {
      this.job = job;
    }

    @Override
    public void leased() {}

    @Override
    public QueuePlace queuePlace() {
      return new QueuePlace(outputs, job.cell());
    }

    @Override
    public ToExecutor.Execute execute() throws IOException {
      if (!job.submission().repeatable()) {
        jobs.store().begins(job);
      }
      jobs.running(job);
      return job.execute();
    }

    @Override
    public boolean fenceOff(Stamp stamp) throws IOException {
      committed = jobs.store().fenceOff(job);
      return committed != null;
    }
  }

  /** How many cells more may run now. */
  int free() {
    int most = session.look(manifest -> (int) Setting.ASYNC_EXECUTORS.numberIn(manifest));
    return Math.max(0, most - (all.size() - free.size()));
  }

  /** Whether a cell has a place. */
  boolean runs(Job job) {
    return all.stream().anyMatch(place -> place.job == job);
  }

  /** Gives a cell a place. */
  void run(Job job) {
    if (free.isEmpty()) {
      int number = 1;
      while (isTaken(number)) {
        number++;
      }
      Place fresh = new Place(number);
      all.add(fresh);
      free.add(fresh);
    }
    Place place = free.removeLast();
    start(job, place, scheduled -> place.executor.execute(job.interruption(), scheduled));
  }

  private boolean isTaken(int number) {
    return all.stream().anyMatch(place -> place.number == number);
  }

  /**
   * Connects to an executor that a kernel which is gone leased. Any thread; {@link #resume} makes
   * it one of the places.
   */
  Place attach(int number) throws IOException {
    Place place = new Place(number);
    place.left = place.executor.attach();
    if (place.left == 0) {
      place.executor.leave();
    }
    return place;
  }

  /** The cell that was left going on in a place is this one. */
  void resume(Job job, Place place) {
    place.borrowed = isTaken(place.number);
    all.add(place);
    start(
        job,
        place,
        scheduled -> {
          jobs.running(job);
          return place.executor.resume(job.interruption(), scheduled, job.stampOfAttempt());
        });
  }

  /** How a cell comes to its end in its place. */
  private interface Way {
    CellOutcome go(Scheduled scheduled) throws IOException, Interruption.InterruptedCell, LostCell;
  }

  private void start(Job job, Place place, Way way) {
    place.job = job;
    Thread.ofPlatform()
        .daemon()
        .name("asynchronous " + job.name())
        .start(() -> run(job, place, way));
  }

  private void run(Job job, Place place, Way way) {
    Scheduled scheduled = new Scheduled(job);
    CellOutcome outcome = null;
    LostCell lost = null;
    String trouble = "it was cancelled before it ran";
    try {
      outcome = way.go(scheduled);
    } catch (LostCell e) {
      lost = e;
    } catch (Interruption.InterruptedCell e) {
      LOG.debug("{} was cancelled before it ran", job.name());
    } catch (IOException | AnnaException e) {
      trouble = String.valueOf(e.getMessage());
    }
    boolean outdated;
    synchronized (jobs) {
      outdated = place.outdated;
      place.outdated = false;
    }
    if (place.borrowed) {
      place.executor.leave();
    } else if (outdated) {
      place.executor.release();
    }
    synchronized (jobs) {
      place.job = null;
      if (place.borrowed) {
        all.remove(place);
      } else {
        free.add(place);
      }
      if (outcome != null) {
        jobs.ended(job, outcome);
      } else if (lost != null) {
        jobs.lost(job, lost, scheduled.committed);
      } else {
        boolean cancelled = job.interruption().isRequested();
        jobs.end(job, cancelled ? Job.State.CANCELLED : Job.State.FAILED, trouble);
      }
    }
  }

  /** Ends all executors, whatever runs in them. */
  void release() {
    List<Place> places;
    synchronized (jobs) {
      places = List.copyOf(all);
    }
    places.forEach(place -> place.executor.release());
  }

  /** Ends the executors in which nothing runs, and the others when their cell has ended. */
  void renew() {
    List<Place> places;
    synchronized (jobs) {
      all.forEach(place -> place.outdated = !free.contains(place));
      places = List.copyOf(free);
    }
    places.forEach(place -> place.executor.release());
  }

  void leaseEnded(String leaseId) {
    List<Place> places;
    synchronized (jobs) {
      places = List.copyOf(all);
    }
    places.forEach(place -> place.executor.leaseEnded(leaseId));
  }
}
