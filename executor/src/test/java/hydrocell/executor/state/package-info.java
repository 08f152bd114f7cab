@org.jspecify.annotations.NullMarked
package hydrocell.executor.state;
