package hydrocell.kernel.magic;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What becomes of the names that refer to those that {@code %rm} takes away: methods and types wait
 * for the name to be defined again, as if it never had been; values cannot wait.
 */
final class Removal {
  private final Manifest manifest;
  private final Collection<Name> removed;

  Removal(Manifest manifest, Collection<Name> removed) {
    this.manifest = manifest;
    this.removed = removed;
  }

  /** Refuses to take a type away from variables that stay. */
  void require() throws MagicException {
    for (Entry entry : manifest.entries()) {
      Name name = entry.name();
      if (name.kind() == Kind.VARIABLE && !removed.contains(name)) {
        for (Name type : entry.symbol().refs()) {
          if (type.kind() == Kind.TYPE && removed.contains(type)) {
            throw new MagicException(
                "`%s` is declared with the type %s: remove both with `%%rm %s %s`"
                    .formatted(name.text(), type.text(), type.text(), name.text()));
          }
        }
      }
    }
  }

  /** The methods and types that cannot be used any more. */
  List<Entry> unusable() {
    Map<Name, Set<String>> missing = new LinkedHashMap<>();
    for (Name name : removed) {
      if (name.kind().isSpoken()) {
        for (Name dependent : manifest.dependents(List.of(name))) {
          missing.computeIfAbsent(dependent, d -> new TreeSet<>()).add(name.text());
        }
      }
    }
    List<Entry> entries = new ArrayList<>();
    missing.forEach((name, texts) -> {
      Entry entry = manifest.get(name);
      if (entry != null
          && !removed.contains(name)
          && (name.kind() == Kind.METHOD || name.kind() == Kind.TYPE)) {
        entries.add(entry.with(without(entry.symbol(), texts)));
      }
    });
    return entries;
  }

  private static Symbol without(Symbol symbol, Set<String> missing) {
    Set<String> all = new TreeSet<>(symbol.missing());
    all.addAll(missing);
    String reason =
        String.join(", ", missing) + (missing.size() == 1 ? " is" : " are") + " not defined";
    return new Symbol(
        symbol.name(),
        "",
        symbol.type(),
        "",
        symbol.sources(),
        List.of(),
        symbol.refs(),
        all,
        Set.of(),
        Set.of(),
        reason,
        List.of());
  }

  /** What to say of each name that refers to one that is gone. */
  List<String> notes(List<Entry> unusable) {
    List<String> notes = new ArrayList<>();
    for (Entry entry : unusable) {
      notes.add(
          "%s is defined but cannot be used: %s"
              .formatted(entry.name().text(), entry.symbol().broken()));
    }
    for (Entry entry : manifest.entries()) {
      if (!removed.contains(entry.name()) && entry.name().kind() == Kind.VARIABLE) {
        for (Name name : entry.valueRefs()) {
          if (removed.contains(name) && name.kind() == Kind.VARIABLE && !together(name, entry)) {
            notes.add(
                "code in the value of %s refers to %s, and fails until that is defined again"
                    .formatted(entry.name().text(), name.text()));
          }
        }
      }
    }
    return notes;
  }

  /**
   * Whether a name shares its value with another: then it is named there, and nothing refers to it.
   */
  private boolean together(Name name, Entry other) {
    Entry entry = manifest.get(name);
    return entry != null && Objects.equals(entry.valueKey(), other.valueKey());
  }
}
