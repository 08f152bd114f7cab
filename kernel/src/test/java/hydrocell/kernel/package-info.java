/** Tests of the kernel, seen as a Jupyter client sees it: through its sockets. */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel;
