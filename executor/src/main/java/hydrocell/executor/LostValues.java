package hydrocell.executor;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.GrowSet;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SessionPlace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which names lost their values when parts of the store could not be read, and notes them
 * in the records of their sessions: the kernel that opens one says so. Used once, before kernels
 * come.
 */
final class LostValues {
  private static final Logger LOG = LoggerFactory.getLogger(LostValues.class);
  private static final int PAGE = 5_000;

  /** So many are asked for at once. */
  private static final int BATCH = 200;

  private final NodeClient anna;

  LostValues(NodeClient anna) {
    this.anna = anna;
  }

  /** Looks at every session, if the store says that it is damaged; how many versions were lost. */
  int note() {
    if (anna.stats().join().getOrDefault("damaged.parts", 0L) == 0) {
      return 0;
    }
    int all = 0;
    for (Key manifest : manifests()) {
      try {
        all += note(manifest);
      } catch (RuntimeException | MalformedFrameException e) {
        LOG.error("what is lost of {} cannot be noted: {}", manifest, e.toString());
      }
    }
    return all;
  }

  private int note(Key manifest) throws MalformedFrameException {
    Key record = new SessionKeys(SessionKeys.sessionOf(manifest), 1).session();
    if (SessionPlace.of(anna.get(record).join().lattice()).state() == SessionPlace.State.GONE) {
      return 0; // Its values are in another store.
    }
    Set<String> lost = lostIn(Manifest.of(anna.get(manifest).join().lattice()).entries());
    if (!lost.isEmpty()) {
      LOG.error("{} values of {} are lost with damaged parts of the store", lost.size(), manifest);
      MapLattice note = MapLattice.of(Map.of(SessionKeys.LOST, new GrowSet(lost)));
      anna.merge(record, note, Durability.LOG).join();
    }
    return lost.size();
  }

  private List<Key> manifests() {
    List<Key> manifests = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = anna.scan(SessionKeys.ALL_SESSIONS, cursor, PAGE).join();
      page.keys().stream().filter(SessionKeys::isManifest).forEach(manifests::add);
      cursor = page.next();
    } while (cursor != null);
    return manifests;
  }

  private Set<String> lostIn(Iterable<Entry> entries) {
    Set<String> lost = new TreeSet<>();
    Map<Key, CompletableFuture<Boolean>> asked = new LinkedHashMap<>();
    List<Entry> batch = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.state() != Entry.State.READY) {
        // Nobody can read it as it is, or it was noted before.
        continue;
      }
      batch.add(entry);
      needs(entry).forEach(key -> asked.computeIfAbsent(key, anna::isWhole));
      if (asked.size() >= BATCH) {
        add(batch, asked, lost);
      }
    }
    add(batch, asked, lost);
    return lost;
  }

  private static void add(
      List<Entry> batch, Map<Key, CompletableFuture<Boolean>> asked, Set<String> lost) {
    for (Entry entry : batch) {
      if (!needs(entry).allMatch(key -> isWhole(asked.get(key)))) {
        lost.add(SessionKeys.lost(entry));
      }
    }
    batch.clear();
    asked.clear();
  }

  private static boolean isWhole(@Nullable CompletableFuture<Boolean> answer) {
    return answer != null && answer.join();
  }

  /** What must be there for a name to be read. */
  private static Stream<Key> needs(Entry entry) {
    String value = entry.valueKey();
    Stream<Key> own = value == null || value.isEmpty() ? Stream.of() : Stream.of(new Key(value));
    Stream<ClassRef> classes =
        Stream.concat(entry.symbol().classes().stream(), entry.valueClasses().stream());
    return Stream.concat(own, classes.map(ref -> SessionKeys.classFile(ref.sha256())));
  }
}
