package hydrocell.executor.state;

import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.HashSet;
import java.util.Set;

/** Variables that a cell declares anew, and statics that it initialises: nothing to load. */
final class DeclaredNames {
  private DeclaredNames() {}

  /** The names of a cell, given what is known of the session's. */
  static Set<Name> of(CellFunction function, LiveNames names) {
    Set<Name> fresh = new HashSet<>();
    for (Symbol symbol : function.defines()) {
      Entry known = names.entry(symbol.name());
      boolean same = known == null || known.symbol().className().equals(symbol.className());
      if (symbol.name().kind() == Kind.VARIABLE
          && function.writes().contains(symbol.name())
          && (same || !function.reads().contains(symbol.name()))) {
        fresh.add(symbol.name());
      }
    }
    for (Name name : function.declares()) {
      Entry known = names.entry(name);
      if (known != null && known.state() != Entry.State.READY) {
        // Nobody can read what it was: the cell that made it is run again.
        fresh.add(name);
      }
    }
    for (Name type : function.initialises()) {
      fresh.add(Name.statics(type.text()));
    }
    return fresh;
  }
}
