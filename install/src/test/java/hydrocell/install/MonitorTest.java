package hydrocell.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.NodeFile;
import hydrocell.executor.HostFigures;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's own account of itself, over HTTP; the host's part is played. */
final class MonitorTest {
  private static final long SEED = 5;

  @TempDir Path temp;
  private Folders folders;
  private LocalNode node;
  private int port;
  private volatile @Nullable HostFigures figures = figures(true, true, true);
  private final HttpClient client = HttpClient.newHttpClient();

  private static HostFigures figures(boolean canLease, boolean canCompile, boolean canProcess) {
    HostFigures.Waits waits =
        new HostFigures.Waits(List.of(15L, 1_000L), List.of(3L, 2L, 1L), 4_500_000_000L);
    return new HostFigures(
        7,
        Map.of("busy", 2L, "warm", 1L),
        32,
        1 << 20,
        4,
        2_500_000_000L,
        waits,
        9,
        1,
        2,
        3,
        false,
        canLease,
        50,
        20,
        canCompile,
        canProcess);
  }

  private final class PlayedHost implements LocalNode.Host {
    private final Endpoint endpoint;

    PlayedHost(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public Endpoint endpoint() {
      return endpoint;
    }

    @Override
    public boolean inUse() {
      return true;
    }

    @Override
    public @Nullable HostFigures figures() {
      return figures;
    }

    @Override
    public void close() {
      figures = null;
    }
  }

  @BeforeEach
  void start() throws Exception {
    folders = Folders.of(Map.of("HYDROCELL_HOME", temp.resolve("h").toString()), "Linux", temp);
    node =
        LocalNode.start(
            folders,
            Machine.here(),
            "test",
            0,
            null,
            (at, anna, secret, stop) -> new PlayedHost(at),
            () -> {},
            made -> {});
    port = NodeFile.read(folders.nodeFile()).metricsPort();
  }

  @AfterEach
  void stop() {
    client.close();
    node.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    HttpResponse<String> page = get("/metrics");
    assertEquals(200, page.statusCode());
    assertTrue(page.headers().firstValue("Content-Type").orElse("").contains("version=0.0.4"));
    List<String> lines = page.body().lines().toList();
    for (String line : lines) {
      assertTrue(
          line.matches("# (HELP|TYPE) hydrocell_[a-z_]+ .+")
              || line.matches("hydrocell_[a-z_]+(\\{[a-z]+=\"[^\"]+\"})? [-+0-9.e]+"),
          line);
    }
    for (String expected :
        List.of(
            "hydrocell_up 1",
            "hydrocell_disk_writable 1",
            "hydrocell_kernels 7",
            "hydrocell_executors{state=\"busy\"} 2",
            "hydrocell_queue_length 4",
            "hydrocell_queue_oldest_seconds 2.50000",
            "hydrocell_executor_losses_total 2",
            "hydrocell_executor_failed_starts_total 1",
            "hydrocell_lease_wait_seconds_bucket{le=\"0.0150000\"} 3",
            "hydrocell_lease_wait_seconds_bucket{le=\"1.00000\"} 5",
            "hydrocell_lease_wait_seconds_bucket{le=\"+Inf\"} 6",
            "hydrocell_lease_wait_seconds_count 6",
            "hydrocell_compile_cache_hits_total 20",
            "hydrocell_log_refused_writes_total 0")) {
      assertTrue(lines.contains(expected), () -> expected + " is not in\n" + page.body());
    }
    String secret = java.util.HexFormat.of().formatHex(NodeFile.read(folders.nodeFile()).secret());
    assertFalse(page.body().contains(secret));
    assertFalse(page.body().contains(System.getProperty("user.name")));
  }

  @Test
  void healthTellsWhatIsWrong() throws Exception {
    HttpResponse<String> well = get("/health");
    assertEquals(200, well.statusCode());
    assertEquals("{\"healthy\": true, \"problems\": [], \"warnings\": []}", well.body().strip());

    figures = figures(false, true, true);
    HttpResponse<String> noLeases = get("/health");
    assertEquals(503, noLeases.statusCode());
    assertTrue(noLeases.body().contains("executors do not start"), noLeases.body());
    figures = figures(true, false, true);
    assertTrue(get("/health").body().contains("compile service does not start"));
    figures = figures(true, true, false);
    HttpResponse<String> noProcessors = get("/health");
    assertEquals(200, noProcessors.statusCode());
    assertTrue(noProcessors.body().contains("annotation processors"), noProcessors.body());
    figures = null;
    assertTrue(get("/health").body().contains("host does not answer"));
    assertTrue(get("/metrics").body().contains("hydrocell_up 0"));

    figures = figures(true, true, true);
    Path away = folders.anna().resolveSibling("away");
    Files.move(folders.anna(), away);
    HttpResponse<String> noDisk = get("/health");
    Files.move(away, folders.anna());
    assertEquals(503, noDisk.statusCode());
    assertTrue(noDisk.body().contains("cannot be written"), noDisk.body());
    assertEquals(200, get("/health").statusCode());
  }

  @Test
  void whoComesWithAnotherSitesNameOrMethodIsRefused() throws Exception {
    assertEquals(404, get("/").statusCode());
    assertEquals(404, get("/metrics/x").statusCode());
    HttpRequest post =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertEquals(405, client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "GET /metrics HTTP/1.0\r\nHost: evil.example\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.contains(" 403 ") && !answer.contains("hydrocell_up"), answer);
    }
  }

  @Test
  void garbageAndSlowClientsDoNotKeepOthersWaiting() throws Exception {
    Random random = new Random(SEED);
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        slow.add(socket);
        socket.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
      }
      for (int i = 0; i < 500; i++) {
        byte[] garbage = new byte[random.nextInt(200)];
        random.nextBytes(garbage);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            OutputStream out = socket.getOutputStream()) {
          out.write(garbage);
          out.write('\n');
        } catch (java.io.IOException e) {
          // It was cut off, which is an answer, too.
          assertNotNull(e);
        }
      }
      assertEquals(200, get("/health").statusCode());
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }
}
