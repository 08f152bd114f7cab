package hydrocell.executor.run;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of threads and of this process; zero where the system does not measure it. */
final class CpuClock {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Path STAT = Path.of("/proc/self/stat");
  private static final long NS_PER_TICK = 10_000_000;

  /** Places in {@link #STAT}, counted behind the name's closing bracket. */
  private static final int CHILDRENS_USER_TICKS = 13;

  private static final int CHILDRENS_SYSTEM_TICKS = 14;

  private CpuClock() {}

  static long ofThisThreadNs() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? Math.max(0, THREADS.getCurrentThreadCpuTime())
        : 0;
  }

  /** Of all threads of this process, and of the child processes that have ended. */
  static long ofThisProcessNs() {
    long own =
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? Math.max(0, system.getProcessCpuTime())
            : 0;
    return own + ofChildrenNs();
  }

  private static long ofChildrenNs() {
    try {
      String stat = Files.readString(STAT, StandardCharsets.ISO_8859_1);
      String[] figures = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return NS_PER_TICK
          * (Long.parseLong(figures[CHILDRENS_USER_TICKS])
              + Long.parseLong(figures[CHILDRENS_SYSTEM_TICKS]));
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
      return 0;
    }
  }
}
