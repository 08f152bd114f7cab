package hydrocell.install;

import hydrocell.cell.local.Installation;
import hydrocell.cell.local.Installation.Role;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lays out the folder that processes are started from and makes their start-up caches. The caches
 * come from a real run: every process records what it loads while a notebook is worked with ({@link
 * TrainingRun}), and the JVM turns the record into a cache. A cache is used only if a JVM that
 * insists on it starts; else the process starts without one, only slower.
 */
final class Assembly {
  private static final long CREATE_LIMIT_S = 120;
  private static final long CHECK_LIMIT_S = 30;

  private final Path folder;

  /**
   * An installed copy.
   *
   * @param folder absolute; holds {@code lib/} already
   */
  Assembly(Path folder) {
    this.folder = folder;
  }

  /** Writes the argument files, with the caches that exist. */
  void writeArguments() throws IOException {
    for (Role role : Role.values()) {
      Path cache = cache(role);
      write(
          role,
          Files.exists(cache) ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off") : List.of());
    }
  }

  /**
   * Records a run of every process and makes the caches.
   *
   * @return what the user should know; empty when every process has a cache
   */
  List<String> train(TrainingRun run) throws IOException, InterruptedException {
    List<String> notices = new ArrayList<>();
    Path records = folder.resolve("training");
    deleteFolder(records);
    Files.createDirectories(records);
    writeArguments();
    for (Role role : cachedRoles()) {
      Files.deleteIfExists(cache(role));
      Path record = records.resolve(role.fileName() + "-%p.aotconf");
      write(role, List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + record, "-Xlog:aot=off"));
    }
    try {
      run.run(folder, records.resolve("home"));
    } catch (IOException e) {
      notices.add("the training run failed (" + e.getMessage() + "): start-up will be slower");
    }
    for (Role role : cachedRoles()) {
      Path record = largest(records, role);
      String problem = record == null ? "it left no record" : create(role, record);
      if (problem != null) {
        Files.deleteIfExists(cache(role));
        notices.add(
            "no start-up cache for the %s process (%s): it starts without one, only slower"
                .formatted(role.fileName(), problem));
      }
    }
    deleteFolder(records);
    writeArguments();
    return notices;
  }

  private static List<Role> cachedRoles() {
    return Stream.of(Role.values()).filter(Role::cached).toList();
  }

  private Path cache(Role role) {
    return folder.resolve(role.fileName() + ".aot");
  }

  /** One option a line; paths are quoted, because a folder's name may hold spaces. */
  private void write(Role role, List<String> more) throws IOException {
    List<String> lines = new ArrayList<>(base(role));
    lines.addAll(more);
    lines.add(role.mainClass());
    Files.writeString(
        folder.resolve(role.fileName() + ".args"),
        lines.stream().map(Assembly::quoted).collect(Collectors.joining("\n", "", "\n")));
  }

  private List<String> base(Role role) throws IOException {
    List<String> options = new ArrayList<>(Installation.flags(role));
    options.add("-D" + Installation.PROPERTY + "=" + folder);
    options.add("-cp");
    options.add(
        ProcessJars.of(role, folder.resolve("lib")).stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    return options;
  }

  private static String quoted(String option) {
    return "\"" + option.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static @Nullable Path largest(Path records, Role role) throws IOException {
    Path best = null;
    try (Stream<Path> files = Files.list(records)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(role.fileName() + "-")
            && name.endsWith(".aotconf")
            && (best == null || Files.size(file) > Files.size(best))) {
          best = file;
        }
      }
    }
    return best;
  }

  /** Makes a cache and checks it; null, or what went wrong. */
  private @Nullable String create(Role role, Path record) throws IOException, InterruptedException {
    List<String> make = new ArrayList<>(List.of(java()));
    make.addAll(base(role));
    make.addAll(
        List.of(
            "-XX:AOTMode=create",
            "-XX:AOTConfiguration=" + record,
            "-XX:AOTCache=" + cache(role),
            "-Xlog:aot=off"));
    String made = runQuietly(make, CREATE_LIMIT_S);
    if (made != null) {
      return made;
    }
    List<String> check = new ArrayList<>(List.of(java()));
    check.addAll(base(role));
    check.addAll(List.of("-XX:AOTCache=" + cache(role), "-XX:AOTMode=on", "-version"));
    return runQuietly(check, CHECK_LIMIT_S);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static @Nullable String runQuietly(List<String> command, long limitS)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("hydrocell-assembly", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(limitS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        return "not done after " + limitS + " s";
      }
      return process.exitValue() == 0 ? null : lastLine(Files.readString(output));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String lastLine(String output) {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "it said nothing" : lines.getLast().strip();
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
