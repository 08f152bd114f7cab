package hydrocell.integration;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The programs that people use kernels with. */
class JupyterClientsTest {
  private static final long LIMIT_S = 240;

  private TestBench bench;

  @BeforeEach
  void open() throws IOException {
    bench = TestBench.open();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  /** Other clients run all of them; this one is slow. */
  private static final Set<String> SHORT_EXAMPLES = Set.of("quickstart.ipynb", "data.ipynb");

  /** The examples, copied to where they may be written beside. */
  private List<Path> examples() throws IOException {
    Path copy = Files.createDirectories(bench.home().resolve("examples"));
    try (Stream<Path> files = Files.list(bench.project("notebook-examples"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    try (Stream<Path> files = Files.list(copy)) {
      List<Path> notebooks =
          files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
      assertTrue(notebooks.size() >= 2, "the examples are missing");
      return notebooks;
    }
  }

  private void compare(Path example, Path executed) throws Exception {
    bench.python(LIMIT_S, "compare.py", example, executed);
  }

  @Test
  void runShowsWhatTheExamplesSay() throws Exception {
    for (Path example : examples()) {
      Path executed = bench.home().resolve("executed.ipynb");
      bench.pythonWith(
          LIMIT_S, bench.project("install/run_notebook.py"), example, "--output", executed);
      compare(example, executed);
    }
  }

  @Test
  void nbconvertExecutesTheExamples() throws Exception {
    for (Path example : examples()) {
      Path executed = bench.home().resolve("converted.ipynb");
      bench.pythonWith(
          LIMIT_S,
          "-m",
          "nbconvert",
          "--to",
          "notebook",
          "--execute",
          "--output",
          executed,
          example);
      compare(example, executed);
    }
  }

  @Test
  void papermillExecutesTheExamples() throws Exception {
    for (Path example : examples()) {
      Path executed = bench.home().resolve("papermill.ipynb");
      bench.pythonWith(LIMIT_S, "-m", "papermill", "--cwd", example.getParent(), example, executed);
      compare(example, executed);
    }
  }

  @Test
  void jupyterConsoleWorks() throws Exception {
    bench.python(LIMIT_S, "console.py");
  }

  @Test
  void nbvalRunsTheShortExamples() throws Exception {
    for (Path example : examples()) {
      if (!SHORT_EXAMPLES.contains(example.getFileName().toString())) {
        continue;
      }
      bench.pythonWith(LIMIT_S, "-m", "pytest", "-p", "no:cacheprovider", "--nbval-lax", example);
    }
  }

  @Test
  void qtconsoleGetsTheAnswersThatItWants() throws Exception {
    bench.python(LIMIT_S, "client_messages.py", "qtconsole");
  }

  @Test
  void visualStudioCodeStartsAsksAndInterruptsTheKernelItself() throws Exception {
    bench.python(LIMIT_S, "client_messages.py", "vscode");
  }

  @Test
  void notebook7InABrowserRunsInterruptsAndRestarts() throws Exception {
    bench.python(
        LIMIT_S,
        "notebook7.py",
        bench.project("notebook-examples/quickstart.ipynb"),
        bench.project("integration-tests/target/screenshots"));
  }

  @Test
  void librariesBelongToTheirNotebook() throws Exception {
    bench.python(LIMIT_S, "libraries.py");
  }

  @Test
  void messagesComeAsJupyterHasThem() throws Exception {
    bench.python(LIMIT_S, "protocol.py");
  }

  @Test
  void notebooksOfOtherKernelsRunUnchanged() throws Exception {
    bench.python(
        LIMIT_S,
        "other_kernels.py",
        bench.project("integration-tests/src/test/resources/notebooks"));
  }

  @Test
  void commandsRunWhereCellsRun() throws Exception {
    bench.python(LIMIT_S, "magics.py");
  }

  @Test
  void commandsKeepProfileSaveAndAreTheNotebooksOwn() throws Exception {
    bench.python(LIMIT_S, "commands.py");
  }

  @Test
  void subshellsAnswerAndASignalInterruptsWhileACellRuns() throws Exception {
    bench.python(LIMIT_S, "subshells.py");
  }

  @Test
  void commsOutliveExecutorAndKernel() throws Exception {
    bench.python(LIMIT_S, "comms.py");
  }

  @Test
  void asynchronousCellsFinishBehindTheirUser() throws Exception {
    bench.python(LIMIT_S, "asynchronous.py");
  }

  @Test
  void asynchronousCellsOutliveTheirKernelAndTheirExecutor() throws Exception {
    bench.python(LIMIT_S, "asynchronous_kills.py");
  }

  @Test
  void cellsRunBesideEachOtherByThemselves() throws Exception {
    bench.python(LIMIT_S, "asynchronous_auto.py");
  }

  @Test
  void whatFollowsFromWhatIsShownAndRunAgain() throws Exception {
    bench.python(LIMIT_S, "graph.py");
  }

  @Test
  void notebooksShareVariables() throws Exception {
    bench.python(LIMIT_S, "sharing.py");
  }

  @Test
  void peopleShareAStoreAndWhatTheyPermit() throws Exception {
    bench.python(LIMIT_S, "people.py", bench.project("integration-tests/target/screenshots"));
  }

  @Test
  void programsThatTakeNoLateOutputGetWhatAsynchronousCellsShow() throws Exception {
    bench.python(LIMIT_S, "asynchronous_runs.py");
  }

  @Test
  void theGuideSaysWhatIsTrue() throws Exception {
    bench.python(LIMIT_S, "guide.py", bench.project("docs/guide.md"));
  }

  @Test
  void jupyterKernelTestPasses() throws Exception {
    bench.python(LIMIT_S, "kernel_suite.py");
  }

  @Test
  void widgetsTablesAndProgressWorkInABrowser() throws Exception {
    bench.python(LIMIT_S, "lab_widgets.py", bench.project("integration-tests/target/screenshots"));
  }

  @Test
  void jupyterLabInABrowserRunsInterruptsAndRestarts() throws Exception {
    bench.python(
        LIMIT_S,
        "lab.py",
        bench.project("notebook-examples/quickstart.ipynb"),
        bench.project("integration-tests/target/screenshots"));
  }

  @Test
  void typingInJupyterLabIsHelpedByTabAndShiftTab() throws Exception {
    bench.python(LIMIT_S, "typing_lab.py", bench.project("integration-tests/target/screenshots"));
  }
}
