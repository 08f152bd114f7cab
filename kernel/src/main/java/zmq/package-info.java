/**
 * One class of JeroMQ, written anew: {@link zmq.Signaler} takes the place of the library's, and so
 * has to stand before it in the class path. It goes when the library no longer needs it.
 */
@NullMarked
package zmq;

import org.jspecify.annotations.NullMarked;
