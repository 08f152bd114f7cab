package hydrocell.anna.lattice;

/**
 * A value that only grows by merging. Mutable, owned by one thread at a time: in a node by the
 * event loop of its shard. What a client gets from a read is its own copy.
 */
public interface Lattice {
  /**
   * Merges another lattice of the same kind into this one; the other is not changed, and nothing of
   * it that could change is kept.
   *
   * @return whether this lattice grew
   * @throws IllegalArgumentException when the kinds differ
   */
  boolean merge(Lattice other);

  /** A copy that shares nothing that could change. */
  Lattice copy();

  /** The lattice as one of this kind. Throws IllegalArgumentException when it is of another. */
  static <T extends Lattice> T cast(Class<T> kind, Lattice lattice) {
    if (!kind.isInstance(lattice)) {
      throw new IllegalArgumentException(
          "a %s cannot be merged into a %s"
              .formatted(lattice.getClass().getSimpleName(), kind.getSimpleName()));
    }
    return kind.cast(lattice);
  }
}
