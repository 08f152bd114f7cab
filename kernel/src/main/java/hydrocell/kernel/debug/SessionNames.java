package hydrocell.kernel.debug;

import hydrocell.cell.Entry;
import hydrocell.cell.Symbol;
import java.util.List;
import java.util.Set;

/** The variables of the session, as the manifest and the cell that runs know them. */
interface SessionNames {
  /** How they are defined. */
  List<Symbol> variables();

  /** The entries of all but these names. */
  List<Entry> others(Set<String> names);
}
