package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.cell.SessionKeys;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * The pages of a notebook's history: maps of some hundred cells each, of which the last are kept.
 * So the history of a notebook that is run for years has a limit. For one thread.
 */
final class HistoryPages {
  private static final int PAGES_KEPT = 20;
  private static final int PAGE_LINES = 500;
  private static final int PAGE_BYTES = 1 << 20;
  private static final int MAX_PAGES = 1_000;

  private String sessionId = "";
  private int page;
  private int lines;
  private long bytes;

  /** The pages that there are, the oldest first. */
  static List<Key> of(AnnaClient anna, SessionKeys keys) throws IOException {
    return Backend.await(anna.scan(keys.historyPrefix(), null, MAX_PAGES)).keys().stream()
        .sorted(Comparator.comparingInt(SessionKeys::historyPage))
        .toList();
  }

  /** Where the next line goes. The first time this looks for the last page. */
  Key forLine(AnnaClient anna, SessionKeys keys, int lineBytes) throws IOException {
    if (!sessionId.equals(keys.sessionId())) {
      open(anna, keys);
    }
    if (lines >= PAGE_LINES || bytes >= PAGE_BYTES) {
      page++;
      lines = 0;
      bytes = 0;
      List<Key> old =
          of(anna, keys).stream()
              .filter(key -> SessionKeys.historyPage(key) <= page - PAGES_KEPT)
              .toList();
      anna.delete(old);
    }
    lines++;
    bytes += lineBytes;
    return keys.history(page);
  }

  private void open(AnnaClient anna, SessionKeys keys) throws IOException {
    List<Key> known = of(anna, keys);
    page = known.isEmpty() ? 0 : SessionKeys.historyPage(known.getLast());
    lines = 0;
    bytes = 0;
    if (Backend.await(anna.get(keys.history(page))).lattice() instanceof MapLattice map) {
      lines = map.fields().size();
      for (Lattice line : map.fields().values()) {
        bytes += line instanceof LwwRegister register ? register.value().length : 0;
      }
    }
    sessionId = keys.sessionId();
  }
}
