/**
 * The messages between kernel, executor host, compile service and cell executor. A frame is one
 * message: {@link hydrocell.cell.message.Messages} writes and reads them. Each connection starts
 * with {@link hydrocell.anna.wire.Handshake}.
 *
 * <pre>
 * kernel  → host      HostRequest   lease, release, replace, status            answered by HostReply
 * host    → kernel    HostReply     also unasked: LeaseEnded
 * kernel  → compiler  CompileRequest                                           answered by CompileReply
 * kernel  → executor  ToExecutor    execute, interrupt, input, names
 * executor → kernel   FromExecutor  started, stream, display, input wanted, names wanted, done
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.cell.message;
