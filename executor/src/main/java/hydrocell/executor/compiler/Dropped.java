package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/**
 * Definitions that are left out of a compilation because they cannot compile now: those of the cell
 * that refer to something not yet defined, and earlier ones that the cell breaks. They stay
 * defined, and unusable.
 */
final class Dropped {
  /** What javac says as well when the type above is not known. */
  private static final Set<String> FOLLOW =
      Set.of("compiler.err.method.does.not.override.superclass");

  private final CellSplitter.Parts parts;
  private final Set<Name> names = new LinkedHashSet<>();
  private final Map<Name, Set<String>> missing = new LinkedHashMap<>();
  private final Map<Name, String> reasons = new LinkedHashMap<>();
  private final Map<String, List<Mistake>> mistakes = new LinkedHashMap<>();

  Dropped(CellSplitter.Parts parts) {
    this.parts = parts;
  }

  /** What javac said of a definition of the cell, and the unit that it said it of. */
  record Mistake(
      javax.tools.Diagnostic<? extends JavaFileObject> error, UnitWriter.@Nullable Unit unit) {}

  /** Leaves a name out. */
  void add(Name name, String reason) {
    names.add(name);
    reasons.put(name, reason);
  }

  Set<Name> names() {
    return names;
  }

  /** Why names cannot be used, by their text. */
  Map<String, String> reasons() {
    Map<String, String> byText = new LinkedHashMap<>();
    reasons.forEach((name, reason) -> byText.put(name.text(), reason));
    return byText;
  }

  /** Why a definition of this cell was left out; empty for any other name. */
  List<Mistake> mistakesOf(String name) {
    return mistakes.getOrDefault(name, List.of());
  }

  /**
   * Leaves out what these errors are about if that may be. Whether there was something.
   *
   * @param hints says what helps against an error
   */
  boolean drop(
      List<javax.tools.Diagnostic<? extends JavaFileObject>> errors,
      List<UnitWriter.Unit> written,
      Definitions all,
      Hints hints) {
    Map<String, UnitWriter.Unit> units =
        written.stream().collect(Collectors.toMap(UnitWriter.Unit::className, u -> u));
    Map<String, Name> byOuter = all.byOuterClass();
    Map<Name, List<javax.tools.Diagnostic<? extends JavaFileObject>>> byName =
        new LinkedHashMap<>();
    for (var error : errors) {
      Name name = byOuter.get(DiagnosticText.unitOf(error));
      if (name != null) {
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(error);
      }
    }
    boolean found = false;
    for (var each : byName.entrySet()) {
      Name name = each.getKey();
      boolean earlier = !all.isOfCell(name);
      if (drop(name, each.getValue(), earlier, hints)) {
        found = true;
        if (!earlier) {
          UnitWriter.Unit unit = units.get(DiagnosticText.unitOf(each.getValue().getFirst()));
          mistakes.put(
              name.text(), each.getValue().stream().map(e -> new Mistake(e, unit)).toList());
        }
      }
    }
    return found;
  }

  private boolean drop(
      Name name,
      List<javax.tools.Diagnostic<? extends JavaFileObject>> errors,
      boolean earlier,
      Hints hints) {
    boolean forward =
        name.kind() != Kind.VARIABLE
            && errors.stream().anyMatch(DiagnosticText::mayBeDefinedLater)
            && errors.stream()
                .allMatch(each ->
                    DiagnosticText.mayBeDefinedLater(each)
                        || FOLLOW.contains(String.valueOf(each.getCode())));
    if (!earlier && !forward) {
      return false;
    }
    Set<String> unknown =
        errors.stream()
            .map(DiagnosticText::unresolvedName)
            .filter(n -> !n.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    missing.put(name, unknown);
    add(
        name,
        forward && !unknown.isEmpty()
            ? notDefined(unknown, hints.of(errors.getFirst(), Set.of()))
            : DiagnosticText.message(errors.getFirst()).replace('\n', ' '));
    return true;
  }

  private static String notDefined(Set<String> unknown, String hint) {
    return String.join(", ", unknown)
        + (unknown.size() == 1 ? " is not defined" : " are not defined")
        + (hint.isEmpty() || unknown.size() > 1 ? "" : " (" + hint + ")");
  }

  /** What is kept of them, and a note about each. */
  List<Symbol> symbols(Definitions all, List<String> notes) {
    List<Symbol> symbols = new ArrayList<>();
    for (Name name : names) {
      Symbol symbol = symbol(name, all);
      symbols.add(symbol);
      notes.add("%s is defined but cannot be used: %s".formatted(name.text(), symbol.broken()));
    }
    return symbols;
  }

  private Symbol symbol(Name name, Definitions all) {
    Symbol before = all.known(name);
    return new Symbol(
        name,
        "",
        before == null ? "" : before.type(),
        "",
        all.sources(name, parts),
        List.of(),
        before == null ? Set.of() : before.refs(),
        missing.getOrDefault(name, Set.of()),
        Set.of(),
        Set.of(),
        reasons.getOrDefault(name, "it does not compile"),
        List.of());
  }
}
