package hydrocell.kernel;

import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Meter;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What executors are still saving for cells that have ended: looking through large values for what
 * a cell changed may go on after its reply, and the next cell waits for it here. For the thread
 * that runs cells.
 */
final class LateSaves {
  private static final long LOOK_AGAIN_MS = 50;

  private final Backend backend;
  private final Session session;
  private final Outputs outputs;
  private final List<String> losses = new ArrayList<>();
  private CompletableFuture<FromExecutor.@Nullable Saved> expected =
      CompletableFuture.completedFuture(null);

  private @Nullable Stamp left;

  /** A commit whose second part its executor could not make, though it lives; null for none. */
  private @Nullable Stamp givenUp;

  LateSaves(Backend backend, Session session, Outputs outputs) {
    this.backend = backend;
    this.session = session;
    this.outputs = outputs;
  }

  /**
   * A cell's commit has left something; it is taken over when it comes.
   *
   * @param onSaved run then, on any thread
   */
  void expect(
      CellRequest cell,
      Commit firstPart,
      CompletableFuture<FromExecutor.@Nullable Saved> saved,
      Runnable onSaved) {
    left = firstPart.stamp();
    expected =
        saved.thenApply(said -> {
          take(cell, said);
          onSaved.run();
          return said;
        });
  }

  private void take(CellRequest cell, FromExecutor.@Nullable Saved said) {
    Commit commit = said == null ? null : said.commit();
    if (commit != null) {
      session.settled(commit, true);
    }
    if (said != null && !cell.silent()) {
      said.notices().forEach(notice -> outputs.note(cell.message(), notice));
    }
  }

  /** Waits for what the last cell left, unless the user interrupts; what that cost. */
  Meter await(Interruption interruption) throws IOException, Interruption.InterruptedCell {
    FromExecutor.Saved said = interruption.await(expected);
    expected = CompletableFuture.completedFuture(null);
    if (said == null) {
      return Meter.ZERO;
    }
    givenUp = said.commit() == null ? left : null;
    return said.meter();
  }

  /**
   * Waits until nothing is being saved any more, also by executors of other kernels. Names whose
   * executor ended before, or gave up, get back the values that were stored before.
   */
  void settle(Interruption interruption) throws IOException, Interruption.InterruptedCell {
    for (List<Entry> saving = session.look(Manifest::saving);
        !saving.isEmpty();
        saving = session.look(Manifest::saving)) {
      Set<String> living = living();
      List<Entry> gone =
          saving.stream()
              .filter(entry -> !living.contains(entry.executorId()) || isGivenUp(entry))
              .toList();
      if (!gone.isEmpty()) {
        // What its executor committed last is there now.
        session.reread();
        for (Entry entry : gone) {
          if (session.restore(entry)) {
            losses.add(loss(entry));
          }
        }
      } else {
        interruption.pause(LOOK_AGAIN_MS);
        interruption.during(session::reread);
      }
    }
  }

  private boolean isGivenUp(Entry entry) {
    return givenUp != null && entry.stamp().equals(givenUp);
  }

  /** What was lost since this was last asked, in words for the user; empty when nothing was. */
  String takeLosses() {
    String all = String.join("; ", losses);
    losses.clear();
    return all;
  }

  private Set<String> living() throws IOException {
    Set<String> living = new HashSet<>();
    for (HostReply.ProcessStatus process :
        backend.host(HostReply.HostStatus.class, HostRequest.Status::new).processes()) {
      living.add(process.name());
    }
    return living;
  }

  private static String loss(Entry entry) {
    return "what %s changed in `%s` was not saved before its executor ended or gave up: it is as cell [%d] left it"
        .formatted(entry.reason(), entry.name().text(), entry.cellNumber());
  }
}
