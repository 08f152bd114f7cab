/**
 * The lattices: values with a {@code merge} that is associative, commutative and idempotent, so
 * that replicas agree whatever the order, number and grouping of merges. {@link
 * hydrocell.anna.lattice.Lattice} is the central type; Anna (Wu et al., ICDE 2018) is the source of
 * the idea.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.anna.lattice;
