package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.GrowSet;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SessionPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Anna keeps of a session beside its manifests: the present epoch, the notebook's path, the
 * last cell, and the day of the last use. For the session's owner, under its lock.
 */
final class SessionRecord {
  private static final String EPOCH = "epoch";
  private static final String PATH = "path";

  private final Backend backend;
  private final SessionIdentity identity;
  private final Participation participation;
  private final String writer;
  private final InstantSource clock;
  private long usedDay;

  /** The record of the session that this identity finds. */
  SessionRecord(
      Backend backend,
      SessionIdentity identity,
      Participation participation,
      String writer,
      InstantSource clock) {
    this.backend = backend;
    this.identity = identity;
    this.participation = participation;
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * What an opened session goes on with.
   *
   * @param keys of the present epoch
   * @param lastCell number of the last cell in it; 0 when there was none
   * @param lost what {@link SessionKeys#lost} says of versions whose values were damaged
   * @param together whether several people's kernels were ever in it
   * @param ended what is to be told where another session was to be gone on with; or empty
   */
  record Found(SessionKeys keys, int lastCell, Set<String> lost, boolean together, String ended) {}

  /**
   * Finds the session in the registry. One without a path never resumes; one that was never seen
   * begins with its first epoch.
   */
  Found find() throws IOException {
    AnnaClient anna = backend.anna();
    SessionKeys keys = new SessionKeys(participation.find(), 1);
    Lattice stored = Backend.await(anna.get(keys.session())).lattice();
    String ended = "";
    if (participation.isElsewhere() && (numberIn(stored, EPOCH) == 0 || !isHere(stored))) {
      ended = participation.ended();
      participation.goTo(null);
      keys = new SessionKeys(participation.find(), 1);
      stored = Backend.await(anna.get(keys.session())).lattice();
    }
    requireHere(stored);
    long epoch = numberIn(stored, EPOCH);
    boolean fresh = identity.isPrivate() && !participation.isElsewhere() && ended.isEmpty();
    if (fresh || epoch == 0) {
      keys = startEpoch(keys.sessionId(), epoch + 1);
    } else {
      keys = new SessionKeys(keys.sessionId(), epoch);
    }
    noteUse(keys);
    boolean together =
        stored instanceof MapLattice map
            && map.fields().keySet().stream().anyMatch(f -> f.startsWith(Participation.PERSON));
    return new Found(
        keys, (int) numberIn(stored, keys.lastCell()), lostIn(stored), together, ended);
  }

  /** The present epoch; 0 where there is none, or none for this person. */
  long epoch(SessionKeys keys) throws IOException {
    return numberIn(
        Backend.await(backend.anna().getFields(keys.session(), Set.of(EPOCH))).lattice(), EPOCH);
  }

  /**
   * Whether the session is in this store still. Throws with words for its person when it is not;
   * who has opened it from another notebook goes back to that one's own.
   */
  void requireHere(SessionKeys keys) throws IOException {
    Lattice stored = Backend.await(backend.anna().get(keys.session())).lattice();
    if (participation.isElsewhere() && !isHere(stored)) {
      throw new SharingEndedException(participation.ended());
    }
    requireHere(stored);
  }

  private static boolean isHere(@Nullable Lattice stored) {
    return SessionPlace.of(stored).state() == SessionPlace.State.HERE;
  }

  private static void requireHere(@Nullable Lattice stored) throws IOException {
    String refusal = SessionPlace.of(stored).refusal();
    if (!refusal.isEmpty()) {
      throw new IOException(refusal);
    }
  }

  private static long numberIn(@Nullable Lattice stored, String field) {
    return stored instanceof MapLattice map && map.field(field) instanceof MaxLattice max
        ? max.value()
        : 0;
  }

  private static Set<String> lostIn(@Nullable Lattice stored) {
    return stored instanceof MapLattice map && map.field(SessionKeys.LOST) instanceof GrowSet lost
        ? lost.values()
        : Set.of();
  }

  /** Begins an epoch; its keys. */
  SessionKeys startEpoch(String sessionId, long epoch) throws IOException {
    SessionKeys keys = new SessionKeys(sessionId, epoch);
    byte[] path = identity.path().getBytes(StandardCharsets.UTF_8);
    MapLattice begun =
        MapLattice.of(
            Map.of(
                EPOCH,
                new MaxLattice(epoch),
                PATH,
                new LwwRegister(new Stamp(epoch, writer, 0), path)));
    Backend.await(backend.anna().merge(keys.session(), begun, Durability.LOG));
    return keys;
  }

  /** Notes that the session is in use: one that nobody can find again expires after a while. */
  void noteUse(SessionKeys keys) throws IOException {
    long today = Duration.ofSeconds(clock.instant().getEpochSecond()).toDays();
    if (today != usedDay && !participation.isTheirs()) {
      MapLattice used = MapLattice.of(Map.of(SessionKeys.LAST_USED_DAY, new MaxLattice(today)));
      Backend.await(backend.anna().merge(keys.session(), used, Durability.LOG));
      usedDay = today;
    }
  }

  /** The sessions of all notebooks of this owner, this one first; at most so many. */
  Set<String> ofOwner(SessionKeys own, int limit) throws IOException {
    Set<String> sessions = new LinkedHashSet<>(List.of(own.sessionId()));
    AnnaClient anna = backend.anna();
    String prefix = SessionKeys.pathPrefix(identity.ownerHash());
    for (Key path : Backend.await(anna.scan(prefix, null, limit)).keys()) {
      if (Backend.await(anna.get(path)).lattice() instanceof LwwRegister register) {
        sessions.add(new String(register.value(), StandardCharsets.UTF_8));
      }
    }
    return sessions;
  }

  /** The file name of a notebook in its session's record. */
  static String fileOf(@Nullable Lattice stored) {
    String path =
        stored instanceof MapLattice map && map.field(PATH) instanceof LwwRegister register
            ? new String(register.value(), StandardCharsets.UTF_8)
            : "";
    return path.isEmpty() ? "(no file)" : path.substring(path.lastIndexOf('/') + 1);
  }
}
