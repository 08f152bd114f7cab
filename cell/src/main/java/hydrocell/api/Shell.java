package hydrocell.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;

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
   * @throws FailedException when it ends with another status than 0
   */
  public static void run(String shell, String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(shell, "-c", script)
            .directory(Path.of("").toAbsolutePath().toFile())
            .start();
    try {
      process.getOutputStream().close();
      Thread errors = copy(process.getErrorStream(), System.err);
      Thread output = copy(process.getInputStream(), System.out);
      int status = process.waitFor();
      output.join();
      errors.join();
      if (status != 0) {
        throw new FailedException(shell + " ended with status " + status);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
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
