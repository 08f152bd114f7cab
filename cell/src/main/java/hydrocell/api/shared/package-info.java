/**
 * Objects over lattices that many notebooks change at once; {@link hydrocell.api.shared.Shared}
 * makes them. They hold a name. What they do is done by the executor through {@link
 * hydrocell.api.shared.Lattices}.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.api.shared;
