package hydrocell.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.local.Folders;
import hydrocell.kernel.protocol.ConnectionFile;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kernel that can have no node, talked to over real sockets. */
@Timeout(60)
class KernelSocketsTest {
  @TempDir Path folder;
  private ConnectionFile file;
  private JupyterClient client;
  private Thread kernel;

  @BeforeEach
  void startKernel() throws IOException {
    file = connection();
    KernelMain main =
        new KernelMain(
            file,
            new LocalNode(new Folders(folder.resolve("data"), folder.resolve("run")), null),
            SessionIdentity.of(null, folder, "tester", file.kernelId()));
    kernel =
        Thread.ofPlatform()
            .daemon()
            .name("kernel-under-test")
            .start(() -> {
              try {
                main.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    client = new JupyterClient(file);
    client.awaitSubscription();
  }

  @AfterEach
  void stopKernel() throws InterruptedException {
    client.send(client.control, "shutdown_request", MessageCodec.object().put("restart", false));
    kernel.join(10_000);
    client.close();
    assertFalse(kernel.isAlive(), "the kernel did not shut down");
  }

  private static ConnectionFile connection() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        held.add(new ServerSocket(0));
      }
      int[] ports = held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
      return new ConnectionFile(
          "127.0.0.1",
          ports[0],
          ports[1],
          ports[2],
          ports[3],
          ports[4],
          "a key".getBytes(StandardCharsets.UTF_8),
          "test");
    } finally {
      for (ServerSocket each : held) {
        each.close();
      }
    }
  }

  private static ObjectNode none() {
    return MessageCodec.object();
  }

  private static List<String> shapes(List<JupyterMessage> messages) {
    return messages.stream()
        .map(m ->
            m.type().equals("status") ? m.content().path("execution_state").asText() : m.type())
        .toList();
  }

  @Test
  void saysWhatItIs() {
    String id = client.send(client.shell, "kernel_info_request", none());
    JupyterMessage reply = client.receive(client.shell);
    assertEquals("kernel_info_reply", reply.type());
    assertEquals(id, reply.parent().path("msg_id").asText());
    assertEquals("5.5", reply.content().path("protocol_version").asText());
    assertEquals("java", reply.content().path("language_info").path("name").asText());
    assertEquals(List.of("busy", "idle"), shapes(client.published(id)));
  }

  @Test
  void isBusyAndIdleOverRequestsThatItDoesNotKnow() {
    String id = client.send(client.shell, "future_request", none());
    assertEquals(List.of("busy", "idle"), shapes(client.published(id)));
    String onControl = client.send(client.control, "future_request", none());
    assertEquals(List.of("busy", "idle"), shapes(client.published(onControl)));
  }

  @Test
  void echoesTheHeartbeat() {
    client.heartbeat.send("ping");
    assertArrayEquals("ping".getBytes(StandardCharsets.UTF_8), client.heartbeat.recv());
  }

  @Test
  void livesThroughBadMessages() {
    List<byte[]> spoilt = new ArrayList<>(client.frames("kernel_info_request", none()));
    spoilt.set(1, "00".repeat(32).getBytes(StandardCharsets.US_ASCII));
    JupyterClient.send(client.shell, spoilt);
    JupyterClient.send(client.shell, List.of(new byte[] {1, 2, 3}));
    List<byte[]> once = client.frames("comm_info_request", none());
    JupyterClient.send(client.shell, once);
    JupyterClient.send(client.shell, once);
    String last = client.send(client.shell, "kernel_info_request", none());
    assertEquals("comm_info_reply", client.receive(client.shell).type());
    JupyterMessage reply = client.receive(client.shell);
    assertEquals("kernel_info_reply", reply.type(), "a replayed request was answered");
    assertEquals(last, reply.parent().path("msg_id").asText());
  }

  @Test
  void withoutANodeACellFailsAndSaysWhatToDo() {
    ObjectNode cell = none().put("code", "1 + 1").put("silent", false);
    String first = client.send(client.shell, "execute_request", cell);
    JupyterMessage reply = client.receive(client.shell);
    assertEquals("error", reply.content().path("status").asText());
    assertEquals("NodeError", reply.content().path("ename").asText());
    assertTrue(
        reply.content().path("evalue").asText().contains("kernelspec install"),
        () -> reply.content().toString());
    assertEquals(
        List.of("busy", "execute_input", "error", "idle"), shapes(client.published(first)));
  }

  @Test
  void silentCellsShowNothingButTheirStatus() {
    ObjectNode cell = none().put("code", "1 + 1").put("silent", true);
    String id = client.send(client.shell, "execute_request", cell);
    assertEquals(List.of("busy", "idle"), shapes(client.published(id)));
  }

  @Test
  void closesCommsThatNobodyKnows() {
    String id =
        client.send(client.shell, "comm_open", none().put("comm_id", "c").put("target_name", "x"));
    assertEquals(List.of("busy", "comm_close", "idle"), shapes(client.published(id)));
  }

  @Test
  void welcomesEverySubscriber() {
    for (int i = 0; i < 2; i++) {
      try (JupyterClient another = new JupyterClient(file)) {
        JupyterMessage welcome = another.receive(another.iopub);
        assertEquals("iopub_welcome", welcome.type());
        assertEquals("", welcome.content().path("subscription").asText("none"));
        assertTrue(welcome.parent().isEmpty(), () -> welcome.parent().toString());
      }
    }
  }

  @Test
  void knowsWithoutANodeWhatItCanKnowOfCompleteness() {
    client.send(client.shell, "is_complete_request", none().put("code", "%history 3"));
    assertEquals("complete", client.receive(client.shell).content().path("status").asText());
    client.send(client.shell, "is_complete_request", none().put("code", "int x ="));
    assertEquals("unknown", client.receive(client.shell).content().path("status").asText());
  }

  private JupyterMessage askControl(String type, ObjectNode content) {
    client.send(client.control, type, content);
    return client.receive(client.control);
  }

  @Test
  void makesListsAndDeletesSubshells() {
    String id =
        askControl("create_subshell_request", none()).content().path("subshell_id").asText();
    ObjectNode list = askControl("list_subshell_request", none()).content();
    assertEquals(1, list.path("subshell_id").size());
    assertEquals(id, list.path("subshell_id").path(0).asText());

    String asked = client.sendTo(id, "kernel_info_request", none());
    JupyterMessage reply = client.receive(client.shell);
    assertEquals("kernel_info_reply", reply.type());
    assertEquals(id, reply.parent().path("subshell_id").asText());
    assertEquals("kernel subshells", reply.content().path("supported_features").path(1).asText());
    assertEquals(List.of("busy", "idle"), shapes(client.published(asked)));

    ObjectNode which = none().put("subshell_id", id);
    assertEquals(
        "ok", askControl("delete_subshell_request", which).content().path("status").asText());
    assertEquals(
        "error", askControl("delete_subshell_request", which).content().path("status").asText());
    assertEquals(
        0, askControl("list_subshell_request", none()).content().path("subshell_id").size());
    client.sendTo(id, "kernel_info_request", none());
    assertEquals("NoSubshell", client.receive(client.shell).content().path("ename").asText());
  }

  @Test
  void completesMagicsWithCursorsInCodePoints() {
    String code = "// 😀\n%hist";
    String id =
        client.send(
            client.shell,
            "complete_request",
            none().put("code", code).put("cursor_pos", code.codePointCount(0, code.length())));
    ObjectNode reply = client.receive(client.shell).content();
    assertEquals("%history", reply.path("matches").path(0).asText());
    assertEquals(5, reply.path("cursor_start").asInt());
    assertEquals(10, reply.path("cursor_end").asInt());
    assertEquals(List.of("busy", "idle"), shapes(client.published(id)));
  }

  @Test
  void interruptIsAnsweredWhenNothingRuns() {
    client.send(client.control, "interrupt_request", none());
    assertEquals("interrupt_reply", client.receive(client.control).type());
  }

  @Test
  void theAnswerToAShutdownArrives() throws InterruptedException {
    String id =
        client.send(
            client.control, "shutdown_request", MessageCodec.object().put("restart", false));
    JupyterMessage reply = client.receive(client.control);
    assertEquals("shutdown_reply", reply.type());
    assertEquals(List.of("busy", "idle"), shapes(client.published(id)));
    kernel.join(10_000);
    assertFalse(kernel.isAlive());
  }
}
