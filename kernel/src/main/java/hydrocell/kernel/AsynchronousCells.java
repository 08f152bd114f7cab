package hydrocell.kernel;

import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.kernel.schedule.Footprint;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which cells run beside those after them, and hands them to {@link Jobs}: those that their
 * user wants to, and under {@code %config async=auto} those that touch nothing but names. On the
 * thread that runs cells.
 */
final class AsynchronousCells {
  /** A cell that ends this soon is answered as if it had run in the foreground. */
  private static final long SOON_MS = 20;

  private final Session session;
  private final Jobs jobs;
  private final Debugging debugging;
  private final AtomicLong runIds;
  private final Consumer<CellRun> runs;

  /**
   * Decides for one notebook.
   *
   * @param runs is told what reads and writes what
   */
  AsynchronousCells(
      Session session, Jobs jobs, Debugging debugging, AtomicLong runIds, Consumer<CellRun> runs) {
    this.session = session;
    this.jobs = jobs;
    this.debugging = debugging;
    this.runIds = runIds;
    this.runs = runs;
  }

  /** The result of a cell that runs beside the others; null when it runs in the foreground. */
  @Nullable CellResult take(CellRequest cell, CellFunction function, Interruption asked)
      throws IOException, Interruption.InterruptedCell {
    boolean auto =
        cell.beside() == CellRequest.Beside.WITH_OTHERS
            || (Setting.ASYNC.in(session.manifest()).equals("auto") && !session.isTheirs());
    if (cell.beside() == CellRequest.Beside.ALWAYS) {
      return submit(cell, function, asked, false, auto);
    }
    if (!auto || cell.beside() == CellRequest.Beside.NEVER || cell.silent()) {
      return null;
    }
    Footprint footprint = jobs.footprint(function);
    if (footprint.effects().reachOutside()) {
      for (Job before : jobs.outside()) {
        asked.await(before.ended());
      }
      return null;
    }
    return isWorthIt(function, footprint) ? submit(cell, function, asked, true, true) : null;
  }

  /**
   * Whether a cell without effects is better run beside the others. One that reads what failed ends
   * as it would if it had been submitted before that failed.
   */
  private boolean isWorthIt(CellFunction function, Footprint footprint) {
    boolean waits =
        !footprint.reads(Entry.State.PENDING).isEmpty()
            || !footprint.reads(Entry.State.FAILED).isEmpty();
    return function.entryClass() != null
        && function.initialises().isEmpty()
        && function.defines().stream().allMatch(each -> each.name().kind() == Kind.VARIABLE)
        && (waits || !footprint.effects().brief())
        && !debugging.isOn();
  }

  private CellResult submit(
      CellRequest cell, CellFunction function, Interruption asked, boolean mayEndSoon, boolean auto)
      throws IOException, Interruption.InterruptedCell {
    jobs.pendingNames().awaitOthers(cell, function, asked);
    if (mayEndSoon) {
      // Its user did not ask for one more: it waits, where others are refused.
      asked.await(jobs.room());
    }
    Job job;
    try {
      job = jobs.submit(cell, function, runIds.incrementAndGet(), auto);
    } catch (Jobs.RefusedException e) {
      return CellFailures.failed("NotSubmitted", String.valueOf(e.getMessage()), List.of());
    }
    runs.accept(
        CellRun.of(
            cell,
            Footprint.readsOf(function, session.manifest()),
            job.pending().stream().map(Entry::name).toList()));
    if (!jobs.showsLate()) {
      asked.whenRequested(() -> jobs.cancel(job));
      return job.ended().join();
    }
    if (mayEndSoon && jobs.hasBegun(job)) {
      await(job, asked);
    }
    CellResult soon = jobs.leave(job);
    return soon == null ? new CellResult.Ok(null) : soon;
  }

  private void await(Job job, Interruption asked) throws IOException {
    asked.whenRequested(() -> {
      if (!job.isLate()) {
        jobs.cancel(job);
      }
    });
    try {
      job.ended().get(SOON_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // It goes on behind its user.
    } catch (ExecutionException e) {
      throw new IOException("an asynchronous cell did not end as cells do", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
