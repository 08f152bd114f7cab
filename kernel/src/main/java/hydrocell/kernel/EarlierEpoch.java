package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import java.io.IOException;
import java.util.List;

/** What a session had before it was reset. */
final class EarlierEpoch {
  private EarlierEpoch() {}

  /** The names of the epoch before this one, as another epoch can take them over. */
  static List<Entry> entries(Backend backend, SessionKeys now) throws IOException {
    SessionKeys earlier = new SessionKeys(now.sessionId(), now.epoch() - 1);
    Manifest there = Manifest.of(Backend.await(backend.anna().get(earlier.manifest())).lattice());
    return there.entries().stream().map(EarlierEpoch::settled).toList();
  }

  /** Nobody goes on with what was under way. */
  static Entry settled(Entry entry) {
    return switch (entry.state()) {
      case PENDING -> entry.in(Entry.State.FAILED, "it was cancelled");
      case SAVING -> entry.asStored();
      case READY, FAILED, UNSTORABLE, STALE -> entry;
    };
  }
}
