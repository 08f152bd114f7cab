package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.message.CommMessage;
import hydrocell.cell.message.FromExecutor;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Comms in executor processes: state that outlives them, and calls that commit. */
final class CommTest {
  private static final byte[] SECRET = {7};

  @TempDir Path folder;
  private StorageNode anna;
  private ExecutorProcess executor;
  private TestNotebook notebook;
  private int executors;

  @BeforeEach
  void start() throws Exception {
    anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), SECRET));
    notebook = new TestNotebook("s1", anna.endpoint(), SECRET);
    notebook.answersNames = true;
    freshExecutor();
  }

  @AfterEach
  void stop() throws Exception {
    notebook.close();
    executor.close();
    anna.close();
  }

  private void freshExecutor() throws Exception {
    if (executor != null) {
      notebook.disconnect();
      executor.close();
    }
    executor = new ExecutorProcess(folder, "x" + ++executors, "-Xmx192m");
    notebook.attach(executor.endpoint, ExecutorProcess.TOKEN);
  }

  private static List<CommMessage> said(TestNotebook.Ran ran) {
    assertInstanceOf(CellOutcome.Returned.class, ran.outcome(), ran::toString);
    return ran.heard().stream()
        .filter(FromExecutor.Comm.class::isInstance)
        .map(m -> ((FromExecutor.Comm) m).message())
        .toList();
  }

  private static CommMessage message(String id, String data, byte[]... buffers) {
    return new CommMessage(CommMessage.Kind.MESSAGE, id, "", data, "{}", List.of(buffers));
  }

  private static CommMessage open(String id, String target) {
    return new CommMessage(CommMessage.Kind.OPEN, id, target, "{\"first\":1}", "{}", List.of());
  }

  @Test
  void aHandlerRunsInAnotherExecutorOnTheSessionsStateAndCommits() throws Exception {
    notebook.run("int total = 1; List<Object> log = new ArrayList<>();");
    CommMessage opened =
        said(notebook.run(
                "var comm = Comm.open(\"mine\", Map.of(\"a\", 1)); comm.onMessage(e -> { total += 41; log.add(e.fields().get(\"v\")); comm.send(Map.of(\"total\", total)); });"))
            .getFirst();
    assertEquals("{\"a\":1}", opened.data());
    assertEquals("mine", opened.target());
    freshExecutor();
    List<CommMessage> answer = said(notebook.take(message(opened.commId(), "{\"v\":\"x\"}")));
    assertEquals("{\"total\":42}", answer.getFirst().data());
    freshExecutor();
    assertEquals("42[x]", notebook.run("total + \"\" + log").result());
    assertEquals("true", notebook.run("comm.isOpen()").result());
  }

  @Test
  void theManifestNamesOpenCommsWithTheirTargets() throws Exception {
    notebook.run("Comm kept = Comm.open(\"one\", null); Comm.open(\"two\", null);");
    List<Entry> comms = notebook.manifest.find(List.of(Name.kept("comm/*")));
    assertEquals(2, comms.size());
    assertEquals(
        List.of("one", "two"), comms.stream().map(e -> e.symbol().type()).sorted().toList());
    assertEquals("comm_close", said(notebook.run("kept.close();")).getFirst().kind().type());
    assertEquals(1, notebook.manifest.find(List.of(Name.kept("comm/*"))).size());
  }

  @Test
  void aCommIsOneObjectWithTheVariableThatHoldsIt() throws Exception {
    notebook.run("var comm = Comm.open(\"t\", null); var alias = List.of(comm);");
    freshExecutor();
    assertEquals("true", notebook.run("alias.get(0) == comm").result());
    String id = notebook.run("comm.id()").result();
    notebook.run("int seen = 0; comm.onMessage(e -> seen++);");
    freshExecutor();
    notebook.take(message(id, "{}"));
    notebook.take(message(id, "{}"));
    assertEquals("2", notebook.run("seen").result());
  }

  @Test
  void thePageOpensWhatACellRegistered() throws Exception {
    notebook.run(
        "Comm.target(\"echo\", (comm, opened) -> { comm.send(opened.data()); comm.onMessage(e -> comm.send(e.data(), e.buffers().get(0))); });");
    freshExecutor();
    assertEquals("{\"first\":1}", said(notebook.take(open("c1", "echo"))).getFirst().data());
    freshExecutor();
    CommMessage echoed = said(notebook.take(message("c1", "[1]", new byte[] {1, 2}))).getFirst();
    assertEquals("[1]", echoed.data());
    assertEquals(2, echoed.buffers().getFirst().length);
    said(notebook.take(new CommMessage(CommMessage.Kind.CLOSE, "c1", "", "{}", "{}", List.of())));
    assertNull(notebook.manifest.get(Name.kept("comm/c1")));
  }

  @Test
  void whatNobodyRegisteredIsClosedAndWhatIsUnknownIsNothing() throws Exception {
    CommMessage answer = said(notebook.take(open("c1", "nobody"))).getFirst();
    assertEquals(CommMessage.Kind.CLOSE, answer.kind());
    assertEquals("c1", answer.commId());
    assertEquals(List.of(), said(notebook.take(message("never", "{}"))));
  }

  @Test
  void aHandlerThatThrowsKeepsWhatItDidBefore() throws Exception {
    notebook.run(
        "int steps = 0; var comm = Comm.open(\"t\", null); comm.onMessage(e -> { steps = 7; throw new IllegalStateException(\"no\"); });");
    String id = notebook.run("comm.id()").result();
    TestNotebook.Ran ran = notebook.take(message(id, "{}"));
    CellOutcome.Threw threw = assertInstanceOf(CellOutcome.Threw.class, ran.outcome());
    assertEquals("no", threw.error().message());
    assertTrue(threw.error().traceback().get(1).contains("cell [1]"), threw.error()::toString);
    assertEquals("7", notebook.run("steps").result());
  }

  @Test
  void aMessageThatOnlyMovesACommIsNoStepToGoBackBy() throws Exception {
    notebook.run(
        "class Box { int n; } var box = new Box(); int total = 0; var comm = Comm.open(\"t\", null); var held = Map.of(\"box\", box, \"comm\", comm); comm.onMessage(e -> { if (e.data() == null) box.n++; else total++; });");
    String id = notebook.run("comm.id()").result();
    int steps = notebook.manifest.traces().size();
    notebook.take(message(id, "null"));
    assertEquals(steps, notebook.manifest.traces().size());
    assertEquals("1", notebook.run("box.n").result());
    notebook.take(message(id, "1"));
    assertEquals(steps + 1, notebook.manifest.traces().size());
    assertEquals(Commit.Ending.RETURNED, notebook.manifest.traces().iterator().next().ending());
  }

  @Test
  void anInterruptEndsAHandler() throws Exception {
    notebook.run(
        "var comm = Comm.open(\"t\", null); comm.onMessage(e -> { System.out.println(\"in\"); while (true); });");
    String id = notebook.run("comm.id()").result();
    long request = notebook.start(message(id, "{}"));
    notebook.awaitOutput("in\n");
    notebook.send(new hydrocell.cell.message.ToExecutor.Interrupt(request));
    assertInstanceOf(CellOutcome.Interrupted.class, notebook.finish(request).outcome());
    assertEquals("2", notebook.run("1 + 1").result());
  }

  @Test
  void whatCannotBeStoredSaysSoWithoutTheNameOfAComm() throws Exception {
    TestNotebook.Ran ran =
        notebook.run(
            "Thread thread = new Thread(() -> {}); Thread local() { return thread; } Comm.open(\"t\", null).onMessage(new Comm.Handler() { Thread held = local(); public void take(CommEvent e) { System.out.println(held.getName()); } });");
    CellOutcome.Returned done = assertInstanceOf(CellOutcome.Returned.class, ran.outcome());
    String notices = String.join("\n", done.committed().notices());
    assertTrue(notices.contains(".onMessage.held is a java.lang.Thread"), notices);
    assertTrue(!notices.contains("comm/"), notices);
  }
}
