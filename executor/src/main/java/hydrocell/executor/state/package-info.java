/**
 * Values between Anna and the fields of generated classes. {@link
 * hydrocell.executor.state.SessionState} is the central type: it loads what a cell reads, finds
 * what it changed and commits that; {@link hydrocell.executor.state.SessionLoader} holds the
 * classes.
 *
 * <p>One value holds the objects of one co-variable group ({@link
 * hydrocell.executor.state.ValueEncoder}, {@link hydrocell.executor.state.ValueDecoder}). Objects
 * stand in the order in which they are complete, parts before wholes, so that reading needs neither
 * recursion nor a second pass; an object that is part of a cycle is announced first and filled
 * later. Numbers are big endian; a varint is as in {@code hydrocell.anna.wire}.
 *
 * <pre>
 * value   = 'H' 'C' version:u8=1 jdk:varint step* END:u8=0
 * step    = OBJECT:u8=1 class primitives parts       takes the next object number
 *         | SHELL:u8=2 class size:varint             takes the next object number; filled by a later step;
 *                                                    size is an array's length, else 0
 *         | FILL:u8=3 number:varint primitives parts the rest of a shell
 *         | ROOT:u8=4 name:text slot                 the value of a name
 * class   = number:varint                            when it is the next unused one, a definition follows
 *           (name:text sha256:text shape:u8 fields)  sha256 is empty for classes that no cell made
 * fields  = count:varint (owner:varint name:text descriptor:text)*   shape FIELDS and RECORD only;
 *                                                    owner counts from the class upwards
 * parts   = count:varint slot*
 * primitives = those fields in order, 1, 2, 4 or 8 bytes each; for a primitive array
 *           count:varint elements, little endian
 * slot    = NULL | STRING… | TRUE | FALSE | BYTE … DOUBLE | CLASS class | ENUM class name:text
 *         | REF delta:zigzag                         object number, against the slot's predecessor
 *         | LEAF kind:varint text                    a value of the JDK that never changes
 * </pre>
 *
 * <p>A value's hash covers all of its bytes; the manifest's entry holds it, and bytes that do not
 * match it are refused before anything is made of them.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.executor.state;
