package hydrocell.kernel.channel;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Opens subscribing sockets that work. JeroMQ 0.6.0 at times makes a connection and never begins to
 * speak on it (only the side that connects does so; see the project's pull request 1022). Other
 * sockets try again after their handshake's limit; a subscriber forgets what it subscribed to.
 */
public final class Subscriber {
  /** What connecting sockets of tests wait for a handshake. */
  public static final int HANDSHAKE_LIMIT_MS = 500;

  private static final int ATTEMPTS = 40;
  private static final String EVENTS = "inproc://subscriber-events-";

  private Subscriber() {}

  /** A socket that is subscribed to everything and whose handshake is done. */
  public static ZMQ.Socket open(ZContext context, String address) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      ZMQ.Socket socket = context.createSocket(SocketType.SUB);
      socket.setReconnectIVL(-1);
      socket.subscribe(new byte[0]);
      String name = EVENTS + System.identityHashCode(socket);
      socket.monitor(name, ZMQ.EVENT_HANDSHAKE_PROTOCOL);
      ZMQ.Socket events = context.createSocket(SocketType.PAIR);
      events.connect(name);
      events.setReceiveTimeOut(HANDSHAKE_LIMIT_MS);
      socket.connect(address);
      boolean spoke = ZMQ.Event.recv(events) != null;
      socket.monitor(null, 0);
      context.destroySocket(events);
      if (spoke) {
        return socket;
      }
      context.destroySocket(socket);
    }
    throw new AssertionError("no handshake with " + address);
  }
}
