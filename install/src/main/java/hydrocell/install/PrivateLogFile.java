package hydrocell.install;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A rolling log file that only its owner can read, whatever the umask. */
public final class PrivateLogFile extends RollingFileAppender<ILoggingEvent> {
  @Override
  public void openFile(String name) throws IOException {
    Path file = Path.of(name).toAbsolutePath();
    Files.createDirectories(file.getParent());
    if (!Files.exists(file)
        && Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    super.openFile(name);
  }
}
