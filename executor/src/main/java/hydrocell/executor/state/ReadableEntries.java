package hydrocell.executor.state;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;

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

  /** Throws when code that was stored refers to a variable that is not there any more. */
  void requireDefined(Name name) {
    if (name.kind() == Kind.VARIABLE && !names.isDefined(name)) {
      throw new UnreadableNameException(
          name,
          "`%s` is not defined any more, and code that was stored refers to it: define it again"
              .formatted(name.text()));
    }
  }

  /**
   * Throws when code that was stored would find 0 or null where its variable is of another type.
   */
  void requireFitting(Name name, Class<?> holder, boolean fits) {
    if (!fits && name.kind() == Kind.VARIABLE && !names.isPresent(name, holder)) {
      throw new UnreadableNameException(
          name,
          "`%s` has another type now than the stored code that refers to it knows: run the cell of that code again"
              .formatted(name.text()));
    }
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
