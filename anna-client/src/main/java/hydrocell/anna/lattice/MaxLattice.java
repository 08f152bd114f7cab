package hydrocell.anna.lattice;

/** A number whose merge is the larger one. */
public final class MaxLattice implements Lattice {
  private long value;

  /** Holds this number. */
  public MaxLattice(long value) {
    this.value = value;
  }

  /** The larger of all numbers merged. */
  public long value() {
    return value;
  }

  @Override
  public boolean merge(Lattice other) {
    long theirs = Lattice.cast(MaxLattice.class, other).value;
    if (theirs <= value) {
      return false;
    }
    value = theirs;
    return true;
  }

  @Override
  public MaxLattice copy() {
    return new MaxLattice(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaxLattice number && number.value == value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }
}
