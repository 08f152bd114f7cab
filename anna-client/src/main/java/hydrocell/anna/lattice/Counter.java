package hydrocell.anna.lattice;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A counter that any writer moves up and down: for each writer the sum of its increments and of its
 * decrements, each of which only grows (PN-counter; Shapiro et al., INRIA RR-7506).
 */
public final class Counter implements Lattice {
  /**
   * One writer's part.
   *
   * @param up sum of increments
   * @param down sum of decrements
   */
  public record Part(long up, long down) {
    Part join(Part other) {
      return new Part(Math.max(up, other.up), Math.max(down, other.down));
    }
  }

  private final Map<String, Part> parts;

  /** A counter with these parts. */
  public Counter(Map<String, Part> parts) {
    this.parts = new TreeMap<>(parts);
  }

  /** Zero. */
  public Counter() {
    this(Map.of());
  }

  /**
   * Adds to a writer's part; only that writer may call this, on the newest state it made itself.
   */
  public Counter increment(String writer, long by) {
    Part part = parts.getOrDefault(writer, new Part(0, 0));
    parts.put(
        writer, by >= 0 ? new Part(part.up + by, part.down) : new Part(part.up, part.down - by));
    return this;
  }

  /** The sum over all writers. */
  public long value() {
    return parts.values().stream().mapToLong(p -> p.up - p.down).sum();
  }

  /** The parts by writer; a view. */
  public Map<String, Part> parts() {
    return Collections.unmodifiableMap(parts);
  }

  @Override
  public boolean merge(Lattice other) {
    boolean grew = false;
    for (Map.Entry<String, Part> theirs : Lattice.cast(Counter.class, other).parts.entrySet()) {
      Part mine = parts.get(theirs.getKey());
      Part joined = mine == null ? theirs.getValue() : mine.join(theirs.getValue());
      if (!joined.equals(mine)) {
        parts.put(theirs.getKey(), joined);
        grew = true;
      }
    }
    return grew;
  }

  @Override
  public Counter copy() {
    return new Counter(parts);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counter counter && counter.parts.equals(parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }
}
