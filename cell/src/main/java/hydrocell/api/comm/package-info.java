/**
 * Comms: {@link hydrocell.api.comm.Comm} is one end of a channel between cells and the page, the
 * other end is JavaScript of an extension. Every cell sees these types without an import.
 *
 * <pre>{@code
 * Comm.target("echo", (comm, opened) ->
 *     comm.onMessage(message -> comm.send(message.data())));
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.api.comm;
