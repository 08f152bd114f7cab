package hydrocell.kernel;

import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.Name;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.schedule.Footprint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Names that asynchronous cells are to write, as seen by those who want to read them: they wait,
 * and hold no executor meanwhile. Thread-safe.
 */
final class PendingNames {
  private static final long LOOK_AGAIN_MS = 500;

  private final Session session;
  private final Jobs jobs;
  private final Publisher publisher;

  PendingNames(Session session, Jobs jobs, Publisher publisher) {
    this.session = session;
    this.jobs = jobs;
    this.publisher = publisher;
  }

  /** Waits until what a cell reads is there, unless the user interrupts. */
  void await(CellRequest cell, CellFunction function, Interruption interruption)
      throws IOException, Interruption.InterruptedCell {
    JobLine line = new JobLine(publisher, cell.message(), !cell.silent());
    await(() -> reads(function, Entry.State.PENDING), line, interruption);
  }

  /** Waits until what a cell reads and another kernel's cells write is there. */
  void awaitOthers(CellRequest cell, CellFunction function, Interruption interruption)
      throws IOException, Interruption.InterruptedCell {
    JobLine line = new JobLine(publisher, cell.message(), !cell.silent());
    await(
        () ->
            reads(function, Entry.State.PENDING).stream()
                .filter(entry -> jobs.writer(List.of(entry)) == null)
                .toList(),
        line,
        interruption);
  }

  /** What a cell reads and cannot, because the cell that should have written it failed. */
  List<Entry> failed(CellFunction function) {
    return reads(function, Entry.State.FAILED);
  }

  private List<Entry> reads(CellFunction function, Entry.State state) {
    return session.look(manifest -> Footprint.reads(function, manifest, state));
  }

  /**
   * Waits until names are there, unless the user interrupts.
   *
   * @param names as people spell them
   * @return those that failed, in words; empty when none did
   */
  String await(List<String> names, JupyterMessage request, Interruption interruption)
      throws IOException, Interruption.InterruptedCell {
    JobLine line = new JobLine(publisher, request, true);
    await(() -> spelled(names, Entry.State.PENDING), line, interruption);
    return JobWords.failure(spelled(names, Entry.State.FAILED));
  }

  /** Waits until every cell that is under way has ended; those that failed, in words. */
  String awaitAll(Interruption interruption) throws IOException, Interruption.InterruptedCell {
    List<String> failed = new ArrayList<>();
    for (Job job : jobs.open()) {
      if (interruption.await(job.ended()) instanceof CellResult.Failed(ErrorReport error)) {
        failed.add("cell [%d] failed: %s".formatted(job.cellNumber(), error.message()));
      }
    }
    return String.join("; ", failed);
  }

  private List<Entry> spelled(List<String> names, Entry.State state) {
    return session.look(manifest ->
        manifest.entries().stream()
            .filter(entry -> entry.state() == state && names.contains(entry.name().text()))
            .toList());
  }

  private void await(Supplier<List<Entry>> open, JobLine line, Interruption interruption)
      throws IOException, Interruption.InterruptedCell {
    long startNs = System.nanoTime();
    List<Entry> waited = List.of();
    for (List<Entry> left = open.get(); !left.isEmpty(); left = open.get()) {
      waited = left;
      line.say("waits for " + words(left));
      Job job = jobs.writer(left);
      if (job != null) {
        interruption.await(job.ended());
      } else {
        // Another kernel's cell: nobody tells us that it has ended, or its kernel.
        interruption.pause(LOOK_AGAIN_MS);
        interruption.during(() -> {
          jobs.takeOver();
          session.refresh();
        });
      }
    }
    if (!waited.isEmpty()) {
      Duration took = Duration.ofNanos(System.nanoTime() - startNs);
      line.say("waited %s for %s".formatted(JobLine.exactly(took), words(waited)));
    }
  }

  /** Names and who writes them, for people. */
  static String words(List<Entry> pending) {
    return pending.stream()
        .map(entry -> "`%s` of cell [%d]".formatted(entry.name().text(), entry.cellNumber()))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Completes with the entries of these names once no cell of ours is to write one of them. */
  CompletableFuture<List<Entry>> entriesOf(Collection<Name> names) {
    List<Entry> entries = session.entries(names);
    Job job = jobs.writer(entries.stream().filter(e -> e.state() == Entry.State.PENDING).toList());
    return job == null
        ? CompletableFuture.completedFuture(entries)
        : job.ended().thenCompose(result -> entriesOf(names));
  }
}
