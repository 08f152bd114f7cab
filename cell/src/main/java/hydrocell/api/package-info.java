/**
 * What a cell may call: {@link hydrocell.api.Hydrocell}, whose methods every cell sees without an
 * import. {@link hydrocell.api.CellRuntime} is what generated code calls.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.api;
