package hydrocell.install;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Usage;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.local.Settings;
import hydrocell.cell.message.HostReply;
import hydrocell.executor.Isolation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The commands of {@code install/hydrocell} that are Java. Exit codes: 0 done, 1 a fault found. */
public final class CommandLine {
  private final Folders folders;
  private final PrintStream out;

  CommandLine(Folders folders, PrintStream out) {
    this.folders = folders;
    this.out = out;
  }

  /**
   * Arguments: {@code assemble FOLDER | templates FOLDER INTO | train FOLDER | status | stop |
   * compact | doctor | token … | move …}.
   */
  public static void main(String[] arguments) throws InterruptedException {
    System.exit(new CommandLine(Folders.here(), System.out).run(List.of(arguments)));
  }

  int run(List<String> arguments) throws InterruptedException {
    try {
      return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
        case "assemble" -> assemble(Paths.get(arguments.get(1)).toAbsolutePath());
        case "templates" -> templates(Paths.get(arguments.get(1)), Paths.get(arguments.get(2)));
        case "train" -> train(Paths.get(arguments.get(1)).toAbsolutePath());
        case "status" -> status();
        case "stop" -> stop();
        case "compact" -> compact();
        case "doctor" -> doctor();
        case "move" -> new MoveCommand(folders, out).run(arguments.subList(1, arguments.size()));
        case "token" -> new TokenCommand(out).run(arguments.subList(1, arguments.size()));
        default -> {
          out.println(
              "commands: assemble FOLDER, templates FOLDER INTO, train FOLDER, status, stop, compact, doctor, token, move");
          yield 2;
        }
      };
    } catch (IOException e) {
      out.println(e.getMessage() == null ? e.toString() : e.getMessage());
      return 1;
    }
  }

  private int assemble(Path folder) throws IOException, InterruptedException {
    ArgumentFiles files = new ArgumentFiles(folder, folder.resolve("lib"));
    new Assembly(files).train(new TrainingRun()).forEach(out::println);
    return 0;
  }

  /** For a wheel, which does not know yet where it will be unpacked. */
  private static int templates(Path folder, Path into) throws IOException {
    Path absolute = folder.toAbsolutePath();
    new ArgumentFiles(absolute, absolute.resolve("lib")).writeTemplates(into);
    return 0;
  }

  private int train(Path folder) throws IOException, InterruptedException {
    FirstUse use = new FirstUse(folder);
    use.endWithInput();
    use.train().forEach(out::println);
    return use.isPending() ? 1 : 0;
  }

  private int status() throws IOException {
    NodeFile node = NodeCommands.running(folders);
    out.printf("data      %s, %s%n", folders.data(), size(NodeCommands.diskBytes(folders.data())));
    if (node == null) {
      out.println("node      not running; the next notebook starts it");
      return 0;
    }
    HostReply.HostStatus status = NodeCommands.status(node);
    out.printf(
        "node      process %d, version %s, %s%n",
        node.pid(), node.build(), size(NodeCommands.residentBytes(node.pid())));
    if (node.metricsPort() > 0) {
      out.printf("metrics   http://127.0.0.1:%d/metrics, /health%n", node.metricsPort());
    }
    out.printf("notebooks %d open%n", status.kernels());
    out.printf("isolation %s%n", status.isolation());
    NodeCommands.Used used = NodeCommands.used(node, sessions(status));
    for (HostReply.ProcessStatus process : status.processes()) {
      out.printf(
          "%-9s process %d, %s, %s%s%n",
          process.role(),
          process.pid(),
          process.state(),
          size(process.residentBytes()),
          process.sessionId().isEmpty() ? "" : ", session " + process.sessionId());
    }
    used.sessions().forEach((session, usage) -> out.println("session   " + session + line(usage)));
    used.owners().forEach((owner, usage) -> out.println("owner     " + owner + line(usage)));
    return 0;
  }

  /** The sessions that have executors; those leased beside a session's own carry a number. */
  private static Set<String> sessions(HostReply.HostStatus status) {
    return status.processes().stream()
        .map(process -> SessionKeys.sessionOfLease(process.sessionId()))
        .filter(session -> !session.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String line(Usage usage) {
    return String.format(
        Locale.ROOT,
        ": %,d cells, %.1f s of executors, %.1f s of processors, %s fetched, %s written",
        usage.cells(),
        usage.executorNs() / 1e9,
        usage.cpuNs() / 1e9,
        size(usage.readBytes()),
        size(usage.writtenBytes()));
  }

  private int stop() throws IOException, InterruptedException {
    out.println(
        NodeCommands.stop(folders)
            ? "the local node has ended; notebooks start it again when they need it"
            : "no local node runs");
    return 0;
  }

  private int compact() throws IOException, InterruptedException {
    NodeFile node = NodeCommands.running(folders);
    if (node == null) {
      out.println("no local node runs: run a cell, then compact");
      return 1;
    }
    long[] bytes = NodeCommands.compact(node);
    out.printf("the logs have %s; they had %s%n", size(bytes[1]), size(bytes[0]));
    return 0;
  }

  /** Checks what Hydrocell needs while it runs; the shell part checks what set-up needs. */
  private int doctor() {
    boolean well = check("folder " + folders.data(), () -> Folders.makePrivate(folders.data()));
    well &=
        check(
            "writing to " + folders.data(),
            () -> Files.delete(Files.createTempFile(folders.data(), "doctor", ".tmp")));
    well &= check("folder " + folders.run(), () -> Folders.makePrivate(folders.run()));
    well &=
        check(
            "the local node",
            () -> {
              NodeFile node = NodeCommands.running(folders);
              if (node == null) {
                out.println("   no local node runs; the next notebook starts it");
              } else {
                NodeCommands.status(node);
              }
            });
    well &= check("isolation of cells", this::isolation);
    well &= check("drawing text", CommandLine::drawText);
    return well ? 0 : 1;
  }

  private void isolation() throws IOException {
    Isolation isolation =
        Isolation.of(
            Settings.read(folders.settings()),
            folders,
            Installation.here().program(),
            Endpoint.unix(folders.run().resolve("anna.sock")));
    out.println("   isolation is " + isolation.state());
  }

  private static void drawText() throws IOException {
    try {
      new java.awt.image.BufferedImage(9, 9, java.awt.image.BufferedImage.TYPE_INT_RGB)
          .createGraphics()
          .drawString("a", 1, 8);
    } catch (RuntimeException | LinkageError e) {
      throw new IOException(
          "pictures with text fail ("
              + e
              + "): install fontconfig and a font (Debian: apt install"
              + " fontconfig fonts-dejavu-core)",
          e);
    }
  }

  private interface Check {
    void run() throws IOException;
  }

  private boolean check(String what, Check check) {
    try {
      check.run();
      out.println("ok " + what);
      return true;
    } catch (IOException e) {
      out.println("!! " + what + ": " + e.getMessage());
      return false;
    }
  }

  private static String size(long bytes) {
    if (bytes < 0) {
      return "memory unknown";
    }
    return bytes < 10L << 20
        ? String.format(Locale.ROOT, "%d KB", bytes >> 10)
        : String.format(Locale.ROOT, "%d MB", bytes >> 20);
  }
}
