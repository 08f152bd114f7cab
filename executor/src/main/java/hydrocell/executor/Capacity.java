package hydrocell.executor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What this machine, or the container that this process runs in, has. Immutable.
 *
 * @param memoryBytes all of it
 * @param processors how many
 */
public record Capacity(long memoryBytes, int processors) {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path CONTAINER = Path.of("/sys/fs/cgroup");

  /** Asks the JVM, which knows containers. */
  public static Capacity here() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : Runtime.getRuntime().maxMemory() * 4;
    return new Capacity(memory, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Memory that can be had without taking it from anybody, as the kernel estimates it; empty where
   * the system does not tell.
   */
  OptionalLong availableBytes() {
    try {
      long available = field(MEMORY, "MemAvailable:") << 10;
      Path limit = CONTAINER.resolve("memory.max");
      if (Files.exists(limit) && !Files.readString(limit).startsWith("max")) {
        long used = Long.parseLong(Files.readString(CONTAINER.resolve("memory.current")).strip());
        long dropped = field(CONTAINER.resolve("memory.stat"), "inactive_file");
        available = Math.min(available, memoryBytes - used + dropped);
      }
      return OptionalLong.of(Math.max(0, available));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static long field(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(file + " does not tell " + name);
  }
}
