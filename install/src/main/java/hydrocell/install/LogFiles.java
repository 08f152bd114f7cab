package hydrocell.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the folder of logs small. {@code node.log} is rotated by who writes it. What processes
 * write on their error streams goes to a file each, {@code executor-ID.log}, {@code node.out} and
 * so on, opened to append: a long one is copied to {@code NAME.1} and cut, and the writer goes on
 * at its new end. The oldest files go when there are too many. Its thread ends with the process.
 */
final class LogFiles {
  static final long MAX_BYTES = 2L << 20;
  static final int MAX_FILES = 300;
  private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
  private static final long LOOK_S = 20;

  private final Path folder;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-files").factory());

  /** Of a folder; {@link #start} begins. */
  LogFiles(Path folder) {
    this.folder = folder;
  }

  /** Looks now and then. */
  void start() {
    thread.scheduleWithFixedDelay(this::look, 0, LOOK_S, TimeUnit.SECONDS);
  }

  private void look() {
    try {
      tidy();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the logs are left as they are: {}", e.toString());
    }
  }

  /** A file and its last change. */
  private record Changed(Path file, FileTime at) {}

  /** Cuts what is too long, and deletes what is too much. */
  void tidy() throws IOException {
    List<Changed> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{log,out,1}")) {
      for (Path file : files) {
        if (!file.getFileName().toString().matches("node(\\.\\d+)?\\.log")) {
          try {
            cut(file);
            all.add(new Changed(file, Files.getLastModifiedTime(file)));
          } catch (NoSuchFileException e) {
            LOG.debug("{} has gone", file);
          }
        }
      }
    }
    all.sort(Comparator.comparing(Changed::at));
    for (Changed old : all.subList(0, Math.max(0, all.size() - MAX_FILES))) {
      Files.deleteIfExists(old.file());
    }
  }

  private static void cut(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES && !file.toString().endsWith(".1")) {
      Files.copy(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
        open.truncate(0);
      }
    }
  }
}
