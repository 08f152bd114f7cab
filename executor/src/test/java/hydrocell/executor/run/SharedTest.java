package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.CellOutcome;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared lattices in cells of several notebooks, each with an executor process of its own. */
final class SharedTest {
  private static final byte[] SECRET = {7};

  @TempDir Path folder;
  private StorageNode anna;
  private final List<ExecutorProcess> executors = new ArrayList<>();
  private final List<TestNotebook> notebooks = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), SECRET));
  }

  @AfterEach
  void stop() throws Exception {
    for (TestNotebook notebook : notebooks) {
      notebook.close();
    }
    for (ExecutorProcess executor : executors) {
      if (executor.process.isAlive()) {
        executor.close();
      }
    }
    anna.close();
  }

  private TestNotebook notebook(String session) throws Exception {
    TestNotebook notebook = new TestNotebook(session, anna.endpoint(), SECRET);
    notebook.answersNames = true;
    notebooks.add(notebook);
    ExecutorProcess executor =
        new ExecutorProcess(folder, "x" + (executors.size() + 1), "-Xmx160m");
    executors.add(executor);
    notebook.attach(executor.endpoint, ExecutorProcess.TOKEN);
    return notebook;
  }

  private static void ok(TestNotebook.Ran ran) {
    assertInstanceOf(CellOutcome.Returned.class, ran.outcome(), ran::toString);
  }

  @Test
  void everyKindIsSeenByTheOtherNotebookWhenTheCellHasEnded() throws Exception {
    TestNotebook one = notebook("s1");
    TestNotebook two = notebook("s2");
    ok(one.run("var hits = Shared.counter(\"hits\"); hits.add(5); hits.decrement();"));
    ok(one.run("var names = Shared.<String>set(\"names\"); names.add(\"a\"); names.add(\"b\");"));
    ok(one.run("Shared.max(\"best\").offer(-3); Shared.max(\"best\").offer(-7);"));
    ok(one.run("SharedMap<String, Integer> ages = Shared.map(\"ages\"); ages.put(\"x\", 1);"));
    ok(one.run("Shared.log(\"log\").add(List.of(1, \"two\", 3.5));"));
    assertEquals("4", two.run("var hits = Shared.counter(\"hits\"); hits.value()").result());
    ok(two.run("Shared.set(\"names\").remove(\"a\"); Shared.set(\"names\").add(\"c\");"));
    assertEquals("[b, c]", one.run("names.values()").result());
    assertEquals("true", one.run("names.contains(\"b\") && !names.contains(\"a\")").result());
    assertEquals("OptionalLong[-3]", two.run("Shared.max(\"me/best\").value()").result());
    ok(two.run("Shared.<String, Integer>map(\"ages\").put(\"x\", 2);"));
    assertEquals("[2]", one.run("ages.versions(\"x\")").result());
    ok(two.run("Shared.<String>log(\"log\").add(\"later\");"));
    assertEquals("[[1, two, 3.5], later]", one.run("Shared.log(\"log\").values()").result());
    assertEquals("4", one.run("hits").result());
    // However often it is added to, a counter is one number.
    ok(one.run("for (int i = 0; i < 150_000; i++) hits.increment();"));
    assertEquals("150004", two.run("hits.value()").result());
    assertEquals("true", one.run("hits.equals(Shared.counter(\"hits\"))").result());
  }

  @Test
  void aCellSeesOneStateAndItsOwnChangesOnly() throws Exception {
    TestNotebook one = notebook("s1");
    TestNotebook two = notebook("s2");
    one.allowStdin = true;
    long waiting =
        one.start(
            "var c = Shared.counter(\"c\"); SharedMap<String, Integer> m = Shared.map(\"m\");"
                + "long before = c.value(); m.put(\"k\", 1); System.out.println(\"reading\");"
                + "System.in.read(); c.add(1); System.out.println(before + \" \" + c.value());");
    one.awaitOutput("reading");
    assertEquals("{}", two.run("Shared.map(\"m\").values()").result());
    ok(two.run("Shared.counter(\"c\").add(10); Shared.map(\"m\").put(\"k\", 2);"));
    one.send(new hydrocell.cell.message.ToExecutor.InputReply(waiting, "x"));
    TestNotebook.Ran ran = one.finish(waiting);
    assertTrue(ran.out().contains("0 1"), ran::toString);
    assertEquals("11", two.run("Shared.counter(\"c\").value()").result());
    assertEquals("2", two.run("Shared.map(\"m\").versions(\"k\").size()").result());
    assertEquals(
        one.run("m.get(\"k\")").result(), two.run("Shared.map(\"m\").get(\"k\")").result());
  }

  @Test
  void aHundredWritersInFourNotebooksLoseNothing() throws Exception {
    List<TestNotebook> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(notebook("s" + i));
    }
    for (int round = 0; round < 5; round++) {
      List<Long> started = new ArrayList<>();
      for (TestNotebook each : all) {
        started.add(
            each.start(
                "var c = Shared.counter(\"c\"); var s = Shared.<String>set(\"s\");"
                    + "try (var pool = Executors.newFixedThreadPool(25)) {"
                    + "for (int i = 0; i < 25; i++) { int n = i; pool.submit(() -> {"
                    + "for (int k = 0; k < 20; k++) { c.add(1); }"
                    + "s.add(UUID.randomUUID().toString()); Shared.log(\"l\").add(n); }); } }"));
      }
      for (int i = 0; i < all.size(); i++) {
        ok(all.get(i).finish(started.get(i)));
      }
    }
    assertEquals("10000", all.getFirst().run("Shared.counter(\"c\").value()").result());
    assertEquals("500", all.get(1).run("Shared.set(\"s\").size()").result());
    assertEquals("500", all.get(2).run("Shared.log(\"l\").size()").result());
  }

  @Test
  void whatThrewCountsOnceAndWhatIsOnlyLookedAtNever() throws Exception {
    TestNotebook one = notebook("s1");
    assertInstanceOf(
        CellOutcome.Threw.class,
        one.run("Shared.counter(\"c\").add(3); if (true) throw new RuntimeException();").outcome());
    one.commits = false;
    TestNotebook.Ran refused = one.run("Shared.counter(\"c\").add(100)");
    assertInstanceOf(CellOutcome.Threw.class, refused.outcome(), refused::toString);
    assertEquals("3", one.run("Shared.counter(\"c\").value()").result());
    one.commits = true;
    TestNotebook.Ran wrong = one.run("Shared.set(\"c\").add(\"x\");");
    assertTrue(
        assertInstanceOf(CellOutcome.Threw.class, wrong.outcome())
            .error()
            .message()
            .contains("use another name"),
        wrong::toString);
    assertInstanceOf(
        CellOutcome.Threw.class, one.run("Shared.log(\"l\").add(new Object());").outcome());
  }

  @Test
  void anExecutorThatDiesBeforeItsCommitSharesNothingAndAfterItEverything() throws Exception {
    TestNotebook one = notebook("s1");
    ok(one.run("int x = 1; var c = Shared.counter(\"c\"); c.add(1);"));
    die(one, FaultPoint.EXECUTOR_BEFORE_MERGE, "c.add(10);");
    one = notebook("s1");
    assertEquals("1", one.run("c.value()").result());
    die(one, FaultPoint.EXECUTOR_AFTER_MERGE, "c.add(100);");
    one = notebook("s1");
    assertEquals("101", one.run("c.value()").result());
    ok(one.run("c.add(1000);"));
    assertEquals("1101", one.run("c.value()").result());
  }

  /** Kills a notebook's executor when its cell has come to this point. */
  private void die(TestNotebook notebook, FaultPoint point, String source) throws Exception {
    Files.createFile(folder.resolve(point + ".armed"));
    notebook.start(source);
    Path reached = folder.resolve(point + ".reached");
    long deadlineNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(reached) && System.nanoTime() < deadlineNs) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    assertTrue(Files.exists(reached), point + " was not reached");
    executors.get(notebooks.indexOf(notebook)).process.destroyForcibly().waitFor();
  }
}
