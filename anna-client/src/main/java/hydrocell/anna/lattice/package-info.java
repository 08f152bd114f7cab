/**
 * The lattices: values with a {@code merge} that is associative, commutative and idempotent, so
 * that replicas agree whatever the order, number and grouping of merges. {@link
 * hydrocell.anna.lattice.Lattice} is the central type; Anna (Wu et al., ICDE 2018) is the source of
 * the idea.
 *
 * <p>In bytes ({@link hydrocell.anna.lattice.LatticeCodec}); kinds are numbered for good:
 *
 * <pre>
 * 1 LwwRegister        stamp value:bytes
 * 2 MaxLattice         number:u64
 * 3 MinLattice         number:u64
 * 4 GrowSet            count:varint text*
 * 5 ObservedRemoveSet  count:varint (text count:varint stamp*)* count:varint stamp*
 * 6 Counter            count:varint (writer:text up:varint down:varint)*
 * 7 CausalRegister     context:vector count:varint (stamp value:bytes)*
 * 8 MapLattice         count:varint (field:text lattice)*
 * stamp                counter:varint attempt:varint writer:text
 * vector               count:varint (writer:text counter:varint)*
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.anna.lattice;
