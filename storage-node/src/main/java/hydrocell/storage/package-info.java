/**
 * A storage node of Anna: {@link hydrocell.storage.StorageNode} listens, {@link
 * hydrocell.storage.RequestHandler} reads requests on the connection's event loop and hands each to
 * the {@link hydrocell.storage.Shard} that owns its key. A shard is one thread with its own map and
 * its own log: nothing on the path of a request is shared.
 *
 * <p>A node serves one person, or everybody on a machine: {@link hydrocell.storage.KeySpace} says
 * what a connection's keys mean, {@link hydrocell.storage.PersonKeys} for one of several people.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.storage;
