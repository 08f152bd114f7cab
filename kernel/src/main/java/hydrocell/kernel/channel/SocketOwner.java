package hydrocell.kernel.channel;

import hydrocell.cell.local.CauseText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * One socket and the only thread that touches it. It blocks until the socket has a message or
 * somebody has put one in its outgoing queue, which rings a bell: an inproc pair whose other end is
 * owned by a thread of its own lock. The thread is never interrupted: JeroMQ does not bear it.
 *
 * <p>Nothing here grows without end: who sends faster than the thread can hand over waits, and what
 * a peer leaves unread beyond the socket's high-water mark is dropped.
 */
final class SocketOwner {
  private static final Logger LOG = LoggerFactory.getLogger(SocketOwner.class);
  private static final byte[] RING = {1};
  private static final long CLOSE_LIMIT_MS = 2_000;
  private static final long LOOK_AGAIN_MS = 100;

  private static final int MAX_OUTGOING = 1_024;

  /** Replies that one client may leave unread. */
  private static final int MAX_UNREAD_REPLIES = 1_000;

  /** Published messages that one client may leave unread: a burst of displays must arrive. */
  private static final int MAX_UNREAD_PUBLISHED = 10_000;

  private final String name;
  private final String address;
  private final ZMQ.Socket socket;
  private final ZMQ.Socket bellOut;
  private final ZMQ.Socket bellIn;
  private final ZMQ.Poller poller;
  private final LinkedBlockingQueue<List<byte[]>> outgoing =
      new LinkedBlockingQueue<>(MAX_OUTGOING);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Thread owner;
  private volatile boolean closing;

  /** Opens and binds; throws ZMQException when the address is taken. */
  SocketOwner(ZContext context, SocketType type, String address, String name) {
    this.name = name;
    socket = context.createSocket(type);
    socket.setLinger(1_000);
    if (type == SocketType.ROUTER) {
      socket.setSndHWM(MAX_UNREAD_REPLIES);
      socket.setRouterHandover(true);
    } else {
      socket.setSndHWM(MAX_UNREAD_PUBLISHED);
      // Every subscriber is to be welcomed, not only the first of each topic.
      socket.setXpubVerbose(true);
    }
    bellIn = context.createSocket(SocketType.PAIR);
    bellOut = context.createSocket(SocketType.PAIR);
    bellIn.bind("inproc://bell-" + name);
    bellOut.connect("inproc://bell-" + name);
    if (!socket.bind(address)) {
      throw new IllegalStateException("cannot listen on " + address);
    }
    this.address = socket.getLastEndpoint();
    poller = context.createPoller(2);
    poller.register(socket, ZMQ.Poller.POLLIN);
    poller.register(bellIn, ZMQ.Poller.POLLIN);
  }

  /** Starts the thread; what comes in goes to {@code received}, on that thread. */
  void start(Consumer<List<byte[]>> received) {
    owner = Thread.ofPlatform().daemon().name(name).start(() -> run(received));
  }

  private void run(Consumer<List<byte[]>> received) {
    try {
      while (!closing || !outgoing.isEmpty()) {
        if (outgoing.isEmpty()) {
          poller.poll(-1);
        }
        drainBell();
        sendAll();
        List<byte[]> message = receive();
        while (message != null) {
          deliver(received, message);
          sendAll();
          message = receive();
        }
      }
      sendAll();
    } catch (ZMQException e) {
      LOG.error("the socket {} failed: {}", name, e.getMessage());
    } finally {
      socket.close();
      bellIn.close();
      ended.countDown();
    }
  }

  private void drainBell() {
    byte[] ring = bellIn.recv(ZMQ.DONTWAIT);
    while (ring != null) {
      ring = bellIn.recv(ZMQ.DONTWAIT);
    }
  }

  private void deliver(Consumer<List<byte[]>> received, List<byte[]> message) {
    try {
      received.accept(message);
    } catch (RuntimeException e) {
      LOG.error("a message on {} could not be handled: {}", name, CauseText.of(e));
    }
  }

  private @Nullable List<byte[]> receive() {
    byte[] frame = socket.recv(ZMQ.DONTWAIT);
    if (frame == null) {
      return null;
    }
    List<byte[]> frames = new ArrayList<>();
    frames.add(frame);
    while (socket.hasReceiveMore()) {
      byte[] next = socket.recv(0);
      if (next != null) {
        frames.add(next);
      }
    }
    return frames;
  }

  private void sendAll() {
    for (List<byte[]> frames = outgoing.poll(); frames != null; frames = outgoing.poll()) {
      transmit(frames);
    }
  }

  private void transmit(List<byte[]> frames) {
    for (int i = 0; i < frames.size(); i++) {
      socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
    }
  }

  /** Where it listens, with the port that a {@code *} became. */
  String address() {
    return address;
  }

  /** Hands a message over; any thread. Waits while too many wait already. */
  void send(List<byte[]> frames) {
    if (Thread.currentThread() == owner) {
      // It cannot wait for itself.
      sendAll();
      transmit(frames);
      return;
    }
    try {
      boolean taken = outgoing.offer(frames);
      while (!taken && ended.getCount() > 0) {
        taken = outgoing.offer(frames, LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      LOG.warn("a message on {} was not sent: its thread was interrupted", name);
      Thread.currentThread().interrupt();
    }
    ring();
  }

  private void ring() {
    synchronized (bellOut) {
      bellOut.send(RING, ZMQ.DONTWAIT);
    }
  }

  /** Sends what is left and ends the thread; gives up after a while. */
  void close() {
    closing = true;
    ring();
    try {
      if (!ended.await(CLOSE_LIMIT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("the socket {} did not close in time", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
