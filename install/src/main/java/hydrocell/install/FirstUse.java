package hydrocell.install;

import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.NodeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The start-up caches of a copy whose jars came in a wheel: made when it is first used, by a
 * process beside the local node, with the lowest priority. Until then processes start without
 * caches. The folder is drawn in the description of this package.
 *
 * @param folder of the copy's argument files and caches
 */
record FirstUse(Path folder) {
  private static final Duration KEPT_UNUSED = Duration.ofDays(60);

  /** The copy that this process belongs to; null when it did not come in a wheel. */
  static @Nullable FirstUse here() {
    Path folder = Installation.here().folder();
    FirstUse use = folder == null ? null : new FirstUse(folder);
    return use != null && Files.exists(use.jars()) ? use : null;
  }

  private Path jars() {
    return folder.resolve("jars");
  }

  private Path trained() {
    return folder.resolve("trained");
  }

  private Path lib() throws IOException {
    return Path.of(Files.readString(jars()).strip());
  }

  /** Whether caches are still to be made. */
  boolean isPending() {
    return !Files.exists(trained());
  }

  /** Starts to make the caches; the process ends with its standard input at the latest. */
  Process begin(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    Path nice = Path.of("/usr/bin/nice");
    if (Files.isExecutable(nice)) {
      command.addAll(List.of(nice.toString(), "-n", "19"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dhydrocell.log=" + log.getParent(),
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            lib().resolve("*").toString(),
            CommandLine.class.getName(),
            "train",
            folder.toString()));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Gives up when nobody holds the other end of standard input any more. */
  void endWithInput() {
    Thread.ofPlatform()
        .daemon()
        .name("end-with-input")
        .start(() -> {
          try {
            while (System.in.read() >= 0) {
              continue;
            }
          } catch (IOException e) {
            // Closed in another way; the meaning is the same.
          }
          killAll();
          Runtime.getRuntime().halt(1);
        });
  }

  private void killAll() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      Path home = folder.resolve("training/home");
      NodeFile node =
          NodeFile.read(Folders.of(Map.of("HYDROCELL_HOME", home.toString()), "", home).nodeFile());
      if (node != null && node.isAlive()) {
        ProcessHandle process = ProcessHandle.of(node.pid()).orElseThrow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      System.err.println("hydrocell: " + e.getMessage());
    }
  }

  /**
   * Makes the caches, unless they are there or another process makes them.
   *
   * @return what the user should know
   */
  List<String> train() throws IOException, InterruptedException {
    try (FileChannel file =
            FileChannel.open(
                folder.resolve("train.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      if (lock == null || !isPending()) {
        return List.of();
      }
      ArgumentFiles files = new ArgumentFiles(folder, lib());
      List<String> notices = new Assembly(files).train(new TrainingRun());
      if (Files.exists(files.cache(Installation.Role.KERNEL))) {
        Files.writeString(trained(), String.join("\n", notices) + "\n", StandardCharsets.UTF_8);
        forgetOthers();
      }
      return notices;
    }
  }

  /** Removes what was made for jars that are gone, or that nobody has started for a long time. */
  private void forgetOthers() throws IOException {
    Instant limit = Instant.now().minus(KEPT_UNUSED);
    try (Stream<Path> all = Files.list(folder.resolveSibling("."))) {
      for (Path each : all.map(Path::normalize).filter(Files::isDirectory).toList()) {
        FirstUse other = new FirstUse(each);
        if (each.equals(folder) || !Files.exists(other.jars())) {
          continue;
        }
        boolean unused = Files.getLastModifiedTime(other.jars()).toInstant().isBefore(limit);
        if (unused || !Files.isDirectory(other.lib())) {
          Assembly.deleteFolder(each);
        }
      }
    }
  }
}
