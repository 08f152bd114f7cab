package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.message.FromExecutor;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cells show while they run, in a real executor process. */
final class DisplayTest {
  private static final byte[] SECRET = {7};

  @TempDir static Path folder;
  private static StorageNode anna;
  private static ExecutorProcess executor;
  private static TestNotebook notebook;

  @BeforeAll
  static void start() throws Exception {
    anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), SECRET));
    executor = new ExecutorProcess(folder, "x", "-Xmx192m");
    notebook = new TestNotebook("s1", anna.endpoint(), SECRET);
    notebook.attach(executor.endpoint, ExecutorProcess.TOKEN);
  }

  @AfterAll
  static void stop() throws Exception {
    notebook.close();
    executor.close();
    anna.close();
  }

  private static List<FromExecutor.Display> shown(TestNotebook.Ran ran) {
    return ran.heard().stream()
        .filter(FromExecutor.Display.class::isInstance)
        .map(FromExecutor.Display.class::cast)
        .toList();
  }

  private static List<FromExecutor.Display> show(String source) throws Exception {
    TestNotebook.Ran ran = notebook.run(source);
    assertInstanceOf(CellOutcome.Returned.class, ran.outcome(), ran::toString);
    return shown(ran);
  }

  private static String text(FromExecutor.Display display) {
    return String.valueOf(display.bundle().data().get("text/plain"));
  }

  @Test
  void whatIsShownCanBeUpdatedByAnotherCell() throws Exception {
    FromExecutor.Display first =
        show("var view = show(\"first\"); String id = display(1);").getFirst();
    List<FromExecutor.Display> later = show("view.update(\"second\"); updateDisplay(id, 2);");
    assertEquals("second", text(later.getFirst()));
    assertTrue(later.getFirst().update());
    assertEquals(first.displayId(), later.getFirst().displayId());
    assertEquals("2", text(later.get(1)));
  }

  @Test
  void theFormMayStandBeforeTheValueAsInOtherKernels() throws Exception {
    List<FromExecutor.Display> shown =
        show(
            """
            display("<b>x</b>", "text/html");
            String id = display("html", Map.of(1, "one"));
            updateDisplay(id, "markdown", "**two**");
            """);
    assertEquals("<b>x</b>", shown.get(0).bundle().data().get("text/html"));
    assertTrue(
        String.valueOf(shown.get(1).bundle().data().get("text/html")).contains("one"),
        shown::toString);
    assertEquals("**two**", shown.get(2).bundle().data().get("text/markdown"));
  }

  @Test
  void printIsThatOfGanymedeUntilTheNotebookHasOne() throws Exception {
    assertEquals("three", text(show("print(\"three\"); System.out.print(1);").getFirst()));
    assertEquals(
        "mine 4", text(show("void print(int n) { display(\"mine \" + n); } print(4);").getFirst()));
    assertEquals("mine 5", text(show("print(5);").getFirst()));
  }

  @Test
  void anErrorThatIsAValueNamesItsLineByTheCell() throws Exception {
    String shown =
        String.valueOf(
            notebook.run("Exception made() { return new Exception(\"x\"); }\nmade()").result());
    assertTrue(shown.startsWith("java.lang.Exception: x\n    at made, line 1"), shown);
    assertTrue(shown.endsWith("\n    at a cell, line 2"), shown);
  }

  @Test
  void payloadsGoWithTheReply() throws Exception {
    TestNotebook.Ran ran = notebook.run("nextCell(\"1 + 1\"); page(html(\"<b>x</b>\"));");
    List<String> payloads =
        ran.heard().stream()
            .filter(FromExecutor.Payload.class::isInstance)
            .map(m -> ((FromExecutor.Payload) m).json())
            .toList();
    assertEquals(
        "{\"source\":\"set_next_input\",\"text\":\"1 + 1\",\"replace\":false}",
        payloads.getFirst());
    assertTrue(payloads.get(1).contains("\"text/html\":\"<b>x</b>\""), payloads.get(1));
  }

  @Test
  void aLoopShowsHowFarItIsAndWhereItEnded() throws Exception {
    List<FromExecutor.Display> shown =
        show("long sum = 0; for (int i : progress(1_000_000, \"adding\")) sum += i; sum");
    assertTrue(text(shown.getFirst()).contains("0/1,000,000"), text(shown.getFirst()));
    assertTrue(text(shown.getLast()).contains("1,000,000/1,000,000"), text(shown.getLast()));
    assertTrue(text(shown.getLast()).contains("took"), text(shown.getLast()));
    assertEquals(1, shown.stream().filter(d -> !d.update()).count());
  }

  @Test
  void loopsOfLoopsTakeTheSamePlaces() throws Exception {
    List<FromExecutor.Display> shown =
        show(
            "for (var a : progress(List.of(1, 2, 3, 4))) { for (var b : progress(3, \"in\")) ; for (var c : progress(2)) ; }");
    assertEquals(3, ids(shown).size());
    assertEquals(3, shown.stream().filter(d -> !d.update()).count());
  }

  private static Set<String> ids(List<FromExecutor.Display> shown) {
    return shown.stream().map(FromExecutor.Display::displayId).collect(Collectors.toSet());
  }

  @Test
  void aLoopThatIsLeftEarlyKeepsItsLastState() throws Exception {
    List<FromExecutor.Display> shown =
        show("for (var a : progress(List.of(1, 2, 3))) if (a == 2) break; Optional.empty();");
    assertTrue(text(shown.getLast()).contains("1/3"), text(shown.getLast()));
    assertTrue(text(shown.getLast()).contains("took"), text(shown.getLast()));
  }

  @Test
  void streamsCountOnAllTheirThreads() throws Exception {
    List<FromExecutor.Display> shown =
        show("progress(IntStream.range(0, 200_000).parallel(), \"par\").mapToLong(i -> i).sum();");
    assertTrue(text(shown.getLast()).contains("200,000/200,000"), text(shown.getLast()));
    assertEquals("3", notebook.run("progress(List.of(1, 2, 3).stream(), \"\").count()").result());
  }

  @Test
  void anInterruptEndsALoopThatShowsItself() throws Exception {
    long id = notebook.start("for (var i : progress(Long.MAX_VALUE, \"long\")) ;");
    notebook.until(m -> m instanceof FromExecutor.Display shown && shown.update());
    notebook.send(new hydrocell.cell.message.ToExecutor.Interrupt(id));
    TestNotebook.Ran ran = notebook.finish(id);
    assertInstanceOf(CellOutcome.Interrupted.class, ran.outcome());
    assertTrue(text(shown(ran).getLast()).contains("took"), ran::toString);
    assertEquals("2", notebook.run("1 + 1").result());
  }
}
