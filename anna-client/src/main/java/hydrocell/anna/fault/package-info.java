/**
 * Named places on the path of a cell at which a test can stop a process: {@link
 * hydrocell.anna.fault.FaultPoint}.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.anna.fault;
