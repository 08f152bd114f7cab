package hydrocell.anna.lattice;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** A set of texts whose merge is the union. */
public final class GrowSet implements Lattice {
  private final Set<String> values;

  /** Holds these texts. */
  public GrowSet(Collection<String> values) {
    this.values = new TreeSet<>(values);
  }

  /** The texts, in order; a view. */
  public Set<String> values() {
    return Collections.unmodifiableSet(values);
  }

  @Override
  public boolean merge(Lattice other) {
    return values.addAll(Lattice.cast(GrowSet.class, other).values);
  }

  @Override
  public GrowSet copy() {
    return new GrowSet(values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GrowSet set && set.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
