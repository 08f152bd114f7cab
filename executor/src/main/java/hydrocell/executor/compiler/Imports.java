package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;

/**
 * The imports that hold for a cell: those of every notebook, those of the session and the cell's
 * own. What was written last counts: an import takes its simple name away from an earlier import
 * and from an earlier type, and a type of the session hides earlier imports.
 */
final class Imports {
  /** What every cell sees. */
  private static final List<String> DEFAULT =
      List.of(
          "java.io.*",
          "java.math.*",
          "java.net.*",
          "java.nio.file.*",
          "java.time.*",
          "java.util.*",
          "java.util.concurrent.*",
          "java.util.function.*",
          "java.util.regex.*",
          "java.util.stream.*",
          "hydrocell.api.comm.*",
          "hydrocell.api.shared.*",
          "static hydrocell.api.Hydrocell.*");

  private final List<Symbol> context;
  private final CellSplitter.Parts parts;
  private final Set<String> ofCell;
  private Set<String> variables = Set.of();

  /**
   * The imports of a cell.
   *
   * @param more those that it needs besides the ones that it spells
   */
  Imports(List<Symbol> context, CellSplitter.Parts parts, Set<String> more) {
    this.context = context;
    this.parts = parts;
    ofCell =
        parts.imports().stream()
            .map(each -> each.name().text())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    ofCell.addAll(more);
  }

  /** The packages whose classes need no import. */
  static Set<String> defaultPackages() {
    Set<String> packages =
        DEFAULT.stream()
            .filter(text -> !text.startsWith("static "))
            .map(text -> text.replace(".*", ""))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    packages.add("java.lang");
    return packages;
  }

  /** The variables that the cell declares hide earlier imports, too. */
  void hideBehind(Set<String> declaredVariables) {
    variables = declaredVariables;
  }

  /**
   * Adds imports of the classes of {@code java.base} that these errors say are not known: every
   * cell sees them, as if it began with {@code import module java.base}. Whether there were any.
   */
  boolean complete(
      List<javax.tools.Diagnostic<? extends JavaFileObject>> errors, ClassIndex index) {
    boolean added = false;
    for (var error : errors) {
      String name = DiagnosticText.unresolvedName(error);
      if (!name.isEmpty()
          && Character.isUpperCase(name.charAt(0))
          && !DiagnosticText.isMember(error)
          && DiagnosticText.mayBeDefinedLater(error)) {
        String found = index.onlyOneOfJavaBase(name);
        added |= found != null && ofCell.add(found);
      }
    }
    return added;
  }

  /** Import declarations, in one line. */
  String line() {
    Set<String> all = new LinkedHashSet<>(DEFAULT);
    Set<String> hidden = hidden();
    for (Symbol symbol : context) {
      String text = symbol.name().text();
      if (symbol.name().kind() == Kind.IMPORT
          && symbol.broken() == null
          && !Packages.isPackage(symbol)
          && !hidden.contains(simpleName(text))
          && !replaces(text)) {
        all.add(text);
      }
    }
    all.addAll(ofCell);
    return all.stream().map(text -> "import " + text + "; ").collect(Collectors.joining());
  }

  /** Simple names that stand for something of the session or the cell. */
  private Set<String> hidden() {
    Set<String> names = new HashSet<>(variables);
    for (Symbol symbol : context) {
      boolean type = symbol.name().kind() == Kind.TYPE && !symbol.className().isEmpty();
      if (type || symbol.name().kind() == Kind.VARIABLE) {
        names.add(symbol.name().text());
      }
    }
    parts.types().forEach(type -> names.add(type.name().text()));
    return names;
  }

  /** Whether an import of the cell takes the place of this earlier one. */
  private boolean replaces(String earlier) {
    String name = simpleName(earlier);
    return !earlier.startsWith("static ")
        && !name.isEmpty()
        && ofCell.stream()
            .anyMatch(text ->
                !text.equals(earlier)
                    && !text.startsWith("static ")
                    && simpleName(text).equals(name));
  }

  /** The last part of what a single import names; empty for one on demand or of a module. */
  private static String simpleName(String text) {
    return text.endsWith("*") || text.startsWith("module ")
        ? ""
        : text.substring(text.lastIndexOf('.') + 1);
  }

  /** Earlier types whose names the cell's imports take, unless the cell declares them itself. */
  Set<Name> takenTypes() {
    Set<Name> taken = new LinkedHashSet<>();
    for (String text : ofCell) {
      Name type = Name.type(simpleName(text));
      boolean declared = parts.types().stream().anyMatch(each -> each.name().equals(type));
      boolean known =
          context.stream().anyMatch(s -> s.name().equals(type) && !s.className().isEmpty());
      if (!text.startsWith("static ") && known && !declared) {
        taken.add(type);
      }
    }
    return taken;
  }

  /** What the cell defines: its imports, and earlier ones that are replaced. */
  List<Symbol> defines() {
    List<Symbol> defined = new ArrayList<>();
    for (String text : ofCell) {
      defined.add(Symbol.plain(new Name(Kind.IMPORT, text), text));
    }
    for (Symbol symbol : context) {
      if (symbol.name().kind() == Kind.IMPORT
          && symbol.broken() == null
          && replaces(symbol.name().text())) {
        defined.add(replaced(symbol));
      }
    }
    return defined;
  }

  private static Symbol replaced(Symbol symbol) {
    return new Symbol(
        symbol.name(),
        "",
        symbol.type(),
        "",
        symbol.sources(),
        List.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        "a later import has taken its name",
        List.of());
  }
}
