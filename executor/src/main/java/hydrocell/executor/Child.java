package hydrocell.executor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of the host's: told what it needs on its standard input, which stays open as long as
 * the host lives. What it says to the host are lines of its standard output; all else goes to its
 * log. Thread-safe.
 */
final class Child {
  private static final Logger LOG = LoggerFactory.getLogger(Child.class);

  private static final long END_LIMIT_S = 8;
  private static final String READY = "ready ";
  private static final long MAX_LOG_BYTES = 4L << 20;

  private final String name;
  private final Process process;
  private final OutputStream stdin;
  private final Consumer<String> said;

  private final boolean sandboxed;

  /** The first process of a sandbox, with which all others end. */
  private volatile @Nullable ProcessHandle first;

  private volatile ProcessHandle program;

  private Child(String name, Process process, boolean sandboxed, Consumer<String> said) {
    this.name = name;
    this.sandboxed = sandboxed;
    this.program = process.toHandle();
    this.process = process;
    this.stdin = process.getOutputStream();
    this.said = said;
  }

  /**
   * Starts a process.
   *
   * @param said gets each line for the host, on a thread of the child's own
   */
  static Child start(
      String name,
      List<String> command,
      Map<String, String> properties,
      Path logs,
      Consumer<String> said)
      throws IOException {
    return start(name, new ProcessBuilder(command), false, properties, logs, said);
  }

  /**
   * Starts a sandbox with a process in it, which says {@code ready} at some time, before it has
   * started any other; {@link #pid} and what is told of memory are this process's from then on.
   */
  static Child startInside(
      String name,
      List<String> command,
      Map<String, String> properties,
      Path logs,
      Consumer<String> said)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(variable -> !Sandbox.inherits(variable));
    return start(name, builder, true, properties, logs, said);
  }

  private static Child start(
      String name,
      ProcessBuilder builder,
      boolean sandboxed,
      Map<String, String> properties,
      Path logs,
      Consumer<String> said)
      throws IOException {
    Path log = logs.resolve(name + ".log");
    Process process = builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    Child child = new Child(name, process, sandboxed, said);
    // Not virtual: reading a pipe holds the carrier, and there are as few of these as cores.
    Thread.ofPlatform().daemon().name(name).start(() -> child.read(log));
    child.tell(properties);
    return child;
  }

  /** Sends a block of properties. */
  void tell(Map<String, String> properties) throws IOException {
    synchronized (stdin) {
      stdin.write(ChildProperties.lines(properties).getBytes(StandardCharsets.UTF_8));
      stdin.flush();
    }
  }

  private void read(Path log) {
    long written = 0;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        Writer rest =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && line.charAt(0) == ChildProperties.MARK) {
          heard(line.substring(1));
        } else if (line.startsWith(READY)) {
          heard(line);
        } else if (written < MAX_LOG_BYTES) {
          written += line.length();
          rest.write(line);
          rest.write('\n');
          rest.flush();
        }
      }
    } catch (IOException e) {
      LOG.debug("{} ended: {}", name, e.getMessage());
    }
  }

  private void heard(String line) {
    if (sandboxed && first == null && line.startsWith(READY)) {
      first = process.children().findFirst().orElse(null);
      program = process.children().flatMap(ProcessHandle::children).findFirst().orElse(program);
    }
    said.accept(line);
  }

  String name() {
    return name;
  }

  /** The program that was started, also where it is in a sandbox. */
  long pid() {
    return program.pid();
  }

  /** The process that the host started: the program's own, or an ancestor of all in a sandbox. */
  long root() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit code when the process is dead. */
  CompletableFuture<Integer> exited() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Kills it at once. */
  void kill() {
    process.destroyForcibly();
  }

  /** Waits, once it is dead, until nothing of its sandbox runs any more. */
  void awaitEmpty() throws InterruptedException {
    ProcessHandle last = first;
    if (last != null) {
      try {
        last.onExit().get(END_LIMIT_S, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.warn("{} has left processes in its sandbox: {}", name, e.toString());
      }
    }
  }

  /** Tells it by the end of its input that the host is gone. */
  void endInput() {
    try {
      stdin.close();
    } catch (IOException e) {
      LOG.debug("{} has gone already: {}", name, e.getMessage());
    }
  }

  /** Waits until it is dead, and kills it when that takes too long. */
  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
        LOG.error("{} (pid {}) does not die", name, process.pid());
      }
    }
  }

  /** Resident memory; 0 where the system does not tell. */
  long residentBytes() {
    try (var lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }
}
