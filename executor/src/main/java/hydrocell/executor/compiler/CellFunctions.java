package hydrocell.executor.compiler;

import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.Effects;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the function of a cell of what javac made of its units. */
final class CellFunctions {
  private final String source;
  private final Definitions all;
  private final CellSplitter.Parts parts;
  private final Dropped dropped;
  private final Map<String, Supplier<byte[]>> sessionClasses;
  private final Map<String, Name> byOuter;
  private ImmutableTypes immutable = new ImmutableTypes(name -> null);

  CellFunctions(
      String source,
      Definitions all,
      CellSplitter.Parts parts,
      Dropped dropped,
      Map<String, Supplier<byte[]>> sessionClasses) {
    this.source = source;
    this.all = all;
    this.parts = parts;
    this.dropped = dropped;
    this.sessionClasses = sessionClasses;
    this.byOuter = all.byOuterClass();
  }

  /**
   * The function.
   *
   * @param compiled class files by binary name
   * @param cellClass the class of the statements
   * @param variables names that the cell declares
   * @param shows whether its last expression is its result
   * @param symbols of what has no class
   */
  CellFunction make(
      Map<String, byte[]> compiled,
      String cellClass,
      Set<String> variables,
      boolean shows,
      List<Symbol> symbols) {
    immutable = new ImmutableTypes(name -> bytesOf(name, compiled));
    Map<String, List<ClassFile>> byUnit = rewritten(compiled);
    List<Symbol> defines = new ArrayList<>(symbols);
    List<Name> initialises = new ArrayList<>();
    all.fresh()
        .forEach((name, declarations) -> {
          List<ClassFile> classes = byUnit.getOrDefault(all.outerClass(name), List.of());
          defines.add(symbol(name, declarations, classes));
          if (name.kind() == Kind.TYPE && all.isOfCell(name)) {
            initialises.addAll(initialised(classes));
          }
        });
    defines.addAll(all.documentedAnew());
    List<String> notes = new ArrayList<>();
    defines.addAll(dropped.symbols(all, notes));
    List<ClassFile> entry = byUnit.getOrDefault(cellClass, List.of());
    ReferenceScan scan =
        ReferenceScan.of(entry.stream().map(ClassFile::bytes).toList(), byOuter, null);
    Set<Name> writes = new TreeSet<>(scan.writes());
    Set<Name> declares = new TreeSet<>();
    variables.forEach(name -> declares.add(Name.variable(name)));
    writes.addAll(declares);
    boolean runs = !Token.scan(parts.statements()).isEmpty();
    return new CellFunction(
        cellClass,
        "java",
        runs ? cellClass : null,
        shows && runs,
        "",
        byUnit.values().stream().flatMap(List::stream).toList(),
        defines,
        initialises,
        scan.reads(),
        writes,
        scan.refs(),
        notes,
        declares,
        effects(entry, declares, defines));
  }

  /** What the cell's own statements do. */
  private Effects effects(List<ClassFile> entry, Set<Name> declares, List<Symbol> defines) {
    Set<String> ownHolders = new TreeSet<>();
    entry.forEach(file -> ownHolders.add(file.ref().binaryName().replace('.', '/')));
    Effects unstorable = Effects.NONE;
    for (Name name : declares) {
      Symbol symbol = all.known(name);
      boolean assigned = all.isAssignedElsewhere(name);
      for (Symbol defined : defines) {
        symbol = defined.name().equals(name) ? defined : symbol;
        assigned |= defined.writes().contains(name);
      }
      if (symbol != null && !assigned) {
        ownHolders.add(symbol.className().replace('.', '/'));
      }
      String type = symbol == null ? "" : symbol.descriptor().replaceFirst("^\\[+", "");
      if (type.startsWith("L") && !KnownMethods.isStorable(type.substring(1, type.length() - 1))) {
        unstorable =
            new Effects("a " + (symbol == null ? "" : symbol.type()), Set.of(), true, true);
      }
    }
    return EffectScan.of(entry.stream().map(ClassFile::bytes).toList(), ownHolders, immutable::test)
        .and(unstorable);
  }

  private byte @Nullable [] bytesOf(String binaryName, Map<String, byte[]> compiled) {
    byte[] fresh = compiled.get(binaryName);
    Supplier<byte[]> known = sessionClasses.get(binaryName);
    return fresh != null ? fresh : known == null ? null : known.get();
  }

  /** The class files as they are shipped, by the outermost class of each. */
  private Map<String, List<ClassFile>> rewritten(Map<String, byte[]> compiled) {
    ClassRewriter rewriter = new ClassRewriter(compiled, sessionClasses);
    Map<String, List<ClassFile>> byUnit = new LinkedHashMap<>();
    compiled.forEach((binaryName, bytes) -> {
      String outer = GeneratedNames.outerOf(binaryName);
      byUnit
          .computeIfAbsent(outer, o -> new ArrayList<>())
          .add(ClassFile.of(binaryName, rewrite(rewriter, binaryName, bytes, byOuter.get(outer))));
    });
    return byUnit;
  }

  private static byte[] rewrite(
      ClassRewriter rewriter, String binaryName, byte[] bytes, @Nullable Name of) {
    if (of == null) {
      return rewriter.rewrite(bytes, null);
    }
    if (of.kind() == Kind.VARIABLE) {
      return rewriter.holder(bytes, of);
    }
    return rewriter.rewrite(
        bytes, of.kind() == Kind.TYPE ? GeneratedNames.typePath(binaryName) : null);
  }

  /** The types among these classes whose static initialisers run now, outer ones first. */
  private static List<Name> initialised(List<ClassFile> classes) {
    return classes.stream()
        .filter(file -> StaticState.isInitialised(file.bytes()))
        .map(file -> GeneratedNames.typePath(file.ref().binaryName()))
        .filter(Objects::nonNull)
        .sorted(Comparator.comparingLong(path -> path.chars().filter(c -> c == '.').count()))
        .map(Name::type)
        .toList();
  }

  private Symbol symbol(Name name, List<Declaration> declarations, List<ClassFile> classes) {
    ReferenceScan scan =
        ReferenceScan.of(classes.stream().map(ClassFile::bytes).toList(), byOuter, name);
    String outer = all.outerClass(name);
    boolean variable = name.kind() == Kind.VARIABLE;
    String type = variable ? GeneratedNames.clean(all.variableType(name)) : "";
    return new Symbol(
        name,
        name.kind() == Kind.TYPE ? outer + "$" + name.text() : outer,
        type,
        variable ? descriptor(classes, name.text()) : "",
        variable
            ? List.of(type + " " + name.text() + ";")
            : declarations.stream().map(Declaration::source).toList(),
        classes.stream().map(ClassFile::ref).toList(),
        scan.refs(),
        Set.of(),
        scan.reads(),
        scan.writes(),
        null,
        variable ? List.of() : Units.lines(source, declarations),
        variable
            ? Effects.NONE
            : EffectScan.of(
                classes.stream().map(ClassFile::bytes).toList(), Set.of(), immutable::test));
  }

  private static String descriptor(List<ClassFile> classes, String field) {
    return classes.stream()
        .flatMap(c -> ClassRewriter.parse(c.bytes()).fields().stream())
        .filter(f -> f.fieldName().equalsString(field))
        .map(f -> f.fieldType().stringValue())
        .findFirst()
        .orElse("");
  }
}
