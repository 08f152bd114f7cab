package hydrocell.executor.state;

import hydrocell.cell.Entry;

/**
 * Which entries have a value that can be read here: one that is stored, or one that could not be
 * and lives in this executor. Thread-safe.
 */
final class ReadableEntries {
  private final String executorId;
  private final LiveNames names;

  ReadableEntries(String executorId, LiveNames names) {
    this.executorId = executorId;
    this.names = names;
  }

  /** Throws unless a cell may go on to read the value of an entry. */
  void require(Entry entry) {
    String text = entry.name().text();
    switch (entry.state()) {
      case READY -> {}
      case UNSTORABLE -> {
        boolean here = entry.executorId().equals(executorId) && names.holds(entry.name());
        if (!here) {
          throw new UnreadableNameException(
              entry.name(),
              "`%s` is gone: it could not be stored (%s), and the executor that held it has ended."
                      .formatted(text, entry.reason())
                  + " Run cell [%d], which defines it, again%s."
                      .formatted(
                          entry.cellNumber(),
                          entry.valueKey() == null
                              ? ""
                              : "; `%%checkout %s` brings back what was stored last"
                                  .formatted(text)));
        }
      }
      case PENDING ->
          throw new UnreadableNameException(
              entry.name(), "`%s` is not ready yet: %s".formatted(text, entry.reason()));
      case SAVING -> {
        if (!names.holds(entry.name())) {
          throw new UnreadableNameException(
              entry.name(), "`%s` is still being saved for %s".formatted(text, entry.reason()));
        }
      }
      case FAILED, STALE -> throw ValueLoads.unreadable(entry, entry.reason());
    }
  }
}
