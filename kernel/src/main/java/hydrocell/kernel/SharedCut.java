package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LatticeCodec;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.ByteReader;
import hydrocell.cell.Entry;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUpdates;
import hydrocell.cell.SharedVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The versions of shared names as they stood at one moment. All are read until none has changed
 * while they were read; what a commit wrote to one of them and not yet to another is completed. A
 * later cut is never behind an earlier one. For one thread at a time.
 */
final class SharedCut {
  private static final int MOST_TRIES = 50;

  private final Map<Key, CausalRegister> registers = new TreeMap<>();
  private Map<Key, Long> versions = new TreeMap<>();

  /** What is known of a name; nothing before it was read. */
  CausalRegister register(Key key) {
    return registers.getOrDefault(key, new CausalRegister(List.of(), VersionVector.EMPTY));
  }

  /** The version of a name's key that the cut shows, as the store counts them; -1 before any. */
  long version(Key key) {
    return versions.getOrDefault(key, -1L);
  }

  /**
   * Goes on to a cut of the present; whether anything changed.
   *
   * @param completes whether a half of a commit is made whole by its other half. Not where others
   *     write names that are not theirs: whoever may write one name could then have us write, in
   *     the other half, another name. There one waits a little for that half
   */
  boolean read(AnnaClient anna, Collection<Key> keys, boolean completes) throws IOException {
    Map<Key, Long> now = versions(anna, keys);
    if (now.equals(versions)) {
      return false;
    }
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Map<Key, AnnaClient.Read> reads = reads(anna, keys);
      now = versions(anna, keys);
      boolean same = true;
      for (Map.Entry<Key, AnnaClient.Read> each : reads.entrySet()) {
        same &= now.getOrDefault(each.getKey(), -1L) == each.getValue().version();
      }
      if (same) {
        take(anna, reads, completes);
        if (!completes && tries < MOST_TRIES - 1 && isFractured(keys)) {
          continue;
        }
        versions = now;
        return true;
      }
    }
    throw new IOException("the shared names change too often to be read together: try again");
  }

  private static Map<Key, Long> versions(AnnaClient anna, Collection<Key> keys) throws IOException {
    Map<Key, CompletableFuture<Long>> asked = new TreeMap<>();
    keys.forEach(key -> asked.put(key, anna.version(key)));
    Map<Key, Long> versions = new TreeMap<>();
    for (Map.Entry<Key, CompletableFuture<Long>> each : asked.entrySet()) {
      versions.put(each.getKey(), Backend.await(each.getValue()));
    }
    return versions;
  }

  private static Map<Key, AnnaClient.Read> reads(AnnaClient anna, Collection<Key> keys)
      throws IOException {
    Map<Key, CompletableFuture<AnnaClient.Read>> asked = new TreeMap<>();
    keys.forEach(key -> asked.put(key, anna.get(key)));
    Map<Key, AnnaClient.Read> reads = new TreeMap<>();
    for (Map.Entry<Key, CompletableFuture<AnnaClient.Read>> each : asked.entrySet()) {
      reads.put(each.getKey(), Backend.await(each.getValue()));
    }
    return reads;
  }

  private void take(AnnaClient anna, Map<Key, AnnaClient.Read> reads, boolean completes)
      throws IOException {
    reads.forEach((key, read) -> {
      if (read.lattice() instanceof CausalRegister register) {
        merge(key, register);
      } else {
        registers.remove(key); // Nobody lets this person read it any more.
      }
    });
    if (!completes) {
      return;
    }
    for (Key key : reads.keySet()) {
      for (SharedVersion version : SharedVersion.readableIn(register(key))) {
        for (SharedUpdates.Delta other : version.together()) {
          complete(anna, other);
        }
      }
    }
  }

  /** Whether one name shows a commit that another does not show yet. */
  private boolean isFractured(Collection<Key> keys) {
    for (Key key : keys) {
      for (SharedVersion version : SharedVersion.readableIn(register(key))) {
        for (SharedUpdates.Delta other : version.together()) {
          // Whoever wrote it may have written anything there, and no key.
          boolean used = keys.stream().anyMatch(each -> each.text().equals(other.key()));
          if (used && !register(new Key(other.key())).context().covers(version.entry().stamp())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Merges what a commit wrote to another name, if that is used here and does not show it yet. */
  private void complete(AnnaClient anna, SharedUpdates.Delta other) throws IOException {
    Key key = new Key(other.key());
    CausalRegister known = registers.get(key);
    if (known == null) {
      return;
    }
    Lattice delta = LatticeCodec.read(new ByteReader(ByteBuffer.wrap(other.lattice())));
    if (known.copy().merge(delta)) {
      Backend.await(anna.merge(key, delta, Durability.LOG));
      known.merge(delta);
    }
  }

  private void merge(Key key, CausalRegister register) {
    CausalRegister known = registers.putIfAbsent(key, register);
    if (known != null) {
      known.merge(register);
    }
  }

  /**
   * A version's entry, with its value stored with the name: nobody who uses the name may read its
   * writer's session, or another name. The bytes pass through, a few chunks at a time.
   */
  static Entry copied(
      AnnaClient anna, Entry entry, SharedName shared, SessionKeys own, String person)
      throws IOException, NotUsableException {
    String from = entry.valueKey();
    if (from == null || from.startsWith(shared.prefix() + "d/")) {
      return entry;
    }
    if (!from.startsWith(own.valuePrefix()) && !from.startsWith(SharedName.prefixOf(person))) {
      // Cells can write the manifest, and may not have us read what they cannot.
      throw new NotUsableException(
          "`%s` is not shared: its value is not this notebook's".formatted(entry.name().text()));
    }
    SharedParts.requireOwnValue(entry);
    Key to = shared.value(entry.stamp());
    if (!SharedParts.copyValue(anna, new Key(from), to)) {
      throw new NotUsableException(
          "`%s` is not shared: the store has no value under %s"
              .formatted(entry.name().text(), from));
    }
    return entry.valueAt(to.text());
  }

  /** Writes versions of several names, which readers see together. */
  void write(AnnaClient anna, Map<Key, SharedVersion> commit) throws IOException {
    FaultPoint.KERNEL_BEFORE_PUBLICATION.reached();
    Map<Key, CausalRegister> alone = new TreeMap<>();
    commit.forEach((key, version) -> alone.put(key, version.write()));
    List<CompletableFuture<?>> merges = new ArrayList<>();
    Map<Key, CausalRegister> whole = new TreeMap<>();
    commit.forEach((key, version) -> {
      Map<Key, CausalRegister> others = new TreeMap<>(alone);
      others.remove(key);
      CausalRegister delta = version.with(SharedUpdates.of(others).deltas()).write();
      whole.put(key, delta);
      merges.add(anna.merge(key, delta, Durability.LOG));
    });
    for (CompletableFuture<?> merge : merges) {
      Backend.await(merge);
    }
    FaultPoint.KERNEL_AFTER_PUBLICATION.reached();
    whole.forEach(this::merge);
  }

  /** Removes all versions of a name that are known. */
  void remove(AnnaClient anna, Key key, hydrocell.anna.lattice.Stamp stamp) throws IOException {
    CausalRegister delta = CausalRegister.remove(stamp, register(key).context());
    Backend.await(anna.merge(key, delta, Durability.LOG));
    merge(key, delta);
  }

  /** The next cut is looked at as if it were new. */
  void lookAgain() {
    versions = new TreeMap<>();
  }

  /** Forgets a name that is not used any more. */
  void forget(Key key) {
    registers.remove(key);
    versions = new TreeMap<>();
  }
}
