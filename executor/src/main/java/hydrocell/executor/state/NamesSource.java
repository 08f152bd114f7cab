package hydrocell.executor.state;

import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import java.util.Collection;
import java.util.List;

/** Where the entries of names come from that a cell touched unforeseen: the kernel. */
@FunctionalInterface
public interface NamesSource {
  /** The entries of those names that exist. Called from any thread of the user; blocks. */
  List<Entry> entriesOf(Collection<Name> names);
}
