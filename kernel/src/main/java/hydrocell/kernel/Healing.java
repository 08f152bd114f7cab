package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a cell is let read that failed before: the names that it failed to write itself. Run again,
 * it finds them as they were before it failed; for every other cell they have no value. Immutable.
 */
final class Healing {
  private final String cellHash;

  /** Of a cell. */
  Healing(CellRequest cell) {
    cellHash = Hashes.sha256(cell.source().strip());
  }

  /** By what the names that the cell writes tell that it was this cell. */
  String cellHash() {
    return cellHash;
  }

  private boolean heals(Entry entry) {
    return entry.state() == Entry.State.FAILED
        && entry.valueKey() != null
        && entry.cellHash().equals(cellHash);
  }

  /** An entry as the cell may see it. */
  Entry seen(Entry entry) {
    return heals(entry) ? entry.asStored() : entry;
  }

  /** Of names that failed, those that the cell cannot read either. */
  List<Entry> unreadable(Collection<Entry> failed) {
    return failed.stream().filter(entry -> !heals(entry)).toList();
  }

  /** After the cell has returned: what it left as it was before it failed can be read again. */
  List<Entry> restored(Session session, Collection<Entry> failed) {
    List<Name> names = new ArrayList<>();
    failed.stream().filter(this::heals).forEach(entry -> names.add(entry.name()));
    return session.entries(names).stream().filter(this::heals).map(Entry::asStored).toList();
  }
}
