package hydrocell.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFilesTest {
  @TempDir Path folder;

  private void write(OutputStream log, long bytes) throws Exception {
    byte[] line = "a line of a log that goes on and on\n".getBytes(StandardCharsets.US_ASCII);
    for (long written = 0; written < bytes; written += line.length) {
      log.write(line);
    }
    log.flush();
  }

  @Test
  void aLongLogIsCutWhileItsWriterGoesOn() throws Exception {
    Path log = folder.resolve("node.out");
    try (OutputStream out =
        Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (int round = 0; round < 3; round++) {
        write(out, LogFiles.MAX_BYTES + 1);
        new LogFiles(folder).tidy();
        assertEquals(0, Files.size(log));
      }
      out.write("the end\n".getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals("the end\n", Files.readString(log));
    assertTrue(Files.size(folder.resolve("node.out.1")) > LogFiles.MAX_BYTES);
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void theOldestLogsGoAndTheNodesOwnStay() throws Exception {
    Files.writeString(folder.resolve("node.log"), "kept");
    Files.setLastModifiedTime(folder.resolve("node.log"), FileTime.fromMillis(1));
    for (int i = 0; i < LogFiles.MAX_FILES + 5; i++) {
      Path log = Files.writeString(folder.resolve("executor-%04d.log".formatted(i)), "x");
      Files.setLastModifiedTime(log, FileTime.fromMillis(1_000L * (i + 1)));
    }
    new LogFiles(folder).tidy();
    assertTrue(Files.exists(folder.resolve("node.log")));
    assertFalse(Files.exists(folder.resolve("executor-0004.log")));
    assertTrue(Files.exists(folder.resolve("executor-0005.log")));
  }
}
