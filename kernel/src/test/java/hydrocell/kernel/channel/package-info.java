/** Tests of the sockets by themselves. */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel.channel;
