package hydrocell.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs shell scripts for {@code %%bash} and its kin. Thread-safe. */
public final class Shell {
  private Shell() {}

  /** A script ended with another status than 0. */
  public static final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }

  /**
   * Runs a script in the notebook's folder; its output is the cell's, its input is empty. Stopping
   * the cell kills the script and what it started.
   *
   * @param shell such as {@code bash}
   * @param arguments what the script calls {@code $1} and so on
   * @throws FailedException when it ends with another status than 0
   */
  public static void run(String shell, String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(shell, "-c", script, shell));
    command.addAll(List.of(arguments));
    feed(command, "");
  }

  /**
   * Runs a command as {@link #run} does, with this text as its input.
   *
   * @param command program and arguments
   * @throws FailedException when it cannot be started, or ends with another status than 0
   */
  public static void feed(List<String> command, String input)
      throws IOException, InterruptedException {
    Process process = start(command);
    try {
      Thread feeding = Thread.ofPlatform().daemon().start(() -> give(process, input));
      Thread errors = copy(process.getErrorStream(), System.err);
      Thread output = copy(process.getInputStream(), System.out);
      int status = process.waitFor();
      output.join();
      errors.join();
      feeding.join();
      if (status != 0) {
        throw new FailedException(command.getFirst() + " ended with status " + status);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).directory(Path.of("").toAbsolutePath().toFile()).start();
    } catch (IOException e) {
      throw new FailedException(
          "%s cannot be run where cells run: %s".formatted(command.getFirst(), e.getMessage()));
    }
  }

  private static void give(Process process, String input) {
    try (OutputStream to = process.getOutputStream()) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It has ended, or does not read: what it did not want is not given.
    }
  }

  private static Thread copy(InputStream from, PrintStream to) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          byte[] part = new byte[8192];
          try (from) {
            for (int n = from.read(part); n >= 0; n = from.read(part)) {
              to.write(part, 0, n);
              to.flush();
            }
          } catch (IOException e) {
            // The script was killed; what it said before is shown.
            to.flush();
          }
        });
  }
}
