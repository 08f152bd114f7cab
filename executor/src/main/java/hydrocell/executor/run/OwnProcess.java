package hydrocell.executor.run;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process tells the system of itself, so that a cell that swells takes neither the node
 * nor another notebook along. None of it needs rights. Linux only; elsewhere nothing happens.
 */
final class OwnProcess {
  private static final Logger LOG = LoggerFactory.getLogger(OwnProcess.class);
  private static final Path SELF = Path.of("/proc/self");

  /** From 0 to 1,000: who is killed first when the machine has no memory left. */
  private static final String OOM_SCORE = "700";

  /** The niceness of this process's session against others, where the kernel groups by session. */
  private static final String NICENESS = "5";

  private static final int RLIMIT_NOFILE = 7;
  private static final int RLIMIT_CORE = 4;
  private static final int RLIMIT_NPROC = 6;
  private static final int MAX_PROCESSORS = 1024;

  private OwnProcess() {}

  /**
   * Leads a session of the system's of its own: processors are shared out evenly between sessions
   * then, however many threads each has. Is the first to go when memory runs out.
   */
  static void standBack() {
    if (!Platform.isLinux()) {
      return;
    }
    call("setsid");
    tell(SELF.resolve("oom_score_adj"), OOM_SCORE);
    tell(SELF.resolve("autogroup"), NICENESS);
    limit(RLIMIT_CORE, 0);
  }

  private static void tell(Path file, String value) {
    // Not by a channel, to which it is an error of the JDK's that nothing could be written: the
    // kernel takes a niceness only ten times a second, from all of a user.
    try (FileOutputStream to = new FileOutputStream(file.toFile())) {
      to.write(value.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      LOG.info("{} stays as it is: {}", file, e.getMessage());
    }
  }

  private static int call(String function, Object... arguments) {
    return NativeLibrary.getProcess().getFunction(function).invokeInt(arguments);
  }

  /** From now on cells cannot open more files than these, nor raise this again. */
  static void limitFiles(long files) {
    if (Platform.isLinux()) {
      limit(RLIMIT_NOFILE, files + SpareFiles.COUNT);
    }
  }

  /**
   * From now on there cannot be more processes and threads than these of this user, who must be one
   * of a namespace of its own: elsewhere all that he runs is counted. Does not hold back root.
   */
  static void limitProcesses(long processes) {
    if (Platform.isLinux()) {
      limit(RLIMIT_NPROC, processes);
    }
  }

  private static void limit(int resource, long most) {
    try (Memory limits = new Memory(16)) {
      if (call("getrlimit", resource, limits) != 0) {
        return;
      }
      long hard = Long.compareUnsigned(limits.getLong(8), most) < 0 ? limits.getLong(8) : most;
      limits.setLong(0, hard);
      limits.setLong(8, hard);
      if (call("setrlimit", resource, limits) != 0) {
        LOG.warn("the system did not take the limit {} of resource {}", most, resource);
      }
    }
  }

  /** From now on this process runs on so many of the processors that it may use, no more. */
  static void limitProcessors(int processors) throws IOException {
    if (!Platform.isLinux() || processors >= Runtime.getRuntime().availableProcessors()) {
      return;
    }
    try (Memory mask = new Memory(MAX_PROCESSORS / 8)) {
      mask.clear();
      if (call("sched_getaffinity", 0, (int) mask.size(), mask) < 0) {
        return;
      }
      List<Integer> mine = new ArrayList<>();
      for (int i = 0; i < MAX_PROCESSORS; i++) {
        if ((mask.getByte(i / 8) >> (i % 8) & 1) != 0) {
          mine.add(i);
        }
      }
      // Each notebook takes others, so that they do not meet on the first ones.
      Collections.shuffle(mine);
      mask.clear();
      for (int each : mine.subList(0, Math.min(processors, mine.size()))) {
        mask.setByte(each / 8, (byte) (mask.getByte(each / 8) | 1 << (each % 8)));
      }
      try (DirectoryStream<Path> threads = Files.newDirectoryStream(SELF.resolve("task"))) {
        for (Path thread : threads) {
          call(
              "sched_setaffinity",
              Integer.parseInt(thread.getFileName().toString()),
              (int) mask.size(),
              mask);
        }
      }
    }
  }
}
