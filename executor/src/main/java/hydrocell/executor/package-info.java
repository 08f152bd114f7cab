/**
 * The pool of cell executors of one machine: {@link hydrocell.executor.ExecutorHost} leases them to
 * sessions, one at a time, and ends them with the lease.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.executor;
