package hydrocell.kernel;

import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes the commits that a kernel makes by itself, without a cell.
 *
 * @param manifest what they follow
 * @param stamp of the commit
 * @param cellNumber of the last cell
 */
record KernelCommit(Manifest manifest, Stamp stamp, int cellNumber) {

  /** A command: a step that one goes back by. */
  Commit command(List<Entry> entries, List<Name> removed) {
    return replacing(Commit.Ending.COMMAND, entries, removed);
  }

  /**
   * What comes from elsewhere, or is kept as it is: a step that one goes back by only where it
   * replaces what a cell of this notebook wrote.
   */
  Commit takeOver(List<Entry> entries, List<Name> removed) {
    boolean replaces = entries.stream().anyMatch(this::replacesOwn);
    return replacing(replaces ? Commit.Ending.COMMAND : Commit.Ending.WIDGETS, entries, removed);
  }

  private boolean replacesOwn(Entry entry) {
    Entry known = manifest.get(entry.name());
    return known != null
        && known.owner().isEmpty()
        && known.valueKey() != null
        && !known.valueKey().equals(entry.valueKey());
  }

  /** A name whose changes are not found any more gets the value that was stored before. */
  Commit restore(Entry saving) {
    Entry stored = saving.asStored().at(stamp, saving.cellNumber());
    return commit(Commit.Ending.UNCHANGED, List.of(stored), List.of(), List.of(stored));
  }

  /** Versions that stand side by side are kept among what can be gone back to. */
  Commit keep(List<Entry> versions) {
    return commit(Commit.Ending.COMMAND, List.of(), List.of(), versions);
  }

  private Commit replacing(Commit.Ending ending, List<Entry> entries, List<Name> removed) {
    List<Entry> before =
        Stream.concat(entries.stream().map(Entry::name), removed.stream())
            .map(manifest::get)
            .filter(Objects::nonNull)
            .toList();
    List<Entry> stamped = new ArrayList<>();
    entries.forEach(entry -> stamped.add(entry.at(stamp, cellNumber)));
    return commit(ending, stamped, removed, before);
  }

  private Commit commit(
      Commit.Ending ending, List<Entry> entries, List<Name> removed, List<Entry> before) {
    return new Commit(stamp, manifest.frontier(), cellNumber, ending, entries, removed, before);
  }
}
