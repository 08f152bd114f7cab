package hydrocell.executor.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open files that are kept for the executor itself: when a cell has opened all that it may, these
 * are closed, so that its end can still be told and its state be saved. Used by the work thread and
 * the thread of the cell that runs.
 */
final class SpareFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SpareFiles.class);
  private static final Path NOTHING = Path.of("/dev/null");

  /** How many; beyond what the user may open. */
  static final int COUNT = 24;

  private final List<FileInputStream> held = new ArrayList<>();

  /** Takes as many as there are to be had; before a cell runs. */
  synchronized void hold() {
    if (held.size() == COUNT || !Files.exists(NOTHING)) {
      return;
    }
    try {
      while (held.size() < COUNT) {
        held.add(new FileInputStream(NOTHING.toFile()));
      }
    } catch (IOException e) {
      LOG.info("only {} spare files are to be had: {}", held.size(), e.getMessage());
    }
  }

  /** Gives them up if no other is left; after a cell's own code. */
  synchronized void makeRoom() {
    if (held.isEmpty()) {
      return;
    }
    try (FileInputStream probe = new FileInputStream(NOTHING.toFile())) {
      LOG.trace("files are left: {}", probe);
    } catch (IOException e) {
      for (FileInputStream each : held) {
        close(each);
      }
      held.clear();
    }
  }

  private static void close(FileInputStream file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("closing a spare file", e);
    }
  }
}
