package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SharedUpdates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What changed in a session and has not been told: names, to the executor that holds their values,
 * and names with versions side by side, to the user. Belongs to the session, whose lock guards it.
 */
final class UntoldNames {
  private final Set<Name> names = new HashSet<>();
  private final Set<Name> siblings = new HashSet<>();

  /** Names were written, or removed. */
  void add(Collection<Entry> written, Collection<Name> removed) {
    written.forEach(entry -> names.add(entry.name()));
    names.addAll(removed);
  }

  /** Notes every name that two states of a manifest do not say the same of. */
  void noteChanges(Manifest before, Manifest now) {
    Set<Name> all = new LinkedHashSet<>();
    before.entries().forEach(entry -> all.add(entry.name()));
    now.entries().forEach(entry -> all.add(entry.name()));
    for (Name name : all) {
      Entry old = before.get(name);
      if (old == null || !old.equals(now.get(name))) {
        names.add(name);
      }
    }
  }

  /** Notes names that have other versions side by side than before; these versions. */
  List<Entry> noteSiblings(Manifest before, Manifest now) {
    List<Entry> fresh = new ArrayList<>();
    now.siblings()
        .forEach((name, versions) -> {
          boolean seen = versions.equals(before.siblings().get(name));
          if (!seen && !SharedUpdates.isName(name)) {
            siblings.add(name);
            fresh.addAll(versions);
          }
        });
    return fresh;
  }

  /** The names that an executor is to be told; they are told now. */
  Set<Name> take() {
    Set<Name> taken = new LinkedHashSet<>(names);
    names.clear();
    return taken;
  }

  /** Nobody needs to be told any more. */
  void forget() {
    names.clear();
  }

  /** The names with versions side by side that are still so; they are told now. */
  Set<Name> takeSiblings(Manifest now) {
    Set<Name> taken = new TreeSet<>(siblings);
    taken.retainAll(now.siblings().keySet());
    siblings.clear();
    return taken;
  }
}
