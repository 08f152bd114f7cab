package hydrocell.install;

import hydrocell.anna.wire.Build;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.Installation.Role;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The argument files that processes are started by: flags, class path, start-up cache, main class.
 *
 * @param folder where they and the caches are
 * @param lib folder of the jars
 */
record ArgumentFiles(Path folder, Path lib) {
  /** Stands for the folder of the jars in {@link #writeTemplates}. */
  private static final String LIB = "@LIB@";

  private static final String FOLDER = "@FOLDER@";

  /** Where a role's start-up cache is, if there is one. */
  Path cache(Role role) {
    return folder.resolve(role.fileName() + ".aot");
  }

  /** Writes the files of all roles, with the caches that exist. */
  void write() throws IOException {
    for (Role role : Role.values()) {
      Path cache = cache(role);
      write(
          role,
          Files.exists(cache) ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off") : List.of());
    }
  }

  /** Writes one file with more options; a reader sees the whole of it or the earlier one. */
  void write(Role role, List<String> more) throws IOException {
    Path file = folder.resolve(role.fileName() + ".args");
    // Not as a temporary file: a copy may serve all users of a machine.
    Path fresh =
        folder.resolve("%s-%d.new".formatted(role.fileName(), ProcessHandle.current().pid()));
    Files.writeString(fresh, text(role, more));
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Writes the files for a place that is not known yet: in them {@code @LIB@} stands for the folder
   * of the jars, {@code @FOLDER@} for their own, and a colon separates jars.
   */
  void writeTemplates(Path into) throws IOException {
    Files.createDirectories(into);
    for (Role role : Role.values()) {
      Files.writeString(
          into.resolve(role.fileName() + ".args"),
          text(role, List.of())
              .replace(lib.toString(), LIB)
              .replace(folder.toString(), FOLDER)
              .replace(File.pathSeparator + LIB, ":" + LIB));
    }
  }

  /** One option a line; they are quoted, because a folder's name may hold spaces. */
  private String text(Role role, List<String> more) throws IOException {
    List<String> lines = new ArrayList<>(options(role));
    lines.addAll(more);
    lines.add(role.mainClass());
    return lines.stream().map(ArgumentFiles::quoted).collect(Collectors.joining("\n", "", "\n"));
  }

  /** What a role's JVM is told in any case. */
  List<String> options(Role role) throws IOException {
    List<String> options = new ArrayList<>(Installation.flags(role));
    options.add("-D" + Installation.PROPERTY + "=" + folder);
    options.add("-D" + Build.PROPERTY + "=" + build());
    options.add("-cp");
    options.add(
        ProcessJars.of(role, lib).stream()
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)));
    return options;
  }

  /** Of the jar that this class is in. */
  private static String build() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = ArgumentFiles.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    }
    return properties.getProperty("build");
  }

  private static String quoted(String option) {
    return "\"" + option.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
