package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one compilation defines: what the cell declares, and earlier definitions that
 * depend on what it changes. Knows every definition's class, and what must be imported to refer to
 * it.
 */
final class Definitions {
  private static final int MAX_ROUNDS = 64;

  /** What has a class of its own; static state is part of its type. */
  private static final Set<Kind> KINDS = EnumSet.of(Kind.VARIABLE, Kind.METHOD, Kind.TYPE);

  private final Map<Name, Symbol> known = new LinkedHashMap<>();
  private final Map<Name, List<Declaration>> fresh = new LinkedHashMap<>();
  private final Map<String, String> variableTypes;
  private final Set<Name> ofCell = new LinkedHashSet<>();
  private final Set<Name> dropped;
  private final List<Symbol> documentedAnew = new ArrayList<>();
  private Map<Name, String> classNames = Map.of();

  /**
   * Collects the definitions of a cell and names their classes.
   *
   * @param context symbols of the session
   * @param variableTypes types of the variables that the cell declares, in order
   * @param dropped names that do not compile and are left out
   */
  Definitions(
      List<Symbol> context,
      CellSplitter.Parts parts,
      Map<String, String> variableTypes,
      Set<Name> dropped) {
    this.variableTypes = variableTypes;
    this.dropped = dropped;
    context.stream()
        .filter(symbol -> KINDS.contains(symbol.name().kind()))
        .forEach(symbol -> known.put(symbol.name(), symbol));
    for (Declaration type : parts.types()) {
      fresh.put(type.name(), List.of(type));
    }
    for (Declaration method : parts.methods()) {
      fresh.merge(method.name(), overloads(method), Definitions::replaceOverload);
    }
    variableTypes.forEach(
        (name, type) -> fresh.put(Name.variable(name), List.of(holder(name, type))));
    ofCell.addAll(fresh.keySet());
    dropped.forEach(fresh::remove);
    addDependents();
    fresh.forEach(this::documentAnew);
    fresh.keySet().removeIf(this::isUnchanged);
  }

  /** Of what stays as it was, the comment may have changed. */
  private void documentAnew(Name name, List<Declaration> declarations) {
    Symbol before = known.get(name);
    List<String> sources = declarations.stream().map(Declaration::source).toList();
    if (before != null
        && name.kind() != Kind.VARIABLE
        && isUnchanged(name)
        && !before.sources().equals(sources)) {
      documentedAnew.add(before.withSources(sources));
    }
  }

  /** Definitions that are as before but for their comments. */
  List<Symbol> documentedAnew() {
    return documentedAnew;
  }

  private static Declaration holder(String name, String type) {
    return new Declaration(Name.variable(name), type, -1, 0, "");
  }

  /** A method with the overloads that the session has of it. */
  private List<Declaration> overloads(Declaration method) {
    Symbol before = known.get(method.name());
    List<Declaration> group = new ArrayList<>();
    if (before != null) {
      before.sources().forEach(source -> group.add(declarationOf(before.name(), source)));
    }
    return replaceOverload(group, List.of(method));
  }

  private static List<Declaration> replaceOverload(List<Declaration> group, List<Declaration> by) {
    Declaration method = by.getLast();
    List<Declaration> replaced = new ArrayList<>(group);
    replaced.removeIf(other ->
        other.name().equals(method.name())
            && Parameters.of(other.body()).equals(Parameters.of(method.body())));
    replaced.add(method);
    return replaced;
  }

  private static Declaration declarationOf(Name name, String source) {
    CellSplitter.Parts parts = CellSplitter.split(source);
    List<Declaration> found = name.kind() == Kind.METHOD ? parts.methods() : parts.types();
    Declaration declaration = found.getFirst();
    return new Declaration(
        name,
        declaration.text(),
        -1,
        declaration.bodyStart(),
        declaration.modifiers(),
        declaration.comment());
  }

  /** Adds, onwards, what refers to something whose class is another than before. */
  private void addDependents() {
    nameClasses();
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Set<Name> changed =
          fresh.keySet().stream()
              .filter(name -> !isUnchanged(name))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      changed.addAll(dropped);
      Set<String> words = changed.stream().map(Name::text).collect(Collectors.toSet());
      boolean grew = false;
      for (Symbol symbol : known.values()) {
        boolean depends =
            symbol.refs().stream().anyMatch(changed::contains)
                || symbol.missing().stream().anyMatch(words::contains);
        if (depends && !fresh.containsKey(symbol.name()) && !dropped.contains(symbol.name())) {
          addAgain(symbol);
          grew = true;
        }
      }
      if (!grew) {
        return;
      }
      nameClasses();
    }
  }

  private void addAgain(Symbol symbol) {
    switch (symbol.name().kind()) {
      case VARIABLE ->
          fresh.put(symbol.name(), List.of(holder(symbol.name().text(), symbol.type())));
      case METHOD, TYPE ->
          fresh.put(
              symbol.name(),
              symbol.sources().stream().map(s -> declarationOf(symbol.name(), s)).toList());
      default -> {}
    }
  }

  private boolean isUnchanged(Name name) {
    Symbol before = known.get(name);
    return before != null
        && before.broken() == null
        && outerOf(before).equals(classNames.get(name));
  }

  private static String outerOf(Symbol symbol) {
    return GeneratedNames.outerOf(symbol.className());
  }

  private void nameClasses() {
    Map<String, String> sources = new TreeMap<>();
    Map<String, Set<String>> freshByWord = new TreeMap<>();
    fresh.forEach((name, declarations) -> {
      sources.put(
          name.toString(),
          declarations.stream().map(Declaration::text).collect(Collectors.joining("\n")));
      freshByWord.computeIfAbsent(name.text(), w -> new LinkedHashSet<>()).add(name.toString());
    });
    Map<String, Set<String>> knownByWord = new TreeMap<>();
    known.values().stream()
        .filter(symbol -> !fresh.containsKey(symbol.name()) && !symbol.className().isEmpty())
        .forEach(symbol ->
            knownByWord
                .computeIfAbsent(symbol.name().text(), w -> new LinkedHashSet<>())
                .add(symbol.className()));
    Map<Name, String> named = new LinkedHashMap<>();
    fresh
        .keySet()
        .forEach(name ->
            named.put(
                name,
                GeneratedNames.outer(
                    name.text(), Versions.of(name.toString(), sources, freshByWord, knownByWord))));
    classNames = named;
  }

  /** The definitions to compile, with their declarations. */
  Map<Name, List<Declaration>> fresh() {
    return fresh;
  }

  /** Whether the cell itself declares the name. */
  boolean isOfCell(Name name) {
    return ofCell.contains(name);
  }

  /** Binary name of the outermost class of a definition being made. */
  String outerClass(Name name) {
    String outer = classNames.get(name);
    if (outer == null) {
      throw new IllegalStateException(name + " is not being defined");
    }
    return outer;
  }

  /** The type of a variable being defined. */
  String variableType(Name name) {
    String declared = variableTypes.get(name.text());
    Symbol before = known.get(name);
    return declared != null ? declared : before == null ? "" : before.type();
  }

  /** The declarations of a name that is not being compiled, with earlier overloads of a method. */
  List<String> sources(Name name, CellSplitter.Parts parts) {
    List<Declaration> declared =
        Stream.concat(parts.methods().stream(), parts.types().stream())
            .filter(each -> each.name().equals(name))
            .toList();
    Symbol before = known.get(name);
    if (declared.isEmpty()) {
      return before == null ? List.of() : before.sources();
    }
    List<Declaration> group = List.of(declared.getLast());
    if (name.kind() == Kind.METHOD) {
      group = overloads(declared.getFirst());
      for (Declaration each : declared) {
        group = replaceOverload(group, List.of(each));
      }
    }
    return group.stream().map(Declaration::source).toList();
  }

  /** A symbol of the session; null when there is none. */
  @Nullable Symbol known(Name name) {
    return known.get(name);
  }

  /** Whether code of the session assigns a variable. */
  boolean isAssignedElsewhere(Name variable) {
    return known.values().stream().anyMatch(symbol -> symbol.writes().contains(variable));
  }

  /** Names by the outermost class that stands for them now: new ones and those that stay. */
  Map<String, Name> byOuterClass() {
    Map<String, Name> names = new LinkedHashMap<>();
    known.values().stream()
        .filter(symbol -> !symbol.className().isEmpty() && !fresh.containsKey(symbol.name()))
        .filter(symbol -> !dropped.contains(symbol.name()))
        .forEach(symbol -> names.put(outerOf(symbol), symbol.name()));
    fresh.keySet().forEach(name -> names.put(outerClass(name), name));
    return names;
  }

  /** Import declarations for the words of a source, in one line. */
  String imports(String source) {
    Set<String> words = CellSplitter.words(source);
    StringBuilder imports = new StringBuilder();
    byOuterClass()
        .forEach((outer, name) -> {
          if (words.contains(name.text())) {
            imports.append(name.kind() == Kind.TYPE ? "import " : "import static ");
            imports.append(outer).append('.').append(name.text()).append("; ");
          }
        });
    return imports.toString();
  }

  /** Known names that are words of a source and cannot be used, with the reason. */
  Map<String, String> unusable(String source) {
    Set<String> words = CellSplitter.words(source);
    Map<String, String> reasons = new TreeMap<>();
    for (Symbol symbol : known.values()) {
      String broken = symbol.broken();
      if (broken != null
          && words.contains(symbol.name().text())
          && !fresh.containsKey(symbol.name())) {
        reasons.put(symbol.name().text(), broken);
      }
    }
    return reasons;
  }
}
