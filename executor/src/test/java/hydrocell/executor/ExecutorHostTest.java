package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaException;
import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.Settings;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.ToExecutor;
import hydrocell.executor.run.TestNotebook;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real host with its processes, and kernels that lease executors of it. */
final class ExecutorHostTest {
  private static final byte[] ANNA_SECRET = {7};
  private static final byte[] SECRET = {8};
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;
  private StorageNode anna;
  private ExecutorHost host;
  private TestKernel kernel;

  @BeforeEach
  void startAnna() throws Exception {
    anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), ANNA_SECRET));
  }

  @AfterEach
  void stop() throws Exception {
    kernel.close();
    host.close();
    anna.close();
  }

  private void startHost(int warm, int max, Duration idleLease) throws Exception {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    host =
        ExecutorHost.start(
            new HostConfig(
                Endpoint.unix(folder.resolve("h.sock")),
                SECRET,
                Installation.here().command(Installation.Role.COMPILER),
                Installation.here().command(Installation.Role.EXECUTOR),
                Installation.here().command(Installation.Role.RESOLVER),
                folder,
                logs,
                anna.endpoint(),
                ANNA_SECRET,
                warm,
                max,
                idleLease,
                LONG,
                folder.resolve("scratch"),
                LimitPolicy.of(Settings.none(), Capacity.here()),
                MemoryReserve.of(Settings.none(), Capacity.here())),
            () -> {});
    kernel = new TestKernel(host.endpoint(), SECRET);
  }

  private TestNotebook notebook(String session, HostReply.Leased lease) throws Exception {
    TestNotebook notebook = new TestNotebook(session, anna.endpoint(), ANNA_SECRET);
    notebook.attach(lease);
    return notebook;
  }

  private String result(String session, String source) throws Exception {
    try (TestNotebook notebook = notebook(session, kernel.lease(session))) {
      return notebook.run(source).result();
    }
  }

  @Test
  void eachSessionHasAnExecutorOfItsOwnAndKeepsIt() throws Exception {
    startHost(1, 3, LONG);
    HostReply.Leased one = kernel.lease("one");
    HostReply.Leased other = kernel.lease("other");
    HostReply.Leased again = kernel.lease("one");
    assertTrue(one.fresh() && other.fresh());
    assertFalse(again.fresh());
    assertEquals(one.leaseId(), again.leaseId());
    assertNotEquals(one.executorId(), other.executorId());
  }

  @Test
  void aWrongSecretIsRefusedAndTheHostLives() throws Exception {
    startHost(1, 2, LONG);
    try (FrameConnection stranger = FrameConnection.connect(host.endpoint())) {
      assertThrows(
          IOException.class, () -> Handshake.open(stranger, "kernel", new byte[] {1, 2, 3}));
    }
    assertTrue(kernel.lease("one").fresh());
  }

  @Test
  void aLeaseOpensTheKeysOfItsSessionAlone() throws Exception {
    startHost(1, 2, LONG);
    HostReply.Leased lease = kernel.lease("one~1");
    byte[] token = HexFormat.of().parseHex(lease.annaToken());
    try (TestNotebook notebook = notebook("one", lease);
        NodeClient stolen = NodeClient.connect(anna.endpoint(), "thief", token)) {
      assertEquals("1", notebook.run("int x = 1; x").result());
      assertNotNull(stolen.get(new SessionKeys("one", 1).manifest()).get().lattice());
      assertForbidden(stolen.get(new SessionKeys("other", 1).manifest()));
      assertForbidden(stolen.scan(SessionKeys.ALL_SESSIONS, null, 10));
    }
  }

  @Test
  void aTokenIsRenewedWhileItsLeaseLasts() throws Exception {
    System.setProperty(LeaseTokens.LIFE_SECONDS, "15");
    try {
      startHost(1, 2, LONG);
    } finally {
      System.clearProperty(LeaseTokens.LIFE_SECONDS);
    }
    HostReply.Leased lease = kernel.lease("one");
    byte[] token = HexFormat.of().parseHex(lease.annaToken());
    try (TestNotebook notebook = notebook("one", lease)) {
      assertEquals("1", notebook.run("int x = 1; x").result());
      while (isTaken(token)) {
        notebook.run("x++;");
      }
      int earlier = Integer.parseInt(notebook.run("x").result());
      assertEquals(String.valueOf(earlier + 1), notebook.run("x++; x").result());
    }
  }

  private static void assertForbidden(CompletableFuture<?> answer) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> answer.get(60, TimeUnit.SECONDS));
    assertEquals(
        AnnaException.Reason.FORBIDDEN,
        assertInstanceOf(AnnaException.class, failure.getCause()).reason());
  }

  private boolean isTaken(byte[] token) throws IOException {
    try (NodeClient client = NodeClient.connect(anna.endpoint(), "thief", token)) {
      return true;
    } catch (Handshake.RefusedException e) {
      return false;
    }
  }

  @Test
  void anIdleLeaseEndsAndTheNextCellRunsAsIfNothingHadHappened() throws Exception {
    startHost(1, 3, Duration.ofMillis(100));
    assertEquals("1", result("busy", "var list = new ArrayList<>(List.of(1)); list.size()"));
    HostReply.LeaseEnded ended = kernel.awaitLeaseEnd();
    assertEquals("idle", ended.reason());
    assertEquals("[1, 2]", result("busy", "list.add(2); list"));
  }

  @Test
  void whatCannotBeStoredKeepsItsLease() throws Exception {
    startHost(1, 3, Duration.ofMillis(100));
    HostReply.Leased keeper = kernel.lease("keeper");
    try (TestNotebook notebook = notebook("keeper", keeper)) {
      notebook.run("var socket = new java.net.ServerSocket(0);");
      HostReply.Leased other = kernel.lease("other");
      try (TestNotebook second = notebook("other", other)) {
        second.run("int x = 1;");
      }
      assertEquals(other.leaseId(), kernel.awaitLeaseEnd().leaseId());
      assertEquals(keeper.leaseId(), kernel.lease("keeper").leaseId());
      assertEquals("false", notebook.run("socket.isClosed()").result());
    }
  }

  @Test
  void anExecutorKilledWhileIdleIsToldAndReplaced() throws Exception {
    startHost(1, 3, LONG);
    assertEquals("7", result("s", "int seven = 7; seven"));
    HostReply.Leased lease = kernel.lease("s");
    kernel.signal("KILL", kernel.executor(lease.executorId()).pid());
    HostReply.LeaseEnded ended = kernel.awaitLeaseEnd();
    assertEquals(lease.leaseId(), ended.leaseId());
    assertTrue(ended.reason().contains("signal 9"), ended::reason);
    assertEquals("8", result("s", "seven + 1"));
  }

  @Test
  void anExecutorKilledWhileItTakesALeaseHandsTheCellToAnother() throws Exception {
    startHost(1, 3, LONG);
    HostReply.ProcessStatus warm = kernel.awaitState("warm");
    kernel.stop(warm.pid());
    long request = kernel.ask("s");
    kernel.awaitState("adopting");
    kernel.signal("KILL", warm.pid());
    HostReply.Leased lease = assertInstanceOf(HostReply.Leased.class, kernel.answer(request));
    assertNotEquals(warm.name(), lease.executorId());
    assertEquals("2", result("s", "1 + 1"));
  }

  @Test
  void aCellStuckInANativeCallIsLostWithItsExecutorAndNothingElseIs() throws Exception {
    startHost(1, 3, LONG);
    HostReply.Leased lease = kernel.lease("s");
    long pid = kernel.executor(lease.executorId()).pid();
    try (TestNotebook notebook = notebook("s", lease)) {
      notebook.run("int n = 1;");
      notebook.start("n = 2; System.out.println(\"in\"); new java.net.ServerSocket(0).accept();");
      notebook.awaitOutput("in\n");
      assertEquals(lease.leaseId(), kernel.replace(lease.leaseId()).leaseId());
    }
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    assertEquals("1", result("s", "n"));
  }

  @Test
  void aDebuggedExecutorTakesAWarmOnesPlaceAndItsCellsCanBeStopped() throws Exception {
    startHost(1, 1, LONG);
    HostReply.ProcessStatus warm = kernel.awaitState("warm");
    try (TestDebugger debugger = new TestDebugger()) {
      debugger.accept();
      long request = kernel.askDebugged("me", "s", debugger.address());
      HostReply.Leased lease = assertInstanceOf(HostReply.Leased.class, kernel.answer(request));
      debugger.stopListening();
      assertNotEquals(warm.name(), lease.executorId());
      assertTrue(debugger.machine().canRedefineClasses());
      try (TestNotebook notebook = notebook("s", lease)) {
        notebook.run("int n = 1;");
        long endless = notebook.start("System.out.println(\"in\"); while (true) n++;");
        notebook.awaitOutput("in\n");
        assertFalse(debugger.machine().classesByName("hydrocell.api.CellRuntime").isEmpty());
        notebook.send(new ToExecutor.Interrupt(endless));
        assertInstanceOf(CellOutcome.Interrupted.class, notebook.finish(endless).outcome());
        debugger.close();
        assertEquals("7", notebook.run("n = 7; n").result());
      }
    }
  }

  @Test
  void anExecutorWhoseDebuggerIsGoneIsRefusedAndOthersAreServed() throws Exception {
    startHost(0, 1, LONG);
    try (TestDebugger gone = new TestDebugger()) {
      gone.stopListening();
      long debugged = kernel.askDebugged("me", "s", gone.address());
      HostReply.Failed refused = assertInstanceOf(HostReply.Failed.class, kernel.answer(debugged));
      assertTrue(refused.reason().contains("debugger"), refused::reason);
      assertEquals("2", result("s", "1 + 1"));
    }
  }

  @Test
  void theOwnerWithFewerExecutorsIsServedFirst() throws Exception {
    startHost(0, 2, LONG);
    HostReply.Leased first = kernel.leaseOf("greedy", "g1");
    kernel.leaseOf("greedy", "g2");
    long third = kernel.ask("greedy", "g3");
    long modest = kernel.ask("modest", "m1");
    kernel.replace(first.leaseId());
    HostReply.Leased next = assertInstanceOf(HostReply.Leased.class, kernel.answer(modest));
    assertFalse(kernel.isAnswered(third), "the greedy owner was served first");
    kernel.replace(next.leaseId());
    assertInstanceOf(HostReply.Leased.class, kernel.answer(third));
  }

  @Test
  void aKernelThatIsGoneWaitsForNoExecutor() throws Exception {
    startHost(0, 1, LONG);
    HostReply.Leased first = kernel.lease("first");
    try (TestKernel gone = new TestKernel(host.endpoint(), SECRET)) {
      gone.ask("gone");
      gone.awaitState("idle");
    }
    kernel.awaitKernels(1);
    long next = kernel.ask("next");
    kernel.replace(first.leaseId());
    assertInstanceOf(HostReply.Leased.class, kernel.answer(next));
  }

  @Test
  void moreNotebooksThanExecutorsAreAllAnswered() throws Exception {
    startHost(1, 2, LONG);
    int notebooks = 20;
    Set<String> results = new HashSet<>();
    try (ExecutorService pupils = Executors.newFixedThreadPool(notebooks)) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < notebooks; i++) {
        String session = "pupil" + i;
        String source = "int me = " + i + "; me";
        answers.add(pupils.submit(() -> runOnceLeased(session, source)));
      }
      for (Future<String> answer : answers) {
        results.add(answer.get());
      }
    }
    assertEquals(notebooks, results.size(), results::toString);
  }

  /** Over a connection of its own, as from a kernel of its own. */
  private String runOnceLeased(String session, String source) throws Exception {
    try (TestKernel own = new TestKernel(host.endpoint(), SECRET);
        TestNotebook notebook = notebook(session, own.lease(session))) {
      return notebook.run(source).result();
    }
  }
}
