package hydrocell.executor.compiler;

import hydrocell.cell.ClassRef;
import hydrocell.cell.Diagnostic;
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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/** One compilation of one cell, from source to reply. */
final class Compilation {
  private final long id;
  private final CompileRequest.Context context;
  private final Javac javac;
  private final ClassIndex index;
  private final String source;
  private final String declaredPackage;
  private final List<Path> libraries;
  private final Javac.Switches switches;
  private final Map<String, Supplier<byte[]>> sessionClasses = new HashMap<>();
  private CellSplitter.Parts parts;
  private final Imports imports;
  private final Dropped dropped;

  Compilation(
      CompileRequest.Compile request, Javac javac, ClassIndex index, ClassFiles classBytes) {
    this.id = request.id();
    this.context = request.context();
    this.javac = javac;
    this.index = index;
    Packages.Source withoutPackages =
        Packages.takeOut(UnicodeEscapes.translate(request.source()), context.symbols());
    source = Processors.withoutVal(withoutPackages.text(), context.symbols());
    declaredPackage = withoutPackages.declared();
    parts = CellSplitter.split(source);
    libraries = context.classPath().stream().map(l -> Path.of(l.path())).toList();
    switches =
        new Javac.Switches(
            context.preview(),
            javac.runsProcessors() ? Processors.names(context.classPath()) : List.of());
    for (Symbol symbol : context.symbols()) {
      for (ClassRef ref : symbol.classes()) {
        sessionClasses.put(ref.binaryName(), () -> classBytes.bytes(ref, context));
      }
    }
    imports = new Imports(context.symbols(), parts, withoutPackages.imports());
    dropped = new Dropped(parts);
    imports.takenTypes().forEach(type -> dropped.add(type, "an import has taken its name"));
  }

  /** Compiles; null when imports were found to be missing, and it is to be tried again. */
  @Nullable CompileReply run() {
    Statements statements = Statements.parse(parts.statements(), javac, context.preview());
    if (!statements.errors().isEmpty()) {
      return rejected(statements.errors());
    }
    imports.hideBehind(
        statements.variables().stream().map(Statements.Variable::name).collect(Collectors.toSet()));
    Units units = new Units(source, imports.line());
    Hints hints = new Hints(context, sessionClasses, parts, index);
    Map<String, String> types = variableTypes(statements, units);
    boolean shows = statements.hasResult();
    for (int round = 0; round <= context.symbols().size() + parts.methods().size() + 8; round++) {
      Definitions all = new Definitions(context.symbols(), parts, types, dropped.names());
      String cellClass = cellClass(all, shows);
      List<UnitWriter.Unit> written = write(units, all, statements, types, cellClass, shows);
      Javac.Compiled compiled = javac.compile(written, sessionClasses, libraries, switches);
      List<javax.tools.Diagnostic<? extends JavaFileObject>> errors =
          compiled.diagnostics().stream()
              .filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
              .collect(Collectors.toList());
      if (errors.isEmpty()) {
        String alien = ofNoUnit(compiled.classes().keySet(), written);
        if (alien != null) {
          return new CompileReply.CompilerFailed(
              id,
              "an annotation processor made a class of its own, %s: cells keep what processors"
                      .formatted(alien)
                  + " change in their types, as Lombok does, but not classes beside them; put such"
                  + " types into a library");
        }
        return compiled(all, compiled, cellClass, types, shows);
      }
      if (shows && isVoidResult(errors, cellClass)) {
        shows = false;
      } else if (imports.complete(errors, index)) {
        return null;
      } else if (!dropped.drop(errors, written, all, hints)) {
        Diagnosis diagnosis = new Diagnosis(source, parts, hints, dropped);
        return rejected(diagnosis.of(errors, written, all));
      }
    }
    return new CompileReply.CompilerFailed(
        id, "the definitions of this notebook depend on each other in too many ways to compile");
  }

  /** A class that an annotation processor made beside those of the units; null when none did. */
  private static @Nullable String ofNoUnit(Set<String> classes, List<UnitWriter.Unit> written) {
    Set<String> units =
        written.stream().map(UnitWriter.Unit::className).collect(Collectors.toSet());
    for (String name : classes) {
      if (!units.contains(GeneratedNames.outerOf(name))) {
        return GeneratedNames.clean(name);
      }
    }
    return null;
  }

  private CompileReply compiled(
      Definitions all,
      Javac.Compiled compiled,
      String cellClass,
      Map<String, String> types,
      boolean shows) {
    if (compiled.classes().isEmpty()) {
      throw new IllegalStateException("javac gave up and does not say why");
    }
    List<Symbol> defines = new ArrayList<>(imports.defines());
    if (!declaredPackage.isEmpty()) {
      defines.add(Packages.symbol(declaredPackage));
    }
    CellFunctions functions = new CellFunctions(source, all, parts, dropped, sessionClasses);
    return new CompileReply.Compiled(
        id, functions.make(compiled.classes(), cellClass, types.keySet(), shows, defines), false);
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
    Definitions all = new Definitions(context.symbols(), parts, types, dropped.names());
    String cellClass = cellClass(all, true);
    List<UnitWriter.Unit> written =
        write(units, all, statements, types, cellClass, statements.hasResult());
    Javac.Inferred inferred = javac.infer(written.reversed(), sessionClasses, libraries, switches);
    Map<String, String> inOrder = new LinkedHashMap<>();
    for (Statements.Variable variable : statements.variables()) {
      String declared = variable.type();
      String type = declared != null ? declared : inferred.types().get(variable.name());
      String head = inferred.anonymous().get(variable.name());
      if (declared == null && head != null && variable.anonymousBody() >= 0) {
        type = hoist(statements, variable, head);
      }
      if (type != null) {
        // The classes of this cell may get other names yet, now that its variables have types.
        inOrder.put(variable.name(), GeneratedNames.clean(type));
      }
    }
    return inOrder;
  }

  /**
   * A variable whose class has no name gets one that has: what is new in it can be called then, and
   * its value can be stored under a class that lasts. The name of that class.
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
        && DiagnosticText.unitOf(errors.getFirst()).equals(cellClass)
        && errors.getFirst().getMessage(Locale.ROOT).contains("void cannot be");
  }

  private CompileReply rejected(List<Diagnostic> diagnostics) {
    List<Diagnostic> ordered = new ArrayList<>(new LinkedHashSet<>(diagnostics));
    ordered.sort(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column));
    return new CompileReply.Rejected(id, ordered);
  }
}
