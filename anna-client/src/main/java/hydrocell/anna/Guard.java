package hydrocell.anna;

/**
 * A condition on a merge into a map: it is applied only while the {@code MaxLattice} under {@code
 * field} of that map is absent or at most {@code atMost}. This is how a writer that was declared
 * lost is fenced: whoever declares it raises the field first.
 *
 * @param field a field of the map lattice under the same key
 * @param atMost the writer's own fencing number
 */
public record Guard(String field, long atMost) {}
