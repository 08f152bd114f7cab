package hydrocell.executor;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.wire.Permissions;
import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.TheirSession;
import hydrocell.cell.message.Submission;
import hydrocell.cell.message.ToExecutor;
import hydrocell.cell.wire.RecordCodec;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Deletes what may go only while nobody works: class files, which all sessions share and an
 * executor that has stored one does not store again; and sessions without a path that were last
 * used too long ago. {@link Quiet} says when. Used by one thread.
 */
final class QuietCollector {
  /** How long a session without a path is kept after its last cell. */
  static final Duration PRIVATE_SESSION_KEPT = Duration.ofDays(7);

  private static final int PAGE = 5_000;

  /** A moment in which no executor is leased. */
  interface Quiet {
    /** Whether no executor is leased now. */
    boolean begin();

    /**
     * Runs a deletion if no executor was leased since {@link #begin}, and leases none meanwhile.
     */
    boolean end(Runnable deletion);
  }

  private final AnnaClient anna;
  private final Quiet quiet;
  private final InstantSource clock;

  QuietCollector(AnnaClient anna, Quiet quiet, InstantSource clock) {
    this.anna = anna;
    this.quiet = quiet;
    this.clock = clock;
  }

  /** Goes through the store once; how many keys were deleted. */
  int collect() throws IOException {
    if (!quiet.begin()) {
      return 0;
    }
    List<Key> dead = new ArrayList<>();
    Set<String> expired = new HashSet<>();
    Set<Key> reachable = new HashSet<>();
    SharedReach.of(anna)
        .classes()
        .forEach(ref -> reachable.add(SessionKeys.classFile(ref.sha256())));
    List<Key> sessionKeys = scan(SessionKeys.ALL_SESSIONS);
    for (Key key : sessionKeys) {
      if (SessionKeys.isSession(key) && isExpired(key)) {
        expired.add(SessionKeys.sessionOf(key));
      }
    }
    for (Key key : sessionKeys) {
      if (expired.contains(SessionKeys.sessionOf(key))) {
        dead.add(key);
      } else if (SessionKeys.isManifest(key)) {
        Manifest.of(anna.get(key).join().lattice())
            .kept()
            .flatMap(QuietCollector::classesOf)
            .forEach(ref -> reachable.add(SessionKeys.classFile(ref.sha256())));
      } else if (SessionKeys.isJob(key)
          && anna.get(key).join().lattice() instanceof LwwRegister register) {
        classesOf(RecordCodec.decode(Submission.class, register.value()).execute())
            .forEach(ref -> reachable.add(SessionKeys.classFile(ref.sha256())));
      }
    }
    // Where others run cells in a session, their hosts know of leases that this one does not.
    for (Key key : othersMayWorkHere() ? List.<Key>of() : scan(SessionKeys.ALL_CLASSES)) {
      if (!reachable.contains(key)) {
        dead.add(key);
      }
    }
    return !dead.isEmpty() && quiet.end(() -> anna.delete(dead).join()) ? dead.size() : 0;
  }

  /** Whether somebody else is permitted to use one of the sessions now. */
  private boolean othersMayWorkHere() throws IOException {
    for (Key key : scan(Permissions.ALL)) {
      if (TheirSession.isRights(key)
          && anna.get(key).join().lattice() instanceof LwwRegister register
          && Permissions.read(register.value()).anyAt(clock.millis())) {
        return true;
      }
    }
    return false;
  }

  private static Stream<ClassRef> classesOf(Entry entry) {
    return Stream.concat(entry.symbol().classes().stream(), entry.valueClasses().stream());
  }

  /** What an asynchronous cell needs that has not ended: it may run when all have gone. */
  private static Stream<ClassRef> classesOf(ToExecutor.Execute cell) {
    Stream<ClassRef> defined =
        cell.function().defines().stream().flatMap(symbol -> symbol.classes().stream());
    Stream<ClassRef> own = cell.function().classes().stream().map(ClassFile::ref);
    return Stream.of(defined, own, cell.entries().stream().flatMap(QuietCollector::classesOf))
        .flatMap(each -> each);
  }

  private boolean isExpired(Key session) {
    if (!SessionKeys.isPrivate(SessionKeys.sessionOf(session))
        || !(anna.get(session).join().lattice() instanceof MapLattice fields)
        || !(fields.field(SessionKeys.LAST_USED_DAY) instanceof MaxLattice day)) {
      return false;
    }
    long today = clock.instant().getEpochSecond() / Duration.ofDays(1).toSeconds();
    return today - day.value() > PRIVATE_SESSION_KEPT.toDays();
  }

  private List<Key> scan(String prefix) {
    List<Key> all = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = anna.scan(prefix, cursor, PAGE).join();
      all.addAll(page.keys());
      cursor = page.next();
    } while (cursor != null);
    return all;
  }
}
