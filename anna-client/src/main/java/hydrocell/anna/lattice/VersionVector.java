package hydrocell.anna.lattice;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import java.util.Map;
import java.util.TreeMap;

/**
 * For each writer the largest counter seen; what a reader knows (a frontier). Immutable.
 *
 * @param counters writer → largest counter; absent means none
 */
public record VersionVector(Map<String, Long> counters) {
  /** Knows nothing. */
  public static final VersionVector EMPTY = new VersionVector(Map.of());

  /** Copies the map, so that nobody changes it afterwards. */
  public VersionVector {
    counters = Map.copyOf(counters);
  }

  /** Whether the write that the stamp names is known. */
  public boolean covers(Stamp stamp) {
    return counters.getOrDefault(stamp.writer(), 0L) >= stamp.counter();
  }

  /** Whether everything the other knows is known here. */
  public boolean covers(VersionVector other) {
    return other.counters.entrySet().stream()
        .allMatch(e -> counters.getOrDefault(e.getKey(), 0L) >= e.getValue());
  }

  /** This and one more write. */
  public VersionVector with(Stamp stamp) {
    if (covers(stamp)) {
      return this;
    }
    Map<String, Long> merged = new TreeMap<>(counters);
    merged.put(stamp.writer(), stamp.counter());
    return new VersionVector(merged);
  }

  /** What either knows. */
  public VersionVector join(VersionVector other) {
    if (covers(other)) {
      return this;
    }
    Map<String, Long> merged = new TreeMap<>(counters);
    other.counters.forEach((writer, counter) -> merged.merge(writer, counter, Math::max));
    return new VersionVector(merged);
  }

  /** The largest counter of all writers; 0 when nothing is known. */
  public long largest() {
    return counters.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Appends this to a frame, writers in order. */
  public void write(ByteWriter out) {
    out.list(new TreeMap<>(counters).entrySet(), (w, e) -> w.text(e.getKey()).varint(e.getValue()));
  }

  /** Reads what {@link #write} wrote. */
  public static VersionVector read(ByteReader in) throws MalformedFrameException {
    Map<String, Long> counters = new TreeMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      String writer = in.text();
      counters.put(writer, in.varint());
    }
    return new VersionVector(counters);
  }
}
