/**
 * Finds the libraries of a notebook, in a process of its own: {@link
 * hydrocell.resolver.ResolverMain} reads one request from standard input and writes one answer to
 * standard output.
 *
 * <pre>
 * int32 length, bytes of a ResolveRequest   →
 *                                           ← int32 length, bytes of a Resolution (RecordCodec)
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.resolver;
