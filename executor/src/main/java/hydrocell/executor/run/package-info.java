/**
 * The process that runs cells. {@link hydrocell.executor.run.CellExecutor} takes a kernel's
 * requests, one cell after the other: read from Anna, run, commit to Anna.
 *
 * <p>Threads: a receive loop per connection; one work thread that prepares and commits; a fresh
 * thread for the user's code of every cell, so that a stop on its way to one cell cannot reach the
 * next; one output thread, the only one that sends. A {@link hydrocell.executor.run.Gate} keeps
 * stops out of our code on the user's threads.
 *
 * <p>Lines on the standard output that the host gave this process start with U+0001; what native
 * code writes to descriptors 1 and 2 goes elsewhere ({@link hydrocell.executor.run.NativeStreams}):
 *
 * <pre>
 * ready ENDPOINT
 * adopted                    the environment and working directory of the lease are in place
 * cannot adopt REASON        they are not: the host starts a process with them instead
 * stays                      it was asked to retire, and has a cell
 * busy EPOCH CELL CPU-NS     a cell begins; processor time of the process so far
 * ran EPOCH CELL NS CPU-NS READ-BYTES WRITTEN-BYTES    what it used, once it has ended
 * idle UNSTORABLE THREADS    1 or 0; how many threads of the user's live
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.executor.run;
