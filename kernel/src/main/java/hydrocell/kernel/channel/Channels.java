package hydrocell.kernel.channel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.protocol.BadMessageException;
import hydrocell.kernel.protocol.ConnectionFile;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;

/**
 * Jupyter's five channels. Sending is possible from any thread and keeps the order of one thread's
 * messages on one channel; what comes in is given to the handlers on the channel's own thread.
 * Thread-safe.
 */
public final class Channels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

  private static final byte SUBSCRIBES = 1;
  private static final long DROPS_LOGGED = 20;

  private final ZContext context = new ZContext();
  private final MessageCodec codec;
  private final SocketOwner shell;
  private final AtomicLong dropped = new AtomicLong();
  private final SocketOwner control;
  private final SocketOwner stdin;
  private final SocketOwner iopub;
  private final SocketOwner heartbeat;

  /** Binds every socket. Throws ZMQException when an address is taken. */
  public Channels(ConnectionFile file, MessageCodec codec) {
    this.codec = codec;
    context.setLinger(0);
    heartbeat = open(SocketType.ROUTER, file, file.heartbeatPort(), "heartbeat");
    shell = open(SocketType.ROUTER, file, file.shellPort(), "shell");
    control = open(SocketType.ROUTER, file, file.controlPort(), "control");
    stdin = open(SocketType.ROUTER, file, file.stdinPort(), "stdin");
    iopub = open(SocketType.XPUB, file, file.iopubPort(), "iopub");
  }

  private SocketOwner open(SocketType type, ConnectionFile file, int port, String name) {
    return new SocketOwner(context, type, file.address(port), name);
  }

  /** Starts to receive. */
  public void start(
      Consumer<JupyterMessage> onShell,
      Consumer<JupyterMessage> onControl,
      Consumer<JupyterMessage> onStdin) {
    heartbeat.start(heartbeat::send);
    iopub.start(this::welcome);
    stdin.start(frames -> read(frames, onStdin, "stdin"));
    control.start(frames -> read(frames, onControl, "control"));
    shell.start(frames -> read(frames, onShell, "shell"));
  }

  /** Tells a front end that from now on it misses nothing (JEP 65). On the iopub thread. */
  private void welcome(List<byte[]> frames) {
    byte[] subscription = frames.getFirst();
    if (frames.size() != 1 || subscription.length == 0 || subscription[0] != SUBSCRIBES) {
      return;
    }
    byte[] topic = Arrays.copyOfRange(subscription, 1, subscription.length);
    ObjectNode content =
        MessageCodec.object().put("subscription", new String(topic, StandardCharsets.UTF_8));
    publish(codec.make(List.of(topic), "iopub_welcome", MessageCodec.object(), content));
  }

  private void read(List<byte[]> frames, Consumer<JupyterMessage> handler, String channel) {
    try {
      handler.accept(codec.read(frames));
    } catch (BadMessageException e) {
      long count = dropped.incrementAndGet();
      // Who sends a million of them must not fill the log as well.
      if (count <= DROPS_LOGGED || Long.bitCount(count) == 1) {
        LOG.warn("dropped a message on {} (number {}): {}", channel, count, e.getMessage());
      }
    }
  }

  /** Answers on the shell channel. */
  public void sendShell(JupyterMessage message) {
    shell.send(codec.write(message));
  }

  /** Answers on the control channel. */
  public void sendControl(JupyterMessage message) {
    control.send(codec.write(message));
  }

  /** Asks the user. */
  public void sendStdin(JupyterMessage message) {
    stdin.send(codec.write(message));
  }

  /** Publishes to every front end. */
  public void publish(JupyterMessage message) {
    iopub.send(codec.write(message));
  }

  /** Sends what is left and closes the sockets. */
  @Override
  public void close() {
    shell.close();
    control.close();
    stdin.close();
    iopub.close();
    heartbeat.close();
    context.close();
  }
}
