package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Guard;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.cell.Commit;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The session's manifest as this kernel has it: read from Anna, at a version there, and moved on by
 * what this kernel commits. Under the lock of the session, which owns it.
 */
final class HeldManifest {
  private final Backend backend;
  private final SessionRecord record;
  private final String writer;
  private Manifest manifest = new Manifest();
  private long version;
  private int generation;
  private long fence;

  /** Of a session of which nothing was read yet. */
  HeldManifest(Backend backend, SessionRecord record, String writer) {
    this.backend = backend;
    this.record = record;
    this.writer = writer;
  }

  Manifest now() {
    return manifest;
  }

  /** How far it was read. */
  ManifestReading reading() {
    return new ManifestReading(manifest, version);
  }

  /** This writer's fencing number, as far as it is known. */
  long fence() {
    return fence;
  }

  /** Reads it, whoever moved it on. */
  void read(SessionKeys keys) throws IOException {
    AnnaClient.Read read = Backend.await(backend.anna().get(keys.manifest()));
    manifest = Manifest.of(read.lattice());
    version = read.version();
    generation = backend.generation();
    if (read.lattice() instanceof MapLattice map
        && map.field("fence/" + writer) instanceof MaxLattice max) {
      fence = Math.max(fence, max.value());
    }
  }

  /**
   * Reads it, and asks only then whether the session is here still: who moves it away says so, and
   * then raises the fences, of which this writer may have read his just now.
   */
  void readHere(SessionKeys keys) throws IOException {
    Manifest before = manifest;
    long known = version;
    read(keys);
    try {
      record.requireHere(keys);
    } catch (IOException | RuntimeException e) {
      manifest = before;
      version = known;
      throw e;
    }
  }

  /** Whether nobody has moved it on since; asks Anna. */
  boolean isCurrent(SessionKeys keys) throws IOException {
    long stored = Backend.await(backend.anna().version(keys.manifest()));
    return stored == version && generation == backend.generation();
  }

  /** Takes over a commit that was made for this kernel. */
  void apply(Commit commit) {
    manifest.apply(commit);
    version++;
  }

  /** The same, on any thread: whoever reads the manifest goes on with the one he has. */
  void applyToCopy(Commit commit) {
    manifest = manifest.copy();
    apply(commit);
  }

  /** It was moved on, and nothing in it changed. */
  void movedOn() {
    version++;
  }

  /** Something in it changed that only Anna knows: it is read again before the next cell. */
  void doubt() {
    version = -1;
  }

  /** Raises this writer's fence; the new one is still to be merged. */
  long raiseFence() {
    return ++fence;
  }

  /** Merges something into what is stored, under a guard; takes nothing over. */
  void merge(SessionKeys keys, MapLattice delta, @Nullable Guard guard) throws IOException {
    AnnaClient anna = backend.anna();
    Backend.await(
        guard == null
            ? anna.merge(keys.manifest(), delta, Durability.LOG)
            : anna.merge(keys.manifest(), delta, Durability.LOG, guard));
  }

  /** Something that a session does beside what it was asked for. */
  interface Write {
    /** Does it. */
    void run() throws IOException;
  }

  /** A store that takes no writes, as its disk or a quota is full, can still be read from. */
  static void whereThereIsRoom(Write write) throws IOException {
    try {
      write.run();
    } catch (AnnaException e) {
      if (e.reason() != AnnaException.Reason.STORAGE && e.reason() != AnnaException.Reason.LIMIT) {
        throw e;
      }
    }
  }
}
