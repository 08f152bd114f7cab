package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.ToExecutor;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real executor process against a real storage node. */
final class CellExecutorTest {
  private static final byte[] SECRET = {7};
  private static final String SAYS_THAT_IT_RUNS = "System.out.println(\"in\"); ";

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

  private static ErrorReport errorOf(String source) throws Exception {
    return assertInstanceOf(CellOutcome.Threw.class, notebook.run(source).outcome()).error();
  }

  private static void assertStillRuns() throws Exception {
    assertEquals("2", notebook.run("1 + 1").result());
  }

  @Test
  void aCellReturnsItsLastExpressionAndStreamsWhatItPrints() throws Exception {
    TestNotebook.Ran ran = notebook.run("System.out.println(\"héllo\");\nint x = 3;\nx + 1");
    assertEquals("héllo\n", ran.out());
    assertEquals("4", ran.result());
    assertEquals("9", notebook.run("x * x").result());
  }

  @Test
  void aRequestThatComesTwiceRunsOnce() throws Exception {
    notebook.run("int times = 0;");
    notebook.sendsTwice = true;
    long id = notebook.start("System.out.println(\"once\"); times++;");
    notebook.sendsTwice = false;
    assertEquals("once\n", notebook.finish(id).out());
    TestNotebook.Ran after = notebook.run("times");
    assertEquals("1", after.result());
    assertEquals("", after.out());
    assertFalse(
        after.heard().stream()
            .anyMatch(m -> m instanceof FromExecutor.Finished f && f.requestId() == id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boolean go = true; while (go);",
        "Thread.sleep(600_000);",
        "java.util.regex.Pattern.matches(\"a?\".repeat(60) + \"a\".repeat(60), \"a\".repeat(59));",
        "BigInteger.valueOf(3).pow(400_000_000);",
        "LongStream.range(0, Long.MAX_VALUE).sum()",
        "LongStream.range(0, Long.MAX_VALUE).parallel().sum()",
        "boolean go = true; while (go) { try { Thread.sleep(10_000); } catch (Throwable t) { } }",
        "boolean go = true; while (go) { try { while (go); } catch (Throwable t) { } }",
        "boolean go = true; while (go) { System.out.println(\"again\"); }",
        "Object lock = new Object(); synchronized (lock) { lock.wait(); }",
        "new java.io.PipedInputStream(new java.io.PipedOutputStream()).read();",
        "Thread t = new Thread(() -> { while (true); }); t.start(); t.join();"
      })
  void anInterruptStopsAnything(String source) throws Exception {
    long id = notebook.start(SAYS_THAT_IT_RUNS + source);
    notebook.awaitOutput("in\n");
    notebook.send(new ToExecutor.Interrupt(id));
    assertInstanceOf(CellOutcome.Interrupted.class, notebook.finish(id).outcome());
    assertStillRuns();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class Alone { static int n = loop(); } // Alone",
        "class First { static int n = Needed.n; } class Needed { static int n = loop(); } // Needed",
        "interface Constants { int n = loop(); } // Constants",
        "enum Kinds { ONE; static int n = loop(); } // Kinds",
      })
  void anInterruptStopsStaticInitialisers(String types) throws Exception {
    notebook.run("boolean go = true;");
    notebook.run("int loop() { " + SAYS_THAT_IT_RUNS + "while (go); return 5; }");
    long id = notebook.start(types);
    notebook.awaitOutput("in\n");
    notebook.send(new ToExecutor.Interrupt(id));
    assertInstanceOf(CellOutcome.Interrupted.class, notebook.finish(id).outcome());
    assertStillRuns();
    notebook.run("go = false;");
    String type = types.substring(types.indexOf("// ") + 3);
    assertTrue(Set.of("0", "5").contains(notebook.run(type + ".n").result()));
  }

  @Test
  void whatAnInterruptedCellDidBeforeIsKept() throws Exception {
    notebook.run("int steps = 0;");
    long id = notebook.start("steps = 5; " + SAYS_THAT_IT_RUNS + "while (true) Thread.sleep(1);");
    notebook.awaitOutput("in\n");
    notebook.send(new ToExecutor.Interrupt(id));
    notebook.finish(id);
    assertEquals("5", notebook.run("steps").result());
  }

  @Test
  void aCellThatWaitsForALineIsInterrupted() throws Exception {
    notebook.allowStdin = true;
    long id = notebook.start("new Scanner(System.in).nextLine()");
    notebook.until(FromExecutor.InputWanted.class::isInstance);
    notebook.send(new ToExecutor.Interrupt(id));
    assertInstanceOf(CellOutcome.Interrupted.class, notebook.finish(id).outcome());
    assertStillRuns();
  }

  @Test
  void aLineIsAskedForAndRead() throws Exception {
    notebook.allowStdin = true;
    long id = notebook.start("new Scanner(System.in).nextLine() + \"!\"");
    notebook.until(FromExecutor.InputWanted.class::isInstance);
    notebook.send(new ToExecutor.InputReply(id, "grüße"));
    assertEquals("grüße!", notebook.finish(id).result());
  }

  @Test
  void whereNobodyCanAnswerReadingSaysSo() throws Exception {
    notebook.allowStdin = false;
    CellOutcome outcome = notebook.run("System.in.read()").outcome();
    ErrorReport error = assertInstanceOf(CellOutcome.Threw.class, outcome).error();
    assertTrue(
        error.message().toLowerCase(java.util.Locale.ROOT).contains("input"), error::toString);
  }

  @Test
  void exitEndsTheCellAndNotTheExecutor() throws Exception {
    ErrorReport error = errorOf("int before = 1; System.exit(4);");
    assertTrue(error.message().contains("System.exit(4)"), error::message);
    assertEquals("1", notebook.run("before").result());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boolean go = true; { var all = new ArrayList<long[]>(); while (go) all.add(new long[1 << 20]); }",
        "int down(int n) { return down(n + 1) + 1; } down(0)"
      })
  void wantOfMemoryOrStackCostsTheCell(String source) throws Exception {
    ErrorReport error = errorOf(source);
    assertTrue(error.name().endsWith("Error"), error::name);
    assertStillRuns();
  }

  @Test
  void aCellThatLeavesNoMemoryToSaveItIsUndoneAndTheNextOneRuns() throws Exception {
    notebook.run("var kept = new HashMap<Integer, String>(); int round = 1;");
    CellOutcome outcome =
        notebook.run("round = 2; while (true) kept.put(kept.size(), \"v\" + round);").outcome();
    ErrorReport error = assertInstanceOf(CellOutcome.CommitFailed.class, outcome).error();
    assertTrue(error.name().contains("OutOfMemoryError"), error::name);
    assertEquals("1 0", notebook.run("round + \" \" + kept.size()").result());
  }

  @Test
  void anErrorWhoseOwnMethodsFailIsStillTheCellsError() throws Exception {
    String fails = "{ throw new IllegalStateException(\"in here\"); }";
    ErrorReport message =
        errorOf(
            "class Mute extends Exception { public String getMessage() %s }\nthrow new Mute();"
                .formatted(fails));
    assertEquals("Mute", message.name());
    assertTrue(message.message().contains("IllegalStateException"), message::message);
    ErrorReport cause =
        errorOf(
            "class Odd extends Error { public synchronized Throwable getCause() %s }\nthrow new Odd();"
                .formatted(fails));
    assertEquals("Odd", cause.name());
    ErrorReport frames =
        errorOf(
            "class Bare extends Error { public StackTraceElement[] getStackTrace() { return null; } }\n"
                + "throw new Bare();");
    assertEquals("Bare", frames.name());
  }

  @Test
  void tracesNameTheCellsLinesKeepCausesAndHideWhatIsOurs() throws Exception {
    ErrorReport error =
        errorOf(
            """
            void inner() { throw new IllegalStateException("deep"); }
            try {
              inner();
            } catch (RuntimeException e) {
              throw new java.io.IOException("outside", e);
            }
            """);
    String text = String.join("\n", error.traceback());
    assertEquals("java.io.IOException", error.name());
    assertTrue(text.contains("outside") && text.contains("Caused by"), text);
    String plain = text.replaceAll("\u001B\\[[0-9;]*m", "").replaceAll("cell \\[\\d+]", "cell [N]");
    assertEquals(
        """
        java.io.IOException: outside
            at cell [N], line 5
              → throw new java.io.IOException("outside", e);
        Caused by: java.lang.IllegalStateException: deep
            at inner (cell [N], line 1)
              → void inner() { throw new IllegalStateException("deep"); }
            at cell [N], line 3
              → inner();\
        """,
        plain);
    assertFalse(text.contains("hydrocell.") || text.contains("jdk.internal"), text);
  }

  @Test
  void tracesFoldWhatCausesShareAndShowWhatWasSuppressed() throws Exception {
    ErrorReport error =
        errorOf(
            """
            class Res implements AutoCloseable {
              public void close() { throw new IllegalStateException("close"); }
            }
            void work() {
              try (Res r = new Res()) {
                throw new RuntimeException("body", new Error("cause"));
              }
            }
            work();
            """);
    String plain =
        String.join("\n", error.traceback())
            .replaceAll("\u001B\\[[0-9;]*m", "")
            .replaceAll("cell \\[\\d+]", "cell [N]");
    assertEquals(
        """
        java.lang.RuntimeException: body
            at work (cell [N], line 6)
              → throw new RuntimeException("body", new Error("cause"));
            at cell [N], line 9
              → work();
            Suppressed: java.lang.IllegalStateException: close
                at Res.close (cell [N], line 2)
                  → public void close() { throw new IllegalStateException("close"); }
                at work (cell [N], line 5)
                  → try (Res r = new Res()) {
                … 1 frame as above
        Caused by: java.lang.Error: cause
            … 2 frames as above\
        """,
        plain);
  }

  @Test
  void tooMuchOutputIsShownAtBothEndsWithTheCountLeftOut() throws Exception {
    long kept = notebook.outputLimitBytes;
    notebook.outputLimitBytes = 100_000;
    TestNotebook.Ran ran =
        notebook.run("for (int i = 0; i < 1_000_000; i++) System.out.println(\"line \" + i);");
    notebook.outputLimitBytes = kept;
    assertTrue(ran.out().startsWith("line 0\nline 1\n"), "the first part is missing");
    assertTrue(ran.out().endsWith("line 999999\n"), "the last part is missing");
    assertTrue(ran.out().length() < 200_000, () -> ran.out().length() + " characters were shown");
    assertTrue(ran.err().contains("bytes of output left out"), ran::err);
  }

  @Test
  void theLimitIsTenMegabytes() throws Exception {
    TestNotebook.Ran ran = notebook.run("System.out.print(\"x\".repeat(12 << 20));");
    assertTrue(ran.out().length() >= 10 << 20, () -> ran.out().length() + " were shown");
    assertTrue(ran.out().length() <= (10 << 20) + CellOutput.TAIL_CHARS);
    assertNotEquals("", ran.err());
  }

  @Test
  void whatThreadsPrintLaterBelongsToTheirCell() throws Exception {
    notebook.run("var gate = new java.util.concurrent.CountDownLatch(1);");
    long first =
        notebook.start(
            "new Thread(() -> { try { gate.await(); } catch (InterruptedException e) { }"
                + " System.out.println(\"late\"); }).start();");
    notebook.finish(first);
    long second = notebook.start("gate.countDown();");
    List<FromExecutor> heard =
        notebook.until(m -> m instanceof FromExecutor.Stream s && s.text().contains("late"));
    assertEquals(first, ((FromExecutor.Stream) heard.getLast()).requestId());
    if (heard.stream().noneMatch(m -> m instanceof FromExecutor.Finished)) {
      notebook.finish(second);
    }
  }

  @Test
  void anotherSessionAndAWrongTokenAreRefused() throws Exception {
    try (TestNotebook other = new TestNotebook("s2", anna.endpoint(), SECRET)) {
      org.junit.jupiter.api.Assertions.assertThrows(
          IOException.class, () -> other.attach(executor.endpoint, "beef"));
      org.junit.jupiter.api.Assertions.assertThrows(
          AssertionError.class, () -> other.attach(executor.endpoint, ExecutorProcess.TOKEN));
    }
    assertStillRuns();
  }

  @Test
  void anExecutorKilledInACellLeavesTheStateBeforeIt() throws Exception {
    try (ExecutorProcess doomed = new ExecutorProcess(folder, "y");
        TestNotebook first = new TestNotebook("s3", anna.endpoint(), SECRET)) {
      first.attach(doomed.endpoint, ExecutorProcess.TOKEN);
      first.run("int n = 1; var names = new ArrayList<String>(List.of(\"a\"));");
      first.run("int unit = 5; IntUnaryOperator units = n -> n * unit;");
      first.run("String unit = \"metres\";");
      first.start("n = 2; names.add(\"b\"); " + SAYS_THAT_IT_RUNS + "while (true);");
      first.awaitOutput("in\n");
      doomed.process.destroyForcibly().waitFor();
    }
    try (ExecutorProcess next = new ExecutorProcess(folder, "z");
        TestNotebook again = new TestNotebook("s3", anna.endpoint(), SECRET)) {
      again.attach(next.endpoint, ExecutorProcess.TOKEN);
      assertEquals("1[a]", again.run("n + \"\" + names").result());
      // Stored code never finds 0 in a variable that has another type meanwhile.
      ErrorReport error =
          assertInstanceOf(CellOutcome.Threw.class, again.run("units.applyAsInt(1)").outcome())
              .error();
      assertEquals("NotReadable", error.name());
      assertTrue(error.message().contains("another type"), error::message);
      again.run("int unit = 7;");
      assertEquals("14", again.run("units.applyAsInt(2)").result());
    }
  }
}
