package hydrocell.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * An installed copy with a data folder of its own, and the Python that drives it. Closing stops the
 * node and fails when any process of this bench is still there.
 */
final class TestBench implements AutoCloseable {
  private static final long STOP_LIMIT_S = 30;
  private static final int LOG_TAIL_CHARS = 4000;

  private final Path home;
  private final Path dist;
  private final Path venv;
  private final Path project;

  private TestBench(Path home, Path dist, Path venv, Path project) {
    this.home = home;
    this.dist = dist;
    this.venv = venv;
    this.project = project;
  }

  /** A bench; the copy and the environment are made by {@code install/hydrocell test}. */
  static TestBench open() throws IOException {
    Path module = Path.of("").toAbsolutePath();
    Path project = module.endsWith("integration-tests") ? module.getParent() : module;
    Path dist = folder("hydrocell.test.dist", project.resolve("install/target/hydrocell"));
    Path venv = folder("hydrocell.test.venv", project.resolve("integration-tests/target/venv"));
    // Short, because the path of a socket is.
    Path home = Files.createTempDirectory("hc").toRealPath();
    TestBench bench = new TestBench(home, dist, venv, project);
    bench.writeKernelspec();
    return bench;
  }

  private static Path folder(String property, Path otherwise) {
    Path folder = Path.of(System.getProperty(property, otherwise.toString()));
    if (!Files.isDirectory(folder)) {
      fail("there is no " + folder + ": run these tests by `install/hydrocell test`");
    }
    return folder;
  }

  private void writeKernelspec() throws IOException {
    Path spec = home.resolve("share/jupyter/kernels/hydrocell");
    Files.createDirectories(spec);
    Files.writeString(
        spec.resolve("kernel.json"),
        """
        {"argv": ["%s", "@%s", "{connection_file}"], "display_name": "Java (Hydrocell)",
         "language": "java", "interrupt_mode": "message", "metadata": {"debugger": true}}
        """
            .formatted(java(), dist.resolve("kernel.args")));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The folder of this bench; removed at the end. */
  Path home() {
    return home;
  }

  /** A file or folder of the project. */
  Path project(String path) {
    return project.resolve(path);
  }

  /** Runs a Python helper of these tests; fails with its output unless it ends with 0. */
  String python(long limitS, String helper, Object... arguments)
      throws IOException, InterruptedException {
    List<Object> words =
        new ArrayList<>(List.of(project.resolve("integration-tests/src/test/python/" + helper)));
    words.addAll(List.of(arguments));
    return pythonWith(limitS, words.toArray());
  }

  /** Runs Python with these words, such as {@code -m papermill}. */
  String pythonWith(long limitS, Object... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(venv.resolve("bin/python").toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    Path output = Files.createTempFile(home, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    environment(builder.environment());
    Process process = builder.start();
    boolean ended = process.waitFor(limitS, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    String said = Files.readString(output);
    if (!ended) {
      fail(command + " was not done after " + limitS + " s:\n" + said + logs());
    }
    assertEquals(0, process.exitValue(), () -> command + " failed:\n" + said + logs());
    return said;
  }

  private void environment(Map<String, String> environment) {
    environment.remove("JPY_SESSION_NAME");
    environment.put("HYDROCELL_HOME", hydrocellHome());
    environment.put("HYDROCELL_TEST_DIST", dist.toString());
    environment.put("HYDROCELL_TEST_JAVA", java());
    environment.put("HOME", home.toString());
    environment.put("JUPYTER_PATH", home.resolve("share/jupyter").toString());
    environment.put("JUPYTER_DATA_DIR", home.resolve("jupyter-data").toString());
    environment.put("JUPYTER_RUNTIME_DIR", home.resolve("jupyter-run").toString());
    environment.put("JUPYTER_CONFIG_DIR", home.resolve("jupyter-config").toString());
    environment.put("IPYTHONDIR", home.resolve("ipython").toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
  }

  private String hydrocellHome() {
    return home.resolve("h").toString();
  }

  /** What the processes logged, for a failure's message. */
  private String logs() {
    Path folder = home.resolve("h/log");
    if (!Files.isDirectory(folder)) {
      return "";
    }
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file);
        all.append("\n--- ").append(file.getFileName()).append('\n');
        all.append(text, Math.max(0, text.length() - LOG_TAIL_CHARS), text.length());
      }
    } catch (IOException e) {
      all.append(e);
    }
    return all.toString();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    ProcessBuilder stop =
        new ProcessBuilder(
                java(),
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                dist.resolve("lib") + "/*",
                "hydrocell.install.CommandLine",
                "stop")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    stop.environment().put("HYDROCELL_HOME", hydrocellHome());
    Process process = stop.start();
    if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    List<ProcessHandle> left = awaitEnd();
    List<String> names = left.stream().map(TestBench::name).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    deleteHome();
    assertEquals(List.of(), names, "processes that outlived their test");
  }

  private List<ProcessHandle> awaitEnd() throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_LIMIT_S);
    List<ProcessHandle> left = ours();
    while (!left.isEmpty() && System.nanoTime() < deadlineNs) {
      try {
        left.getFirst().onExit().get(1, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // Still there; the deadline bounds how often this looks again.
        left = ours();
      }
      left = ours();
    }
    return left;
  }

  /** Processes whose environment names this bench's home. */
  private List<ProcessHandle> ours() {
    String needle = "HYDROCELL_HOME=" + hydrocellHome();
    return ProcessHandle.allProcesses()
        .filter(process -> process.isAlive() && environmentOf(process.pid()).contains(needle))
        .toList();
  }

  private static String environmentOf(long pid) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(pid), "environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static String name(ProcessHandle process) {
    return process.pid() + " " + process.info().commandLine().orElse("");
  }

  private void deleteHome() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
