package hydrocell.executor.compiler;

import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Diagnostic;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;

/**
 * Compiles a cell against the symbols of a session. Keeps nothing of a session: what it needs of
 * earlier cells are their class files, which it asks for by content. The whole cell is checked
 * before anything of it is given out. Thread-safe.
 */
public final class CellCompiler {
  private final Javac javac;
  private final Function<ClassRef, byte[]> classBytes;
  private final Hints hints = new Hints();

  /**
   * A compiler.
   *
   * @param api jar or folder that holds hydrocell.api
   * @param classBytes gives the bytes of an earlier cell's class
   */
  public CellCompiler(Path api, Function<ClassRef, byte[]> classBytes) {
    this(new Javac(api), classBytes);
  }

  CellCompiler(Javac javac, Function<ClassRef, byte[]> classBytes) {
    this.javac = javac;
    this.classBytes = classBytes;
  }

  /** Compiles; never throws for what stands in the cell. */
  public CompileReply compile(CompileRequest.Compile request) {
    return new Compilation(request).run();
  }

  /** The class whose unit a diagnostic is about; empty when it is about none. */
  static String unitOf(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    JavaFileObject file = said.getSource();
    return file == null
        ? ""
        : file.toUri().getPath().substring(1).replace(".java", "").replace('/', '.');
  }

  /** One compilation, from source to reply. */
  private final class Compilation {
    private final long id;
    private final String source;
    private final CompileRequest.Context context;
    private CellSplitter.Parts parts;
    private Imports imports;
    private final String declaredPackage;
    private final Map<String, Supplier<byte[]>> sessionClasses = new HashMap<>();
    private final List<Path> libraries;
    private final Set<Name> dropped = new LinkedHashSet<>();
    private final Map<Name, Set<String>> missing = new LinkedHashMap<>();
    private final Map<Name, String> brokenBy = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    Compilation(CompileRequest.Compile request) {
      id = request.id();
      context = request.context();
      Packages.Source withoutPackages =
          Packages.takeOut(UnicodeEscapes.translate(request.source()), context.symbols());
      source = withoutPackages.text();
      declaredPackage = withoutPackages.declared();
      parts = CellSplitter.split(source);
      libraries = context.classPath().stream().map(l -> Path.of(l.path())).toList();
      for (Symbol symbol : context.symbols()) {
        for (ClassRef ref : symbol.classes()) {
          sessionClasses.put(ref.binaryName(), () -> classBytes.apply(ref));
        }
      }
      imports = new Imports(context.symbols(), parts);
      for (Name type : imports.takenTypes()) {
        dropped.add(type);
        brokenBy.put(type, "an import has taken its name");
      }
    }

    CompileReply run() {
      Statements statements = Statements.parse(parts.statements(), javac);
      if (!statements.errors().isEmpty()) {
        return rejected(statements.errors());
      }
      imports.hideBehind(
          statements.variables().stream()
              .map(Statements.Variable::name)
              .collect(Collectors.toSet()));
      Units units = new Units(source, imports.line());
      Map<String, String> types = variableTypes(statements, units);
      boolean shows = statements.hasResult();
      for (int round = 0; round <= context.symbols().size() + parts.methods().size() + 8; round++) {
        Definitions all = new Definitions(context.symbols(), parts, types, dropped);
        String cellClass = cellClass(all, shows);
        List<UnitWriter.Unit> written = write(units, all, statements, types, cellClass, shows);
        Javac.Compiled compiled =
            javac.compile(written, sessionClasses, libraries, context.preview());
        List<javax.tools.Diagnostic<? extends JavaFileObject>> errors =
            compiled.diagnostics().stream()
                .filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .collect(Collectors.toList());
        if (errors.isEmpty() && compiled.classes().isEmpty()) {
          throw new IllegalStateException("javac gave up and does not say why");
        }
        if (errors.isEmpty()) {
          return new CompileReply.Compiled(
              id, function(all, compiled.classes(), cellClass, types, shows), false);
        }
        if (shows && isVoidResult(errors, cellClass)) {
          shows = false;
        } else if (!drop(errors, all)) {
          Diagnosis diagnosis = new Diagnosis(source, parts, hints, context, brokenBy);
          return rejected(diagnosis.of(errors, written, all));
        }
      }
      return new CompileReply.CompilerFailed(
          id, "the definitions of this notebook depend on each other in too many ways to compile");
    }

    /** Types of the variables the cell declares; those of {@code var} are asked of javac. */
    private Map<String, String> variableTypes(Statements statements, Units units) {
      Map<String, String> types = new LinkedHashMap<>();
      boolean inferring = false;
      for (Statements.Variable variable : statements.variables()) {
        String type = variable.type();
        if (type == null) {
          inferring = true;
        } else {
          types.put(variable.name(), type);
        }
      }
      if (!inferring) {
        return types;
      }
      Set<String> open =
          statements.variables().stream()
              .filter(v -> v.type() == null)
              .map(Statements.Variable::name)
              .collect(Collectors.toSet());
      types.keySet().removeAll(open);
      Definitions all = new Definitions(context.symbols(), parts, types, dropped);
      String cellClass = cellClass(all, true);
      List<UnitWriter.Unit> written =
          write(units, all, statements, types, cellClass, statements.hasResult());
      Javac.Inferred inferred =
          javac.infer(written.reversed(), sessionClasses, libraries, context.preview());
      Map<String, String> inOrder = new LinkedHashMap<>();
      for (Statements.Variable variable : statements.variables()) {
        String declared = variable.type();
        String type = declared != null ? declared : inferred.types().get(variable.name());
        String head = inferred.anonymous().get(variable.name());
        if (declared == null && head != null && variable.anonymousBody() >= 0) {
          type = hoist(statements, variable, head);
        }
        if (type != null) {
          inOrder.put(variable.name(), type);
        }
      }
      return inOrder;
    }

    /**
     * A variable whose class has no name gets one that has: what is new in it can be called then,
     * and its value can be stored under a class that lasts. The name of that class.
     */
    private String hoist(Statements statements, Statements.Variable variable, String head) {
      String className = "Anonymous_" + variable.name();
      String body = source.substring(variable.anonymousBody(), variable.initEnd());
      Declaration type =
          new Declaration(Name.type(className), body, variable.anonymousBody(), 0, "")
              .with(0, "class " + className + " " + head + " ");
      List<Declaration> types = new ArrayList<>(parts.types());
      types.removeIf(each -> each.name().equals(type.name()));
      types.add(type);
      parts = new CellSplitter.Parts(parts.imports(), parts.methods(), types, parts.statements());
      statements.hoist(variable.name(), className);
      return className;
    }

    private String cellClass(Definitions all, boolean shows) {
      Set<String> against = new TreeSet<>(List.of(all.imports(source).split("(?<=;) ")));
      return GeneratedNames.outer(
          "Cell", Versions.hash(source, against.toString(), imports.line(), String.valueOf(shows)));
    }

    private List<UnitWriter.Unit> write(
        Units units,
        Definitions all,
        Statements statements,
        Map<String, String> types,
        String cellClass,
        boolean shows) {
      List<UnitWriter.Unit> written = new ArrayList<>();
      all.fresh()
          .forEach((name, declarations) ->
              written.add(units.definition(all, name, declarations, statements)));
      written.add(units.statements(cellClass, all, statements, types, shows));
      return written;
    }

    private static boolean isVoidResult(
        List<javax.tools.Diagnostic<? extends JavaFileObject>> errors, String cellClass) {
      return errors.size() == 1
          && CellCompiler.unitOf(errors.getFirst()).equals(cellClass)
          && errors.getFirst().getMessage(java.util.Locale.ROOT).contains("void cannot be");
    }

    /**
     * Leaves out definitions that cannot compile now: those of the cell that refer to something not
     * yet defined, and earlier ones that this cell breaks. Whether there was one.
     */
    private boolean drop(
        List<javax.tools.Diagnostic<? extends JavaFileObject>> errors, Definitions all) {
      Map<String, Name> byOuter = all.byOuterClass();
      Map<Name, List<javax.tools.Diagnostic<? extends JavaFileObject>>> byName =
          new LinkedHashMap<>();
      for (var error : errors) {
        Name name = byOuter.get(CellCompiler.unitOf(error));
        if (name != null) {
          byName.computeIfAbsent(name, n -> new ArrayList<>()).add(error);
        }
      }
      boolean found = false;
      for (var each : byName.entrySet()) {
        Name name = each.getKey();
        boolean earlier = !all.isOfCell(name);
        boolean forward =
            name.kind() != Kind.VARIABLE
                && each.getValue().stream().allMatch(DiagnosticText::isUnresolved);
        if (earlier || forward) {
          dropped.add(name);
          Set<String> names =
              each.getValue().stream()
                  .map(DiagnosticText::unresolvedName)
                  .filter(n -> !n.isEmpty())
                  .collect(Collectors.toCollection(TreeSet::new));
          missing.put(name, names);
          brokenBy.put(
              name,
              forward && !names.isEmpty()
                  ? String.join(", ", names) + " is not defined"
                  : DiagnosticText.message(each.getValue().getFirst()).replace('\n', ' '));
          found = true;
        }
      }
      return found;
    }

    private CompileReply rejected(List<Diagnostic> diagnostics) {
      List<Diagnostic> ordered = new ArrayList<>(new LinkedHashSet<>(diagnostics));
      ordered.sort(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column));
      return new CompileReply.Rejected(id, ordered);
    }

    private CellFunction function(
        Definitions all,
        Map<String, byte[]> compiled,
        String cellClass,
        Map<String, String> types,
        boolean shows) {
      ClassRewriter rewriter = new ClassRewriter(compiled, sessionClasses);
      Map<String, Name> byOuter = all.byOuterClass();
      Map<String, List<ClassFile>> byUnit = new LinkedHashMap<>();
      compiled.forEach((binaryName, bytes) -> {
        String outer = GeneratedNames.outerOf(binaryName);
        Name name = byOuter.get(outer);
        boolean ofType = name != null && name.kind() == Kind.TYPE;
        byte[] rewritten =
            name != null && name.kind() == Kind.VARIABLE
                ? rewriter.holder(bytes, name)
                : rewriter.rewrite(bytes, ofType ? GeneratedNames.typePath(binaryName) : null);
        byUnit
            .computeIfAbsent(outer, o -> new ArrayList<>())
            .add(ClassFile.of(binaryName, rewritten));
      });
      List<Symbol> defines = new ArrayList<>();
      List<Name> initialises = new ArrayList<>();
      defines.addAll(imports.defines());
      if (!declaredPackage.isEmpty()) {
        Name name = new Name(Kind.IMPORT, Packages.PREFIX + declaredPackage);
        defines.add(Symbol.plain(name, name.text()));
      }
      all.fresh()
          .forEach((name, declarations) -> {
            List<ClassFile> classes = byUnit.getOrDefault(all.outerClass(name), List.of());
            defines.add(symbol(all, name, declarations, classes, byOuter));
            if (name.kind() == Kind.TYPE && all.isOfCell(name)) {
              initialises.addAll(initialised(classes));
            }
          });
      defines.addAll(all.documentedAnew());
      dropped.forEach(name -> defines.add(brokenSymbol(name, all)));
      List<ClassFile> entry = byUnit.getOrDefault(cellClass, List.of());
      ReferenceScan scan =
          ReferenceScan.of(entry.stream().map(ClassFile::bytes).toList(), byOuter, null);
      Set<Name> writes = new TreeSet<>(scan.writes());
      types.keySet().forEach(name -> writes.add(Name.variable(name)));
      boolean runs =
          !CellSplitter.words(parts.statements()).isEmpty()
              || !Token.scan(parts.statements()).isEmpty();
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
          notes);
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

    private Symbol symbol(
        Definitions all,
        Name name,
        List<Declaration> declarations,
        List<ClassFile> classes,
        Map<String, Name> byOuter) {
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
          null);
    }

    private static String descriptor(List<ClassFile> classes, String field) {
      return classes.stream()
          .flatMap(c -> ClassRewriter.parse(c.bytes()).fields().stream())
          .filter(f -> f.fieldName().equalsString(field))
          .map(f -> f.fieldType().stringValue())
          .findFirst()
          .orElse("");
    }

    /** A definition that stays, unusable until what it misses is there. */
    private Symbol brokenSymbol(Name name, Definitions all) {
      Symbol before = all.known(name);
      List<String> sources =
          all.isOfCell(name)
              ? java.util.stream.Stream.concat(parts.methods().stream(), parts.types().stream())
                  .filter(d -> d.name().equals(name))
                  .map(Declaration::source)
                  .toList()
              : before == null ? List.of() : before.sources();
      String reason = brokenBy.getOrDefault(name, "it does not compile");
      notes.add("%s is defined but cannot be used: %s".formatted(name.text(), reason));
      return new Symbol(
          name,
          "",
          before == null ? "" : before.type(),
          "",
          sources,
          List.of(),
          before == null ? Set.of() : before.refs(),
          missing.getOrDefault(name, Set.of()),
          Set.of(),
          Set.of(),
          reason);
    }
  }
}
