package hydrocell.anna.lattice;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A set in which a removal takes away only the additions that its writer had seen: an addition made
 * at the same time wins (observed-remove set; Shapiro et al., INRIA RR-7506). Every addition has a
 * stamp of its own.
 */
public final class ObservedRemoveSet implements Lattice {
  private final Map<String, Set<Stamp>> additions = new TreeMap<>();
  private final Set<Stamp> removed = new TreeSet<>();

  /** Nothing. */
  public ObservedRemoveSet() {}

  /** A set with this state; used when reading it back. */
  public ObservedRemoveSet(Map<String, Set<Stamp>> additions, Set<Stamp> removed) {
    additions.forEach((value, stamps) -> this.additions.put(value, new TreeSet<>(stamps)));
    this.removed.addAll(removed);
  }

  /** Adds a value; the stamp must be new. */
  public ObservedRemoveSet add(String value, Stamp stamp) {
    additions.computeIfAbsent(value, v -> new TreeSet<>()).add(stamp);
    return this;
  }

  /** Removes a value as far as it is seen here. */
  public ObservedRemoveSet remove(String value) {
    removed.addAll(additions.getOrDefault(value, Set.of()));
    return this;
  }

  /** The values present, in order. */
  public Set<String> values() {
    Set<String> present = new TreeSet<>();
    additions.forEach((value, stamps) -> {
      if (!removed.containsAll(stamps)) {
        present.add(value);
      }
    });
    return present;
  }

  /** Every addition by value; a view. */
  public Map<String, Set<Stamp>> additions() {
    return Collections.unmodifiableMap(additions);
  }

  /** The additions that were removed; a view. */
  public Set<Stamp> removed() {
    return Collections.unmodifiableSet(removed);
  }

  @Override
  public boolean merge(Lattice other) {
    ObservedRemoveSet set = Lattice.cast(ObservedRemoveSet.class, other);
    boolean grew = removed.addAll(set.removed);
    for (Map.Entry<String, Set<Stamp>> theirs : set.additions.entrySet()) {
      grew |=
          additions
              .computeIfAbsent(theirs.getKey(), v -> new TreeSet<>())
              .addAll(theirs.getValue());
    }
    return grew;
  }

  @Override
  public ObservedRemoveSet copy() {
    return new ObservedRemoveSet(additions, removed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ObservedRemoveSet set
        && set.additions.equals(additions)
        && set.removed.equals(removed);
  }

  @Override
  public int hashCode() {
    return 31 * additions.hashCode() + removed.hashCode();
  }
}
