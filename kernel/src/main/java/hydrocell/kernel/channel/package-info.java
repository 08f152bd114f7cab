/**
 * The kernel's ZeroMQ sockets. {@link hydrocell.kernel.channel.Channels} opens them; each is owned
 * by one thread, and others hand it what is to be sent.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel.channel;
