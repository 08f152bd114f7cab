package hydrocell.install;

import hydrocell.cell.local.Installation.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the start-up caches of an installed copy. They come from a real run: every process records
 * what it loads while a notebook is worked with ({@link TrainingRun}), and the JVM turns the record
 * into a cache. A cache is used only if a JVM that insists on it starts; else the process starts
 * without one, only slower. Recording happens in a folder of its own, so that processes of the copy
 * can run meanwhile.
 */
final class Assembly {
  private static final long CREATE_LIMIT_S = 120;
  private static final long CHECK_LIMIT_S = 30;

  private final ArgumentFiles files;
  private final ArgumentFiles recording;

  /** An installed copy, whose folder exists. Paths are absolute. */
  Assembly(ArgumentFiles files) {
    this.files = files;
    this.recording = new ArgumentFiles(files.folder().resolve("training"), files.lib());
  }

  /**
   * Records a run of every process, makes the caches, and has processes use them from now on.
   *
   * @return what the user should know; empty when every process has a cache
   */
  List<String> train(TrainingRun run) throws IOException, InterruptedException {
    List<String> notices = new ArrayList<>();
    Path records = recording.folder();
    deleteFolder(records);
    Files.createDirectories(records);
    files.write();
    recording.write();
    for (Role role : cachedRoles()) {
      Path record = records.resolve(role.fileName() + "-%p.aotconf");
      recording.write(
          role, List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + record, "-Xlog:aot=off"));
    }
    try {
      run.run(records, records.resolve("home"));
    } catch (IOException e) {
      notices.add("the training run failed (" + e.getMessage() + "): start-up will be slower");
    }
    for (Role role : cachedRoles()) {
      Path record = largest(records, role);
      String problem = record == null ? "it left no record" : create(role, record);
      if (problem == null) {
        Files.move(recording.cache(role), files.cache(role), StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.deleteIfExists(files.cache(role));
        notices.add(
            "no start-up cache for the %s process (%s): it starts without one, only slower"
                .formatted(role.fileName(), problem));
      }
    }
    files.write();
    deleteFolder(records);
    return notices;
  }

  private static List<Role> cachedRoles() {
    return Stream.of(Role.values()).filter(Role::cached).toList();
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
    make.addAll(recording.options(role));
    make.addAll(
        List.of(
            "-XX:AOTMode=create",
            "-XX:AOTConfiguration=" + record,
            "-XX:AOTCache=" + recording.cache(role),
            "-Xlog:aot=off"));
    String made = runQuietly(make, CREATE_LIMIT_S);
    if (made != null) {
      return made;
    }
    List<String> check = new ArrayList<>(List.of(java()));
    check.addAll(recording.options(role));
    check.addAll(List.of("-XX:AOTCache=" + recording.cache(role), "-XX:AOTMode=on", "-version"));
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

  static void deleteFolder(Path folder) throws IOException {
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
