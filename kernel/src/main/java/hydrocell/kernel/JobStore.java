package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.message.Submission;
import hydrocell.cell.wire.RecordCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What asynchronous cells leave in Anna: their submission, and how they ended. Thread-safe. */
final class JobStore {
  private static final Logger LOG = LoggerFactory.getLogger(JobStore.class);

  private static final int PAGE = 1_000;

  private final Backend backend;
  private final Session session;

  JobStore(Backend backend, Session session) {
    this.backend = backend;
    this.session = session;
  }

  /** Stores a submission with what it defines, and commits its names as pending. */
  void submit(Submission submission, Commit pending) throws IOException {
    Stamp stamp = pending.stamp();
    LwwRegister stored = new LwwRegister(stamp, RecordCodec.encode(submission));
    AnnaClient anna = backend.anna();
    CompletableFuture<AnnaClient.Merged> kept =
        anna.merge(session.keys().job(stamp), stored, Durability.LOG);
    // Cells are compiled against the definitions before the cell has run.
    CompletableFuture<?> classes = putClasses(anna, submission.execute().function());
    synchronized (session) {
      try {
        session.merge(pending.delta(), Commit.guard(session.writer(), session.fence()));
      } catch (IOException | AnnaException e) {
        // It may be on its way still, and so may the record of the submission.
        session.abandon(stamp);
        throw e;
      }
      session.settled(pending, true);
    }
    Backend.await(kept);
    Backend.await(classes);
  }

  private static CompletableFuture<?> putClasses(AnnaClient anna, CellFunction function) {
    Set<ClassRef> defined = new HashSet<>();
    function.defines().forEach(symbol -> defined.addAll(symbol.classes()));
    List<CompletableFuture<?>> puts = new ArrayList<>();
    for (ClassFile file : function.classes()) {
      if (defined.contains(file.ref())) {
        puts.add(
            anna.putWhole(
                SessionKeys.classFile(file.ref().sha256()), file.bytes(), Durability.LOG));
      }
    }
    return CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new));
  }

  /** The asynchronous cells of this epoch that have not ended, in the order of submission. */
  List<Submission> submissions() throws IOException {
    AnnaClient anna = backend.anna();
    List<Submission> found = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = Backend.await(anna.scan(session.keys().jobPrefix(), cursor, PAGE));
      for (Key key : page.keys()) {
        if (Backend.await(anna.get(key)).lattice() instanceof LwwRegister register) {
          found.add(RecordCodec.decode(Submission.class, register.value()));
        }
      }
      cursor = page.next();
    } while (cursor != null);
    found.sort(Comparator.comparing(each -> each.execute().stamp()));
    return found;
  }

  /**
   * What the store says of asynchronous cells.
   *
   * @param manifest as it stands
   * @param fences by cell: which attempt has begun, or may commit at least
   */
  record Standing(Manifest manifest, Map<String, Long> fences) {
    /** The attempt of a cell that has begun; 0 when none has. */
    long fence(Job job) {
      return fences.getOrDefault(job.fence(), 0L);
    }

    /** Whether some name still waits for a cell. */
    boolean waits(Job job) {
      return manifest.entries().stream()
              .anyMatch(entry ->
                  entry.state() == Entry.State.PENDING && entry.stamp().sameWork(job.stamp()))
          || (job.pending().isEmpty() && committed(job, manifest) == null);
    }
  }

  /** Reads what the store says now. */
  Standing standing() throws IOException {
    Lattice stored = Backend.await(backend.anna().get(session.keys().manifest())).lattice();
    Map<String, Long> fences = new HashMap<>();
    if (stored instanceof MapLattice map) {
      String field = Commit.guard("", 0).field();
      map.fields()
          .forEach((name, lattice) -> {
            if (name.startsWith(field) && lattice instanceof MaxLattice max) {
              fences.put(name.substring(field.length()), max.value());
            }
          });
    }
    return new Standing(Manifest.of(stored), fences);
  }

  /**
   * Notes that an attempt begins: whoever takes the cell over must know that it may have effects.
   */
  void begins(Job job) throws IOException {
    session.raiseFence(job.fence(), job.attempt());
  }

  /**
   * Makes a cell this kernel's: what was begun of it commits no more.
   *
   * @param fence as it was when nobody else had it
   * @return whether nobody was faster
   */
  boolean claim(Job job, long fence) throws IOException {
    int next = (int) Math.max(1, fence) + 1;
    try {
      session.merge(Commit.raiseFence(job.fence(), next), Commit.guard(job.fence(), fence));
    } catch (AnnaException e) {
      if (e.reason() == AnnaException.Reason.FENCED) {
        return false;
      }
      throw e;
    }
    job.attempt(next);
    return true;
  }

  /** Commits that a cell of which nothing is known but its names failed. */
  void failLost(Stamp submitted, List<Entry> waiting) throws IOException {
    Stamp stamp = new Stamp(submitted.counter(), submitted.writer(), 1);
    int number = waiting.getFirst().cellNumber();
    List<Entry> failed = new ArrayList<>();
    for (Entry entry : waiting) {
      failed.add(
          entry
              .in(Entry.State.FAILED, "its kernel ended while it was submitted")
              .at(stamp, number));
    }
    synchronized (session) {
      Commit commit =
          new Commit(
              stamp, session.frontier(), number, Commit.Ending.THREW, failed, List.of(), List.of());
      session.merge(commit.delta(), null);
      session.settled(commit, true);
    }
  }

  /**
   * Commits that a cell which is not running failed, and why.
   *
   * @throws AnnaException {@code FENCED} when another kernel has taken the cell over
   */
  Commit fail(Job job, String reason) throws IOException {
    Stamp stamp = new Stamp(job.stamp().counter(), job.stamp().writer(), job.attempt() + 1);
    List<Entry> failed = new ArrayList<>();
    for (Entry pending : job.pending()) {
      failed.add(job.asFailed(pending, reason, stamp));
    }
    Commit commit =
        new Commit(
            stamp,
            job.submission().execute().base(),
            job.cellNumber(),
            Commit.Ending.THREW,
            failed,
            List.of(),
            List.of());
    synchronized (session) {
      if (session.keys().equals(job.keys())) {
        session.merge(commit.delta(), Commit.guard(job.fence(), job.fenced()));
        session.settled(commit, true);
      }
    }
    return commit;
  }

  /** Takes over what became of a cell, unless its epoch is over. */
  void settled(Job job, Commit commit, boolean foreseen) {
    synchronized (session) {
      if (session.keys().equals(job.keys())) {
        session.settled(commit, foreseen);
      }
    }
  }

  /**
   * Makes sure that no attempt so far commits any more.
   *
   * @return what one of them did commit; null when none did
   */
  @Nullable Commit fenceOff(Job job) throws IOException {
    synchronized (session) {
      if (!session.keys().equals(job.keys())) {
        return null;
      }
      session.merge(Commit.raiseFence(job.fence(), job.attempt() + 1), null);
      job.fencedOff();
      session.reread();
      return committed(job, session.manifest());
    }
  }

  private static @Nullable Commit committed(Job job, Manifest manifest) {
    for (Commit.Trace trace : manifest.traces()) {
      if (trace.stamp().sameWork(job.stamp()) && trace.stamp().attempt() > 0) {
        return found(job, manifest, trace.stamp(), trace.ending());
      }
    }
    for (Entry pending : job.pending()) {
      Entry entry = manifest.get(pending.name());
      if (entry != null
          && entry.stamp().sameWork(job.stamp())
          && entry.state() != Entry.State.PENDING) {
        return found(job, manifest, entry.stamp(), Commit.Ending.RETURNED);
      }
    }
    return null;
  }

  /** What is still there of a commit: what was written since does not matter to anybody. */
  private static Commit found(Job job, Manifest manifest, Stamp stamp, Commit.Ending ending) {
    List<Entry> entries = new ArrayList<>();
    List<Name> removed = new ArrayList<>();
    for (Entry pending : job.pending()) {
      Entry entry = manifest.get(pending.name());
      if (entry == null) {
        removed.add(pending.name());
      } else if (entry.stamp().sameWork(job.stamp())) {
        entries.add(entry);
      }
    }
    return new Commit(
        stamp,
        job.submission().execute().base(),
        job.cellNumber(),
        ending,
        entries,
        removed,
        List.of());
  }

  /** The cell has ended: its submission is not needed any more. */
  void forget(Job job) {
    try {
      backend.anna().delete(List.of(job.keys().job(job.stamp()))).exceptionally(JobStore::left);
    } catch (IOException | AnnaException e) {
      left(e);
    }
  }

  private static @Nullable Void left(Throwable e) {
    LOG.info("the submission of an asynchronous cell that has ended stays: {}", e.getMessage());
    return null;
  }
}
