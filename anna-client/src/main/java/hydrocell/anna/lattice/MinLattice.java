package hydrocell.anna.lattice;

/** A number whose merge is the smaller one. */
public final class MinLattice implements Lattice {
  private long value;

  /** Holds this number. */
  public MinLattice(long value) {
    this.value = value;
  }

  /** The smaller of all numbers merged. */
  public long value() {
    return value;
  }

  @Override
  public boolean merge(Lattice other) {
    long theirs = Lattice.cast(MinLattice.class, other).value;
    if (theirs >= value) {
      return false;
    }
    value = theirs;
    return true;
  }

  @Override
  public MinLattice copy() {
    return new MinLattice(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MinLattice number && number.value == value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }
}
