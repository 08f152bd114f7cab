/**
 * The debugger for cells: {@link hydrocell.kernel.debug.Debugger} speaks the Debug Adapter Protocol
 * with the front end, over the control channel, and JDI with the JVM of the cell executor. Nothing
 * here is loaded before a client asks for it, and JDI not before there is something to stop at.
 *
 * <pre>
 * debug_request → Debugger → Breakpoints, CodePlaces   where in which class to stop
 *                          → ExecutorMachine           JDI: events, stepping, going on
 *                          → PausedThread              frames, scopes, variables
 * debug_event   ← Debugger ← ExecutorMachine
 * </pre>
 *
 * A cell is known to the front end by a path made from the hash of its code; it is no file. One
 * thread owns all state of the debugger; what the executor's JVM says is handed to it. What is
 * shown of a suspended thread is read through JDI: no value of the user's comes into the kernel but
 * as the text that is shown.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel.debug;
