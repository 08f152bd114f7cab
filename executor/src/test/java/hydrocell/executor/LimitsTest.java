package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.CellOutcome;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.message.HostReply;
import hydrocell.executor.run.TestNotebook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells that go beyond each limit: they alone end, with an error that names the limit. */
final class LimitsTest {
  private static final long MB = 1 << 20;

  @TempDir Path folder;

  private TestHost host(String... settings) throws Exception {
    return TestHost.start(folder, 1, 3, TestHost.LONG, settings);
  }

  private static ErrorReport error(TestNotebook notebook, String source) throws Exception {
    CellOutcome outcome = notebook.run(source).outcome();
    return assertInstanceOf(CellOutcome.Threw.class, outcome).error();
  }

  private static void assertNames(String limit, String text) {
    assertTrue(text.contains(limit) && text.contains("%config " + limit), text);
  }

  /** Runs a cell that the host ends; what it says. */
  private static HostReply.LeaseEnded ended(TestHost host, HostReply.Leased lease, String source)
      throws Exception {
    try (TestNotebook notebook = host.notebook("greedy", lease)) {
      notebook.run("int before = 1;");
      long request = notebook.start(source);
      assertThrows(IllegalStateException.class, () -> notebook.finish(request));
    }
    HostReply.LeaseEnded ended = host.kernel.awaitLeaseEnd();
    assertEquals(lease.leaseId(), ended.leaseId());
    assertNames(ended.limit(), ended.reason());
    // What was committed before is there, and nobody else noticed.
    HostReply.Leased next = host.kernel.lease("greedy");
    try (TestNotebook notebook = host.notebook("greedy", next)) {
      assertEquals("1", notebook.run("before").result());
    }
    return ended;
  }

  @Test
  void anotherNotebookRunsOnWhileOneIsEndedForItsMemory() throws Exception {
    try (TestHost host = host("native.limit = 300m", "heap.limit = 100m")) {
      HostReply.Leased modest = host.kernel.lease("modest");
      try (TestNotebook notebook = host.notebook("modest", modest)) {
        notebook.run("int kept = 7;");
        HostReply.LeaseEnded ended =
            ended(
                host,
                host.kernel.lease("greedy"),
                """
                var arena = java.lang.foreign.Arena.global();
                while (true) {
                  arena.allocate(1 << 20).fill((byte) 1);
                  Thread.sleep(1);
                }
                """);
        assertEquals("native.limit", ended.limit());
        assertEquals("7", notebook.run("kept").result());
      }
    }
  }

  @Test
  void processesOfACellCountAsItsMemoryAndThreads() throws Exception {
    try (TestHost host = host("threads.limit = 100")) {
      HostReply.LeaseEnded ended =
          ended(
              host,
              host.kernel.lease("greedy"),
              """
              for (int i = 0; i < 120; i++) {
                new ProcessBuilder("sleep", "613").start();
              }
              Thread.sleep(600_000);
              """);
      assertEquals("threads.limit", ended.limit());
    }
    assertFalse(ProcessHandle.allProcesses().anyMatch(LimitsTest::isLeftSleeping));
  }

  private static boolean isLeftSleeping(ProcessHandle process) {
    return process.isAlive()
        && process.info().commandLine().orElse("").equals("/usr/bin/sleep 613");
  }

  @Test
  void temporaryFilesAreCountedAndGoWithTheExecutor() throws Exception {
    try (TestHost host = host("scratch.limit = 8m")) {
      HostReply.LeaseEnded ended =
          ended(
              host,
              host.kernel.lease("greedy"),
              """
              var file = java.nio.file.Files.createTempFile("big", ".bin");
              try (var out = java.nio.file.Files.newOutputStream(file)) {
                while (true) {
                  out.write(new byte[1 << 16]);
                  Thread.sleep(1);
                }
              }
              """);
      assertEquals("scratch.limit", ended.limit());
    }
    try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void aFullHeapNamesItsLimitAndALargerOneIsToBeHad() throws Exception {
    String source = "byte[] all = new byte[200 << 20]; all.length";
    try (TestHost host = host("heap.limit = 100m", "heap.limit.max = 500m")) {
      HostReply.Leased small = host.kernel.lease("s");
      assertEquals(100 * MB, small.limits().get("heap.limit"));
      try (TestNotebook notebook = host.notebook("s", small)) {
        ErrorReport error = error(notebook, source);
        assertEquals("java.lang.OutOfMemoryError", error.name());
        assertNames("heap.limit", error.message());
      }
      host.kernel.replace(small.leaseId());
      HostReply.Leased larger = host.kernel.lease("s", Map.of("heap.limit", 400 * MB));
      try (TestNotebook notebook = host.notebook("s", larger)) {
        assertEquals("209715200", notebook.run(source).result());
      }
      HostReply.Leased bounded = host.kernel.lease("t", Map.of("heap.limit", 4_000 * MB));
      assertEquals(500 * MB, bounded.limits().get("heap.limit"));
      assertTrue(bounded.notices().toString().contains("500 MB"), bounded::toString);
    }
  }

  @Test
  void openFilesEndWithAnErrorThatNamesTheLimit() throws Exception {
    try (TestHost host = host("files.limit = 300")) {
      try (TestNotebook notebook = host.notebook("s", host.kernel.lease("s"))) {
        ErrorReport error =
            error(
                notebook,
                """
                var open = new ArrayList<java.io.InputStream>();
                while (true) open.add(new java.io.FileInputStream("/dev/null"));
                """);
        assertNames("files.limit", String.join("\n", error.traceback()));
      }
    }
  }

  @Test
  void processorsOutputAndPriorityAreAsTheLeaseSays() throws Exception {
    try (TestHost host = host("cpu.limit = 1", "output.limit.max = 100k")) {
      try (TestNotebook notebook = host.notebook("s", host.kernel.lease("s"))) {
        assertEquals("1", notebook.run("Runtime.getRuntime().availableProcessors()").result());
        String own = "/proc/self/";
        assertEquals(
            "700",
            notebook
                .run(
                    "java.nio.file.Files.readString(java.nio.file.Path.of(\""
                        + own
                        + "oom_score_adj\")).strip()")
                .result());
        TestNotebook.Ran ran = notebook.run("System.out.print(\"x\".repeat(1_000_000));");
        assertTrue(ran.out().length() < 200_000, () -> ran.out().length() + " characters");
      }
    }
  }

  @Test
  void aSettingThatMakesNoSenseIsNamed() {
    IOException refused = assertThrows(IOException.class, () -> host("heap.limit = lots"));
    assertTrue(refused.getMessage().contains("heap.limit is a number"), refused::getMessage);
  }
}
