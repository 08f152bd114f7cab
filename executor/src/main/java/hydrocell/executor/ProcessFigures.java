package hydrocell.executor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What processes use now, as {@code /proc} tells. Immutable.
 *
 * @param memoryBytes resident memory that no file backs
 * @param threads how many, of all processes together
 * @param cpuMs processor time since each began, with that of children that ended
 */
record ProcessFigures(long memoryBytes, int threads, long cpuMs) {
  private static final Path PROC = Path.of("/proc");
  private static final long MS_PER_TICK = 10;

  /** Places in {@code /proc/PID/stat}, counted behind the name's closing bracket. */
  private static final int STATE = 0;

  private static final int PARENT = 1;
  private static final int SESSION = 3;

  private static final int USER_TICKS = 11;
  private static final int CHILDRENS_SYSTEM_TICKS = 14;

  private static final int MAX_KILLS = 100;
  private static final int MAX_ANCESTORS = 100;

  private ProcessFigures plus(ProcessFigures other) {
    return new ProcessFigures(
        memoryBytes + other.memoryBytes, threads + other.threads, cpuMs + other.cpuMs);
  }

  /** Of one process; null when there is none, or the system does not tell. */
  static @Nullable ProcessFigures of(long pid) {
    Path folder = PROC.resolve(Long.toString(pid));
    String[] stat = stat(folder);
    return stat == null ? null : read(folder, stat);
  }

  /**
   * Looks at every process of this machine once. One belongs to a group when it is of the session
   * of the system's that the group's leader leads, or descends from the group's root: what leaves
   * the session does so too, as long as its parents live, and in a sandbox always.
   *
   * @param roots the leaders of the groups, by their roots
   */
  static Map<Long, ProcessFigures> byGroup(Map<Long, Long> roots) {
    Map<Long, String[]> all = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path folder : processes) {
        String[] stat = stat(folder);
        if (stat != null) {
          all.put(Long.parseLong(folder.getFileName().toString()), stat);
        }
      }
    } catch (IOException e) {
      return Map.of();
    }
    Map<Long, ProcessFigures> groups = new HashMap<>();
    all.forEach((pid, stat) -> {
      Long group = groupOf(pid, all, roots);
      ProcessFigures figures = group == null ? null : read(PROC.resolve(Long.toString(pid)), stat);
      if (group != null && figures != null) {
        groups.merge(group, figures, ProcessFigures::plus);
      }
    });
    return groups;
  }

  private static @Nullable Long groupOf(long pid, Map<Long, String[]> all, Map<Long, Long> roots) {
    String[] own = all.get(pid);
    long session = own == null ? 0 : Long.parseLong(own[SESSION]);
    if (roots.containsValue(session)) {
      return session;
    }
    long each = pid;
    // Bounded, for while this looks one process may become the parent of its own.
    for (int up = 0; up < MAX_ANCESTORS; up++) {
      Long leader = roots.get(each);
      String[] stat = all.get(each);
      if (leader != null || stat == null) {
        return leader;
      }
      each = Long.parseLong(stat[PARENT]);
    }
    return null;
  }

  /**
   * Kills what is left of a session of the system's after its leader has gone, and what that starts
   * meanwhile.
   */
  static void killGroup(long leader) {
    for (int times = 0; times < MAX_KILLS && killOnce(leader); times++) {
      Thread.onSpinWait();
    }
  }

  private static boolean killOnce(long leader) {
    boolean some = false;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path folder : processes) {
        String[] stat = stat(folder);
        if (stat != null && Long.parseLong(stat[SESSION]) == leader && !stat[STATE].equals("Z")) {
          some = true;
          ProcessHandle.of(Long.parseLong(folder.getFileName().toString()))
              .ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    } catch (IOException e) {
      return false;
    }
    return some;
  }

  private static String @Nullable [] stat(Path folder) {
    try {
      String stat =
          Files.readString(folder.resolve("stat"), java.nio.charset.StandardCharsets.ISO_8859_1);
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    } catch (IOException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static @Nullable ProcessFigures read(Path folder, String[] stat) {
    long ticks = 0;
    for (int i = USER_TICKS; i <= CHILDRENS_SYSTEM_TICKS; i++) {
      ticks += Long.parseLong(stat[i]);
    }
    long memory = 0;
    int threads = 0;
    try {
      for (String line :
          Files.readAllLines(
              folder.resolve("status"), java.nio.charset.StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
          memory += number(line) << 10;
        } else if (line.startsWith("Threads:")) {
          threads = (int) number(line);
        }
      }
    } catch (IOException e) {
      return null;
    }
    return new ProcessFigures(memory, threads, ticks * MS_PER_TICK);
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
