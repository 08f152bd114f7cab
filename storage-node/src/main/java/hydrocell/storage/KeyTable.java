package hydrocell.storage;

import hydrocell.anna.AnnaClient.KeyPage;
import hydrocell.anna.AnnaException;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Key;
import hydrocell.anna.Values;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.storage.log.SegmentedLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys of a shard in memory. Owned by the shard's thread. */
final class KeyTable {
  /** Registers above this length stay on disk. */
  static final int IN_MEMORY_BYTES = 4096;

  private final Map<String, Stored> keys = new HashMap<>();

  /** The same keys in order, for scans and compaction. */
  private final NavigableMap<String, Stored> ordered = new TreeMap<>();

  private final long firstVersion;
  private final KeySpace.@Nullable Watcher watcher;
  private long liveBytes;

  /**
   * No keys yet.
   *
   * @param watcher is told of every change
   */
  KeyTable(long firstVersion, KeySpace.@Nullable Watcher watcher) {
    this.firstVersion = firstVersion;
    this.watcher = watcher;
  }

  @Nullable Stored get(String key) {
    return keys.get(key);
  }

  int size() {
    return keys.size();
  }

  /** Bytes of all snapshots, about. */
  long liveBytes() {
    return liveBytes;
  }

  /** All keys in order. */
  NavigableMap<String, Stored> ordered() {
    return ordered;
  }

  /** Takes over what was logged. */
  Stored apply(String key, Lattice delta, SegmentedLog.Location at, int bytes) {
    if (delta instanceof LwwRegister register && register.value().length > IN_MEMORY_BYTES) {
      return applyOnDisk(key, register.stamp(), at, bytes);
    }
    Stored stored = entry(key, at);
    if (stored.lattice == null || delta instanceof LwwRegister) {
      stored.lattice = delta.copy();
      stored.onDisk = null;
      stored.oldestSegment = at.segment();
      resize(key, stored, bytes);
    } else {
      stored.lattice.merge(delta);
      resize(key, stored, stored.liveBytes + bytes);
    }
    stored.version++;
    if (watcher != null) {
      watcher.changed(key, stored.lattice);
    }
    return stored;
  }

  /** Takes over a register that stays on disk. */
  Stored applyOnDisk(String key, Stamp stamp, SegmentedLog.Location at, int bytes) {
    Stored stored = entry(key, at);
    stored.lattice = null;
    stored.onDisk = at;
    stored.stampOnDisk = stamp;
    stored.oldestSegment = at.segment();
    resize(key, stored, bytes);
    stored.version++;
    return stored;
  }

  /** Sets the size of a key's snapshot. */
  void resize(String key, Stored stored, long bytes) {
    liveBytes += bytes - stored.liveBytes;
    if (watcher != null) {
      watcher.resized(key, bytes - stored.liveBytes);
    }
    stored.liveBytes = bytes;
  }

  private Stored entry(String key, SegmentedLog.Location at) {
    Stored stored = keys.get(key);
    if (stored == null) {
      stored = fresh(at);
      keys.put(key, stored);
      ordered.put(key, stored);
    }
    return stored;
  }

  private Stored fresh(SegmentedLog.Location at) {
    Stored stored = new Stored();
    stored.version = firstVersion;
    stored.oldestSegment = at.segment();
    return stored;
  }

  /** Forgets a key; whether it was there. */
  boolean remove(String key) {
    Stored gone = keys.remove(key);
    if (gone == null) {
      return false;
    }
    ordered.remove(key);
    resize(key, gone, 0);
    if (watcher != null) {
      watcher.changed(key, null);
    }
    return true;
  }

  /** Forgets all keys. */
  void clear() {
    List.copyOf(keys.keySet()).forEach(this::remove);
  }

  /** The keys that start with a prefix, in order. */
  NavigableMap<String, Stored> withPrefix(String prefix) {
    return ordered.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
  }

  /** A page of keys. A chunk counts as its value's key, so that half a value is seen as well. */
  KeyPage scan(String prefix, String cursor, int limit) {
    List<Key> found = new ArrayList<>();
    NavigableMap<String, Stored> rest = withPrefix(prefix);
    if (!cursor.isEmpty()) {
      String after = cursor + Values.CHUNK_SEPARATOR + Character.MAX_VALUE;
      if (!cursor.startsWith(prefix) || after.compareTo(prefix + Character.MAX_VALUE) > 0) {
        throw new AnnaException(
            Reason.BAD_REQUEST, "a page goes on where one of the same prefix ended");
      }
      rest = rest.tailMap(after, false);
    }
    String last = "";
    for (String key : rest.keySet()) {
      int separator = key.indexOf(Values.CHUNK_SEPARATOR);
      String listed = separator < 0 ? key : key.substring(0, separator);
      if (listed.equals(last)) {
        continue;
      }
      if (found.size() == limit) {
        return new KeyPage(found, last);
      }
      found.add(new Key(listed));
      last = listed;
    }
    return new KeyPage(found, null);
  }
}
