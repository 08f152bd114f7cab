/**
 * The local node as kernels find it: {@link hydrocell.cell.local.NodeFile} in the folders that
 * {@link hydrocell.cell.local.Folders} names.
 *
 * <pre>
 * DATA/node.properties   0600: pid, host, boot, build, anna endpoint, host endpoint, secret
 * DATA/node.lock         locked by the node for its whole life
 * DATA/start.lock        locked by a kernel while it starts a node
 * DATA/log/              logs of node, compile service and executors
 * DATA/settings.properties  what the operator has set; not needed
 * DATA/scratch/          temporary files of cells, a folder an executor
 * DATA/anna/             the store
 * RUN/                   Unix sockets, 0700
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.cell.local;
