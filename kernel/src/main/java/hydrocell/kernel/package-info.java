/**
 * The Jupyter kernel: {@link hydrocell.kernel.KernelMain} starts it, {@link
 * hydrocell.kernel.ShellHandler} answers requests, and {@link hydrocell.kernel.CellPipeline} takes
 * a cell from source to commit. It compiles nothing, runs no user code and touches no value.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel;
