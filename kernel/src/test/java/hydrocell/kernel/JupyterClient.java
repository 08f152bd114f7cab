package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.channel.Subscriber;
import hydrocell.kernel.protocol.BadMessageException;
import hydrocell.kernel.protocol.ConnectionFile;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A front end for tests: one thread, real sockets, every wait bounded. */
final class JupyterClient implements AutoCloseable {
  private static final int LIMIT_MS = 20_000;

  private final ZContext context = new ZContext();
  private final MessageCodec codec;
  final ZMQ.Socket shell;
  final ZMQ.Socket control;
  final ZMQ.Socket iopub;
  final ZMQ.Socket heartbeat;

  JupyterClient(ConnectionFile file) {
    codec = new MessageCodec(file.key(), InstantSource.system());
    shell = open(SocketType.DEALER, file.address(file.shellPort()));
    control = open(SocketType.DEALER, file.address(file.controlPort()));
    heartbeat = open(SocketType.REQ, file.address(file.heartbeatPort()));
    iopub = Subscriber.open(context, file.address(file.iopubPort()));
    iopub.setReceiveTimeOut(LIMIT_MS);
  }

  private ZMQ.Socket open(SocketType type, String address) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setReceiveTimeOut(LIMIT_MS);
    socket.setLinger(0);
    socket.setHandshakeIvl(Subscriber.HANDSHAKE_LIMIT_MS);
    socket.connect(address);
    return socket;
  }

  /** A signed request; the frames can be spoilt before they are sent. */
  List<byte[]> frames(String type, ObjectNode content) {
    return codec.write(codec.make(List.of(), type, MessageCodec.object(), content));
  }

  static void send(ZMQ.Socket socket, List<byte[]> frames) {
    for (int i = 0; i < frames.size(); i++) {
      socket.send(frames.get(i), i + 1 < frames.size() ? ZMQ.SNDMORE : 0);
    }
  }

  /** Sends a request; its id. */
  String send(ZMQ.Socket socket, String type, ObjectNode content) {
    JupyterMessage message = codec.make(List.of(), type, MessageCodec.object(), content);
    send(socket, codec.write(message));
    return message.id();
  }

  /** Sends a request to a subshell; its id. */
  String sendTo(String subshell, String type, ObjectNode content) {
    JupyterMessage message = codec.make(List.of(), type, MessageCodec.object(), content);
    message.header().put("subshell_id", subshell);
    send(shell, codec.write(message));
    return message.id();
  }

  /** The next message; fails when none comes in time. */
  JupyterMessage receive(ZMQ.Socket socket) {
    List<byte[]> frames = new ArrayList<>();
    do {
      byte[] frame = socket.recv();
      if (frame == null) {
        throw new AssertionError("no message within " + LIMIT_MS + " ms");
      }
      frames.add(frame);
    } while (socket.hasReceiveMore());
    try {
      return codec.read(frames);
    } catch (BadMessageException e) {
      throw new AssertionError("the kernel sent a bad message", e);
    }
  }

  /** What is published about a request, up to its idle status. */
  List<JupyterMessage> published(String requestId) {
    List<JupyterMessage> messages = new ArrayList<>();
    while (true) {
      JupyterMessage message = receive(iopub);
      if (message.parent().path("msg_id").asText().equals(requestId)) {
        messages.add(message);
        if (message.content().path("execution_state").asText().equals("idle")) {
          return messages;
        }
      }
    }
  }

  /** Waits until the subscription has reached the kernel. */
  void awaitSubscription() {
    iopub.setReceiveTimeOut(100);
    try {
      for (int attempt = 0; attempt < 100; attempt++) {
        send(shell, "kernel_info_request", MessageCodec.object());
        receive(shell);
        if (iopub.recv() != null) {
          byte[] rest = iopub.recv();
          while (rest != null) {
            rest = iopub.recv();
          }
          return;
        }
      }
    } finally {
      iopub.setReceiveTimeOut(LIMIT_MS);
    }
    throw new AssertionError("the kernel publishes nothing");
  }

  @Override
  public void close() {
    context.close();
  }
}
