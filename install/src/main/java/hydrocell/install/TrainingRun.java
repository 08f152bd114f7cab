package hydrocell.install;

import com.fasterxml.jackson.databind.JsonNode;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.Installation.Role;
import hydrocell.cell.local.NodeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Works with a notebook as a person does, so that every process loads what it usually loads. Uses a
 * data folder of its own and leaves no process behind.
 */
class TrainingRun {
  private static final long FIRST_ANSWER_LIMIT_S = 60;
  private static final long CELL_LIMIT_S = 60;
  private static final long EXIT_LIMIT_S = 180;

  /** Ordinary cells: what most notebooks do in their first minute. */
  private static final List<String> CELLS =
      List.of(
          "1 + 1",
          "int x = 3;\nx",
          "var words = List.of(\"one\", \"two\", \"three\");\nSystem.out.println(words);",
          "record Point(int x, int y) {\n  int sum() { return x + y; }\n}\nvar p = new Point(1, 2);\np",
          "int twice(int n) { return 2 * n; }\ntwice(x)",
          "var lengths = words.stream().collect(Collectors.groupingBy(String::length));\nlengths",
          "Map<String, Integer> counts = new HashMap<>();\nfor (var w : words) counts.merge(w, 1, Integer::sum);\ncounts",
          "double[] numbers = new double[1000];\nArrays.setAll(numbers, i -> i * 0.5);",
          "Function<Integer, Integer> next = n -> n + x;\nnext.apply(1)",
          "import java.awt.image.BufferedImage;\nvar picture = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);\npicture",
          "x = x + 1;\nx",
          "int y = undefined + 1;",
          "throw new IllegalStateException(\"as it happens\");",
          "%vars");

  /**
   * Runs it.
   *
   * @param installed the copy whose processes are started
   * @param home the data folder, made and used only here
   */
  void run(Path installed, Path home) throws IOException, InterruptedException {
    Files.createDirectories(home);
    Folders folders =
        Folders.of(
            Map.of("HYDROCELL_HOME", home.toString()), System.getProperty("os.name", ""), home);
    try {
      notebook(installed, home, CELLS);
      notebook(installed, home, List.of("x", "twice(p.sum())"));
    } finally {
      NodeFile node = NodeFile.read(folders.nodeFile());
      if (node != null) {
        // The host kills its children when it ends; a signal lets them write their record first.
        List<ProcessHandle> children =
            ProcessHandle.of(node.pid()).stream().flatMap(ProcessHandle::descendants).toList();
        children.forEach(ProcessHandle::destroy);
        awaitEnd(children);
        NodeCommands.stop(folders, EXIT_LIMIT_S);
      }
    }
  }

  private static void notebook(Path installed, Path home, List<String> cells)
      throws IOException, InterruptedException {
    ProcessBuilder kernel =
        new ProcessBuilder(new ArrayList<>(new Installation(installed).command(Role.KERNEL)))
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("kernel.out").toFile()));
    kernel.environment().put("HYDROCELL_HOME", home.toString());
    kernel.environment().put("JPY_PARENT_PID", Long.toString(ProcessHandle.current().pid()));
    kernel.environment().put("JPY_SESSION_NAME", home.resolve("training.ipynb").toString());
    try (KernelClient client = KernelClient.start(kernel, home.resolve("connection.json"))) {
      client.ask("kernel_info_request", KernelClient.nothing(), FIRST_ANSWER_LIMIT_S);
      for (String cell : cells) {
        JsonNode reply = client.execute(cell, CELL_LIMIT_S);
        if ("aborted".equals(reply.path("status").asText())) {
          throw new IOException("the kernel did not run " + cell);
        }
      }
      client.ask(
          "complete_request",
          KernelClient.nothing().put("code", "words.str").put("cursor_pos", 9),
          CELL_LIMIT_S);
      client.ask(
          "inspect_request",
          KernelClient.nothing().put("code", "words.size()").put("cursor_pos", 8),
          CELL_LIMIT_S);
      client.ask(
          "is_complete_request", KernelClient.nothing().put("code", "int z ="), CELL_LIMIT_S);
      client.shutDown();
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; " + lastLine(home.resolve("kernel.out")), e);
    }
  }

  private static String lastLine(Path output) throws IOException {
    List<String> lines =
        Files.readAllLines(output).stream().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "the kernel said nothing" : "the kernel said: " + lines.getLast();
  }

  /** A process writes its record as its last deed, so all must end by themselves. */
  private static void awaitEnd(List<ProcessHandle> processes)
      throws IOException, InterruptedException {
    for (ProcessHandle process : processes) {
      try {
        process.onExit().get(EXIT_LIMIT_S, TimeUnit.SECONDS);
      } catch (TimeoutException | ExecutionException e) {
        process.destroyForcibly();
        throw new IOException("process " + process.pid() + " did not end", e);
      }
    }
  }
}
