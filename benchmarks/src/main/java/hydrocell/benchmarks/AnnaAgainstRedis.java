package hydrocell.benchmarks;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.Endpoint;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One storage node and one redis-server, each a process of its own on TCP loopback, under the same
 * load in the same run: 50 connections, 64 requests under way on each, values of 100 bytes, one
 * writer a key. Prints a Markdown table. Arguments: [rounds].
 */
public final class AnnaAgainstRedis {
  private static final int CLIENTS = 50;
  private static final int IN_FLIGHT = 64;
  private static final byte[] SECRET = {1};

  private AnnaAgainstRedis() {}

  /** Runs the comparison, or with {@code node FOLDER} the node's process. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2 && arguments[0].equals("node")) {
      serve(Path.of(arguments[1]));
      return;
    }
    int rounds = arguments.length == 1 ? Integer.parseInt(arguments[0]) : 300;
    Path folder = Files.createTempDirectory("anna-bench");
    Process redis = null;
    Process node = null;
    try {
      int redisPort = freePort();
      redis = startRedis(folder, redisPort);
      node = startNode(folder.resolve("anna"));
      Endpoint anna =
          new Endpoint(
              new String(node.getInputStream().readNBytes(64), StandardCharsets.UTF_8).strip());
      compare(rounds, anna, redisPort);
      values(anna);
    } finally {
      stop(node);
      stop(redis);
      delete(folder);
    }
  }

  private static void serve(Path folder) throws IOException {
    StorageNode node =
        StorageNode.start(StorageConfig.local(folder, Endpoint.tcp("127.0.0.1", 0), SECRET));
    System.out.printf("%-63s%n", node.endpoint());
    int last = System.in.read();
    while (last >= 0) {
      last = System.in.read();
    }
    node.close();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Process startRedis(Path folder, int port) throws IOException {
    Process process =
        new ProcessBuilder(
                "redis-server",
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--dir",
                folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        return process;
      } catch (IOException e) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
    throw new IOException("redis-server did not start");
  }

  private static Process startNode(Path folder) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            AnnaAgainstRedis.class.getName(),
            "node",
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void compare(int rounds, Endpoint anna, int redisPort) throws Exception {
    Load warm = new Load(CLIENTS, IN_FLIGHT, Math.max(1, rounds / 3));
    Load load = new Load(CLIENTS, IN_FLIGHT, rounds);
    System.out.println("| 50 clients × 64 in flight, 100 B | redis | anna | anna / redis |");
    System.out.println("|---|---|---|---|");
    for (boolean writes : new boolean[] {true, false}) {
      warm.run(client -> new RedisClient(redisPort, client, writes));
      warm.run(client -> frames(anna, client, writes));
      double redis = load.run(client -> new RedisClient(redisPort, client, writes));
      double ours = load.run(client -> frames(anna, client, writes));
      System.out.printf(
          "| %s, requests/s | %,.0f | %,.0f | %.2f |%n",
          writes ? "set (append-only file, everysec) / merge (log)" : "get",
          redis,
          ours,
          ours / redis);
    }
  }

  private static AnnaFrames frames(Endpoint anna, int client, boolean writes) throws IOException {
    InetSocketAddress address = (InetSocketAddress) anna.address();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    return new AnnaFrames(
        socket, socket.getInputStream(), socket.getOutputStream(), SECRET, "k/", client, writes);
  }

  private static void values(Endpoint anna) throws Exception {
    byte[] bytes = new byte[80_000_000];
    new Random(1).nextBytes(bytes);
    try (AnnaClient client = NodeClient.connect(anna, "benchmark", SECRET)) {
      for (int i = 0; i < 4; i++) {
        long at = System.nanoTime();
        client
            .putValue(Key.of("big", "" + i), List.of(ByteBuffer.wrap(bytes)), Durability.LOG)
            .get();
        double put = (System.nanoTime() - at) / 1e6;
        at = System.nanoTime();
        client.readValue(Key.of("big", "" + i)).get().readAll();
        System.out.printf(
            "80 MB value: put %.0f ms, get %.0f ms%n", put, (System.nanoTime() - at) / 1e6);
      }
    }
  }

  private static void stop(@Nullable Process process) throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  /** The redis protocol, as much as SET and GET need. */
  private static final class RedisClient implements Load.Client {
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final int client;
    private final boolean writes;
    private int next;

    RedisClient(int port, int client, boolean writes) throws IOException {
      this.client = client;
      this.writes = writes;
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      out = socket.getOutputStream();
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    @Override
    public void round(int count) throws IOException {
      StringBuilder block = new StringBuilder();
      for (int i = 0; i < count; i++) {
        String key = "k/" + client + "/" + next++ % AnnaFrames.KEYS_PER_CLIENT;
        block.append(writes ? "*3\r\n$3\r\nSET\r\n$" : "*2\r\n$3\r\nGET\r\n$");
        block.append(key.length()).append("\r\n").append(key).append("\r\n");
        if (writes) {
          block.append("$100\r\n").repeat('x', AnnaFrames.VALUE_BYTES).append("\r\n");
        }
      }
      out.write(block.toString().getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < count; i++) {
        skip();
      }
    }

    private void skip() throws IOException {
      String line = line();
      if (line.startsWith("$") && !line.equals("$-1")) {
        in.skipNBytes(Integer.parseInt(line.substring(1)) + 2L);
      } else if (line.startsWith("-")) {
        throw new IOException(line);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\r'; c = in.read()) {
        line.append((char) c);
      }
      in.read();
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
