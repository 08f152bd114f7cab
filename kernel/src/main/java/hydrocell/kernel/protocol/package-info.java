/**
 * Jupyter's messages (protocol 5.5) and their signing; knows no sockets. {@link
 * hydrocell.kernel.protocol.JupyterMessage} is the central class.
 *
 * <pre>
 * frames = identity* "&lt;IDS|MSG&gt;" signature header parent_header metadata content buffer*
 * signature = lower-case hex of HMAC-SHA256(key, header parent_header metadata content), as received
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel.protocol;
