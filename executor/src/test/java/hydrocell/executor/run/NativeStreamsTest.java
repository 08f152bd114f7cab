package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.message.FromExecutor;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not go through System.out lands in its cell, too. */
final class NativeStreamsTest {
  private static final byte[] SECRET = {7};
  private static final String CHILD =
      "new ProcessBuilder(\"sh\", \"-c\", \"%s\").inheritIO().start()";
  private static final String PUTCHAR =
      """
      import java.lang.foreign.*;
      int putchar(char c) throws Throwable {
        Linker linker = Linker.nativeLinker();
        return (int) linker.downcallHandle(
            linker.defaultLookup().find("putchar").get(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)).invokeExact((int) c);
      }
      """;

  @TempDir Path folder;
  private StorageNode anna;
  private ExecutorProcess executor;
  private TestNotebook notebook;

  @BeforeEach
  void start() throws Exception {
    anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), SECRET));
    executor = new ExecutorProcess(folder, "x");
    notebook = new TestNotebook("s1", anna.endpoint(), SECRET);
    notebook.attach(executor.endpoint, ExecutorProcess.TOKEN);
  }

  /** That the executor ends with its input shows that nobody else has taken it. */
  @AfterEach
  void stop() throws Exception {
    notebook.close();
    executor.close();
    anna.close();
  }

  private static String child(String script) {
    return CHILD.formatted(script);
  }

  @Test
  void childProcessesWriteIntoTheirCell() throws Exception {
    TestNotebook.Ran first =
        notebook.run(child("echo één; echo two >&2") + ".waitFor(); System.out.println(3);");
    assertTrue(first.out().contains("één\n") && first.out().contains("3\n"), first::out);
    assertEquals("two\n", first.err());
    assertEquals("of the next\n", notebook.run(child("echo of the next") + ".waitFor();").out());
  }

  @Test
  void nativeCodeWritesIntoItsCellAlsoWithoutTheEndOfALine() throws Exception {
    notebook.run(PUTCHAR);
    assertEquals("ab", notebook.run("putchar('a'); putchar('b');").out());
    assertEquals("c\nd", notebook.run("putchar('c'); putchar('\\n'); putchar('d');").out());
  }

  @Test
  void aChildThatReadsFindsNothing() throws Exception {
    assertEquals("0", notebook.run(child("cat") + ".waitFor()").result());
  }

  @Test
  void aFloodNeitherKeepsTheCellFromEndingNorGoesBeyondItsLimit() throws Exception {
    notebook.outputLimitBytes = 200_000;
    TestNotebook.Ran ran = notebook.run(child("yes & echo $! >&2; sleep 0.2") + ".waitFor();");
    long pid = Long.parseLong(ran.err().lines().findFirst().orElseThrow().strip());
    assertTrue(ran.out().startsWith("y\ny\n"), "nothing of it is shown");
    assertTrue(ran.out().length() < 400_000, () -> ran.out().length() + " characters were shown");
    assertEquals("2", notebook.run("1 + 1").result());
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void whatComesAfterTheEndBelongsToTheCellThatRanLast() throws Exception {
    long id = notebook.start(child("while [ ! -e go ]; do sleep 0.05; done; echo late") + ";");
    notebook.finish(id);
    java.nio.file.Files.createFile(Path.of("go"));
    try {
      List<FromExecutor> heard =
          notebook.until(m -> m instanceof FromExecutor.Stream s && s.text().contains("late"));
      assertEquals(id, ((FromExecutor.Stream) heard.getLast()).requestId());
    } finally {
      java.nio.file.Files.delete(Path.of("go"));
    }
  }

  @Test
  void javaUtilLoggingWritesIntoTheCellThatLogs() throws Exception {
    notebook.run("var log = java.util.logging.Logger.getLogger(\"mine\");");
    String get = "java.util.logging.Logger.getLogger(\"mine\")";
    String first = notebook.run(get + ".info(\"one\");").err();
    String second = notebook.run(get + ".warning(\"two\");").err();
    assertTrue(first.contains("INFO: one") && !first.contains("two"), first);
    assertTrue(second.contains("WARNING: two") && !second.contains("one"), second);
  }
}
