/**
 * The rules between modules: {@link hydrocell.architecture.DependencyDirectionsTest} reads the
 * compiled classes.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.architecture;
