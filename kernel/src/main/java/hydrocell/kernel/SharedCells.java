package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.cell.Commit;
import hydrocell.cell.SharedUse;
import hydrocell.kernel.protocol.JupyterMessage;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What sharing names with other notebooks means to a cell: before it, what others wrote is taken
 * over, and after it, what it wrote is shared. Costs a look into the manifest where nothing is
 * shared. For the thread that runs cells.
 */
final class SharedCells {
  private final Backend backend;
  private final Session session;
  private final Outputs outputs;
  private @Nullable SharedNames names;

  SharedCells(Backend backend, Session session, Outputs outputs) {
    this.backend = backend;
    this.session = session;
    this.outputs = outputs;
  }

  /** The shared variables. */
  SharedNames names() {
    SharedNames made = names;
    if (made == null) {
      made = new SharedNames(backend, session, InstantSource.system());
      names = made;
    }
    return made;
  }

  private boolean isShared() {
    return !session.manifest().beginningWith(SharedUse.FIRST).isEmpty();
  }

  /**
   * Takes over what others wrote, and tells of it; as a run of theirs, or null when nothing came.
   */
  @Nullable CellRun takeOver(JupyterMessage request) throws IOException {
    if (!isShared()) {
      return null;
    }
    SharedNames.News news = names().takeOver();
    news.lines().forEach(line -> outputs.note(request, line));
    return news.changed().isEmpty() ? null : CellRun.ofOthers(news.changed());
  }

  /** Shares what a cell committed, before its reply; what fails is tried again by the next cell. */
  void publish(CellRequest cell, @Nullable Commit commit) {
    if (commit == null || !isShared()) {
      return;
    }
    try {
      names().publish().forEach(line -> outputs.note(cell.message(), line));
    } catch (IOException | AnnaException e) {
      outputs.note(
          cell.message(),
          "what this cell changed is saved, and shared by the next cell: " + e.getMessage());
    }
  }
}
