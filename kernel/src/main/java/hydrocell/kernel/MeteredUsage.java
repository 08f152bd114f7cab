package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Usage;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the executor host has counted in Anna of this notebook and its owner; for {@code %stats}.
 */
public final class MeteredUsage {
  private final Backend backend;
  private final Session session;

  MeteredUsage(Backend backend, Session session) {
    this.backend = backend;
    this.session = session;
  }

  /** Of all cells of this notebook. */
  public Usage ofNotebook() throws IOException {
    return Usage.of(Backend.await(backend.anna().get(session.keys().usage())).lattice(), "");
  }

  /** Of all cells of its owner. */
  public Usage ofOwner() throws IOException {
    var key = SessionKeys.usageOfOwner(session.owner());
    return Usage.of(Backend.await(backend.anna().get(key)).lattice(), "");
  }

  /** Of single cells of this epoch, by number: of the last ones up to {@code newest}. */
  public SortedMap<Integer, Usage> ofCells(int newest, int count) throws IOException {
    SortedMap<Integer, Usage> cells = new TreeMap<>();
    AnnaClient.@Nullable Read page = null;
    long pageNumber = -1;
    for (int cell = newest; cell > 0 && cell > newest - count; cell--) {
      if (cell / SessionKeys.CELLS_PER_PAGE != pageNumber) {
        pageNumber = cell / SessionKeys.CELLS_PER_PAGE;
        CompletableFuture<AnnaClient.Read> read =
            backend.anna().get(session.keys().usageOfCells(pageNumber));
        page = Backend.await(read);
      }
      Usage usage = page == null ? Usage.ZERO : Usage.of(page.lattice(), cell + "/");
      if (usage.cells() > 0) {
        cells.put(cell, usage);
      }
    }
    return cells;
  }
}
