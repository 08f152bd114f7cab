package hydrocell.executor.run;

import hydrocell.cell.Usage;
import hydrocell.executor.ChildProperties;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What an executor tells its host on the process's own standard output; drawn in this package's
 * description. Thread-safe.
 */
public final class HostLine {
  private final PrintStream out;

  HostLine(PrintStream out) {
    this.out = out;
  }

  void say(String line) {
    byte[] bytes = (ChildProperties.MARK + line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }

  /** A cell begins; {@code cpuNs} is the processor time of this process so far. */
  void busy(long epoch, int cell, long cpuNs) {
    say("busy %d %d %d".formatted(epoch, cell, cpuNs));
  }

  /** What the cell used that has just ended. */
  void ran(long epoch, int cell, Usage used) {
    say(
        "ran %d %d %d %d %d %d"
            .formatted(
                epoch,
                cell,
                used.executorNs(),
                used.cpuNs(),
                used.readBytes(),
                used.writtenBytes()));
  }

  void idle(boolean unstorable, int threads) {
    say("idle %d %d".formatted(unstorable ? 1 : 0, threads));
  }
}
