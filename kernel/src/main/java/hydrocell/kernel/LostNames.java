package hydrocell.kernel;

import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names of a notebook whose values went with a damaged part of the store, as the executor host
 * found out. Immutable.
 *
 * @param entries of the names
 */
record LostNames(List<Entry> entries) {
  private static final int SHOWN = 50;
  private static final String REASON = "its value was lost with a damaged part of the store";

  /**
   * Those of a manifest that nobody has written anew.
   *
   * @param versions what {@link SessionKeys#lost} says of those that were lost
   */
  static LostNames in(Manifest manifest, Set<String> versions) {
    return new LostNames(
        versions.isEmpty()
            ? List.of()
            : manifest.entries().stream()
                .filter(entry -> entry.state() == Entry.State.READY)
                .filter(entry -> versions.contains(SessionKeys.lost(entry)))
                .toList());
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** For the user. */
  String text() {
    return entries.stream()
            .limit(SHOWN)
            .map(entry -> "`%s` (cell [%d])".formatted(entry.name().text(), entry.cellNumber()))
            .collect(
                Collectors.joining(", ", "a part of the store is damaged, and the values of ", ""))
        + (entries.size() > SHOWN ? " and %d more".formatted(entries.size() - SHOWN) : "")
        + " are lost: run the cells that define them again";
  }

  /** From this commit on they are names that cannot be read, and can be declared again. */
  Commit commit(Stamp stamp, Manifest manifest, int cellNumber) {
    List<Entry> unreadable =
        entries.stream()
            .map(entry -> entry.in(Entry.State.STALE, REASON).at(stamp, entry.cellNumber()))
            .toList();
    return new Commit(
        stamp,
        manifest.frontier(),
        cellNumber,
        Commit.Ending.COMMAND,
        unreadable,
        List.of(),
        entries);
  }
}
