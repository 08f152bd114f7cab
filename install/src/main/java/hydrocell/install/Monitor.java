package hydrocell.install;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers {@code /metrics} in Prometheus' text format and {@code /health}, over HTTP on loopback.
 * What is told are figures: no value, name or secret of anybody's. Who reads slowly or connects too
 * often is cut off. Thread-safe.
 */
final class Monitor implements Closeable {
  private static final int BACKLOG = 16;
  private static final String MAX_CONNECTIONS = "64";
  private static final String LIMIT_S = "5";
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  private final HttpServer server;
  private final ExecutorService threads;

  private Monitor(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens.
   *
   * @param port 0 for a free one
   * @param metrics the page of {@code /metrics}
   * @param report what {@code /health} tells
   */
  static Monitor start(int port, Supplier<String> metrics, Supplier<NodeHealth.Report> report)
      throws IOException {
    // Read once, when the first server is made.
    System.setProperty("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    System.setProperty("sun.net.httpserver.maxReqTime", LIMIT_S);
    System.setProperty("sun.net.httpserver.maxRspTime", LIMIT_S);
    HttpServer server;
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    } catch (IOException e) {
      throw new IOException(
          "metrics.port = %d cannot be listened on (%s): choose another one in settings.properties, or 0 for a free one"
              .formatted(port, e.getMessage()),
          e);
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("monitor-", 0).factory());
    server.setExecutor(threads);
    server.createContext(
        "/metrics",
        exchange ->
            answer(exchange, "/metrics", OK, "text/plain; version=0.0.4; charset=utf-8", metrics));
    server.createContext("/health", exchange -> health(exchange, report));
    server.createContext("/", exchange -> answer(exchange, "/", NOT_FOUND, "text/plain", () -> ""));
    server.start();
    return new Monitor(server, threads);
  }

  /** Where it listens. */
  int port() {
    return server.getAddress().getPort();
  }

  private static void health(HttpExchange exchange, Supplier<NodeHealth.Report> report)
      throws IOException {
    NodeHealth.Report now = report.get();
    boolean healthy = now.problems().isEmpty();
    String body =
        "{\"healthy\": %s, \"problems\": %s, \"warnings\": %s}%n"
            .formatted(healthy, json(now.problems()), json(now.warnings()));
    answer(exchange, "/health", healthy ? OK : UNAVAILABLE, "application/json", () -> body);
  }

  private static String json(List<String> texts) {
    return texts.stream()
        .map(text -> '"' + escape(text) + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("[\\x00-\\x1f]", " ");
  }

  private static void answer(
      HttpExchange exchange, String path, int status, String type, Supplier<String> page)
      throws IOException {
    try (exchange) {
      int refusal = refusal(exchange, path);
      byte[] body = refusal == 0 ? page.get().getBytes(StandardCharsets.UTF_8) : new byte[0];
      exchange.getResponseHeaders().set("Content-Type", type);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(
          refusal == 0 ? status : refusal, head || body.length == 0 ? -1 : body.length);
      if (!head && body.length > 0) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  /** Why a request is refused, as a status; 0 when it is not. */
  private static int refusal(HttpExchange exchange, String path) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    String name = host == null ? "" : host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    if (!List.of("localhost", "127.0.0.1", "[::1]").contains(name)) {
      // A page of another site that had its name point here could read it otherwise.
      return FORBIDDEN;
    }
    if (!path.equals("/") && !exchange.getRequestURI().getPath().equals(path)) {
      return NOT_FOUND;
    }
    String method = exchange.getRequestMethod();
    return method.equals("GET") || method.equals("HEAD") ? 0 : METHOD_NOT_ALLOWED;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
