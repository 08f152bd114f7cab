package hydrocell.executor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the temporary folders of executors that have ended. Never follows a symbolic link: what a
 * cell linked to is not the cell's.
 */
final class ScratchFolders {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchFolders.class);

  private static final long MAX_KEPT_BYTES = 4 << 20;

  private ScratchFolders() {}

  /** Removes what hosts that died left behind. */
  static void clear(Path all) throws IOException {
    Files.createDirectories(all);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(all)) {
      left.forEach(ScratchFolders::remove);
    }
  }

  /** Takes a file out of what is removed, if it is one, and no larger than such a file can be. */
  static void keep(Path file, Path at) {
    try {
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) < MAX_KEPT_BYTES) {
        Files.move(file, at);
      }
    } catch (IOException e) {
      LOG.warn("{} is not kept: {}", file, e.toString());
    }
  }

  /** Removes a folder and everything in it, as far as that goes. */
  static void remove(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
                throws IOException {
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      LOG.warn("the temporary folder {} is left behind: {}", folder, e.toString());
    }
  }
}
