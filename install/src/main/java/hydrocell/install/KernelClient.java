package hydrocell.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * The least of a Jupyter client: one kernel process, one request at a time. Set-up uses it to work
 * with a notebook before there is any Python. Used by one thread.
 */
final class KernelClient implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CHANNELS = List.of("shell", "iopub", "stdin", "control", "hb");
  private static final long EXIT_LIMIT_S = 20;
  private static final int HANDSHAKE_LIMIT_MS = 500;

  private final Process process;
  private final byte[] key;
  private final ZContext context = new ZContext();
  private final ZMQ.Socket shell;
  private final ZMQ.Socket control;
  private final ZMQ.Socket iopub;
  private final String session = UUID.randomUUID().toString();

  private KernelClient(Process process, byte[] key, List<Integer> ports) {
    this.process = process;
    this.key = key;
    context.setLinger(0);
    shell = connect(SocketType.DEALER, ports.get(0));
    iopub = connect(SocketType.SUB, ports.get(1));
    iopub.subscribe(ZMQ.SUBSCRIPTION_ALL);
    control = connect(SocketType.DEALER, ports.get(3));
  }

  private ZMQ.Socket connect(SocketType type, int port) {
    ZMQ.Socket socket = context.createSocket(type);
    socket.setReconnectIVL(10);
    // JeroMQ at times never begins to speak on a connection that it made; it tries again then.
    socket.setHandshakeIvl(HANDSHAKE_LIMIT_MS);
    socket.connect("tcp://127.0.0.1:" + port);
    return socket;
  }

  /**
   * Starts a kernel; the connection file is appended to the command.
   *
   * @param builder command, folder and environment of the kernel
   * @param connectionFile is written
   */
  static KernelClient start(ProcessBuilder builder, Path connectionFile) throws IOException {
    String key = UUID.randomUUID().toString();
    List<Integer> ports = freePorts(CHANNELS.size());
    ObjectNode connection =
        JSON.createObjectNode()
            .put("transport", "tcp")
            .put("ip", "127.0.0.1")
            .put("signature_scheme", "hmac-sha256")
            .put("key", key);
    for (int i = 0; i < ports.size(); i++) {
      connection.put(CHANNELS.get(i) + "_port", ports.get(i));
    }
    Files.write(connectionFile, JSON.writeValueAsBytes(connection));
    builder.command().add(connectionFile.toString());
    return new KernelClient(builder.start(), key.getBytes(StandardCharsets.UTF_8), ports);
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  /** The kernel's process. */
  Process process() {
    return process;
  }

  /** Asks on the shell channel and waits for the reply's content. */
  JsonNode ask(String type, ObjectNode content, long limitS) throws IOException {
    return ask(shell, type, content, limitS);
  }

  /** Runs a cell and waits for its reply. */
  JsonNode execute(String code, long limitS) throws IOException {
    ObjectNode content =
        JSON.createObjectNode()
            .put("code", code)
            .put("silent", false)
            .put("store_history", true)
            .put("allow_stdin", false)
            .put("stop_on_error", false);
    content.putObject("user_expressions");
    return ask("execute_request", content, limitS);
  }

  /** An empty content. */
  static ObjectNode nothing() {
    return JSON.createObjectNode();
  }

  private JsonNode ask(ZMQ.Socket socket, String type, ObjectNode content, long limitS)
      throws IOException {
    String id = UUID.randomUUID().toString();
    ObjectNode header =
        JSON.createObjectNode()
            .put("msg_id", id)
            .put("session", session)
            .put("username", "hydrocell")
            .put("date", java.time.Instant.now().toString())
            .put("msg_type", type)
            .put("version", "5.5");
    send(socket, header, content);
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(limitS);
    while (System.nanoTime() < deadlineNs) {
      drainIopub();
      socket.setReceiveTimeOut(50);
      byte[] frame = socket.recv();
      if (frame == null) {
        if (!process.isAlive()) {
          throw new IOException("the kernel ended with exit code " + process.exitValue());
        }
        continue;
      }
      List<byte[]> frames = new ArrayList<>(List.of(frame));
      while (socket.hasReceiveMore()) {
        frames.add(socket.recv());
      }
      int at = 0;
      while (!new String(frames.get(at), StandardCharsets.UTF_8).equals("<IDS|MSG>")) {
        at++;
      }
      if (id.equals(JSON.readTree(frames.get(at + 3)).path("msg_id").asText())) {
        return JSON.readTree(frames.get(at + 5));
      }
    }
    throw new IOException("no answer to " + type + " within " + limitS + " s");
  }

  private void drainIopub() {
    while (iopub.recv(ZMQ.DONTWAIT) != null) {
      continue;
    }
  }

  private void send(ZMQ.Socket socket, ObjectNode header, ObjectNode content) throws IOException {
    List<byte[]> parts =
        List.of(
            JSON.writeValueAsBytes(header),
            JSON.writeValueAsBytes(nothing()),
            JSON.writeValueAsBytes(nothing()),
            JSON.writeValueAsBytes(content));
    String signature;
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      parts.forEach(mac::update);
      signature = HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
    socket.sendMore("<IDS|MSG>");
    socket.sendMore(signature);
    for (int i = 0; i < parts.size(); i++) {
      socket.send(parts.get(i), i + 1 < parts.size() ? ZMQ.SNDMORE : 0);
    }
  }

  /** Asks the kernel to end, and waits until it has. */
  void shutDown() throws IOException, InterruptedException {
    ask(control, "shutdown_request", JSON.createObjectNode().put("restart", false), EXIT_LIMIT_S);
    if (!process.waitFor(EXIT_LIMIT_S, TimeUnit.SECONDS)) {
      throw new IOException("the kernel did not end");
    }
  }

  /** Kills the kernel if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    context.close();
  }
}
