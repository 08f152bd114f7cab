package hydrocell.executor.compiler;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Runs javac. A task of its own per run; the files of a class path are opened once and shared.
 * Thread-safe.
 */
final class Javac {
  private final JavaCompiler compiler;
  private final Path api;
  private final Map<List<Path>, StandardJavaFileManager> filesByClassPath =
      new ConcurrentHashMap<>();

  /**
   * A compiler whose cells see the classes of {@code api}, the jar or folder with hydrocell.api.
   */
  Javac(Path api) {
    JavaCompiler found = ToolProvider.getSystemJavaCompiler();
    if (found == null) {
      throw new IllegalStateException("this Java has no compiler: a JDK is needed, not a JRE");
    }
    this.compiler = found;
    this.api = api;
  }

  /** A parsed body of statements, and where each stands. */
  record Parsed(
      List<StatementTree> statements,
      Positions positions,
      List<javax.tools.Diagnostic<? extends JavaFileObject>> diagnostics) {}

  /** Start and end of a tree in its unit. */
  interface Positions {
    int start(com.sun.source.tree.Tree tree);

    int end(com.sun.source.tree.Tree tree);
  }

  /** What a compilation gave; {@code classes} is empty when there are errors. */
  record Compiled(
      Map<String, byte[]> classes,
      List<javax.tools.Diagnostic<? extends JavaFileObject>> diagnostics) {}

  private StandardJavaFileManager files(List<Path> libraries) {
    return filesByClassPath.computeIfAbsent(
        libraries,
        jars -> {
          StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null);
          List<Path> classPath = new ArrayList<>(jars);
          classPath.add(api);
          try {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
          } catch (IOException e) {
            throw new IllegalStateException("cannot use the class path " + classPath, e);
          }
          return files;
        });
  }

  private static List<String> options(boolean preview) {
    List<String> options =
        new ArrayList<>(List.of("-proc:none", "-g", "-parameters", "-Xlint:none", "-nowarn"));
    if (preview) {
      options.addAll(List.of("--enable-preview", "--release", "25"));
    }
    return options;
  }

  /** Parses the body of the first method of the first class of a unit. */
  Parsed parse(UnitWriter.Unit unit) throws IOException {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    JavacTask task = task(List.of(unit), new MemoryFiles(files(List.of()), Map.of()), said, false);
    CompilationUnitTree tree = task.parse().iterator().next();
    Trees trees = Trees.instance(task);
    Positions positions =
        new Positions() {
          @Override
          public int start(com.sun.source.tree.Tree of) {
            return (int) trees.getSourcePositions().getStartPosition(tree, of);
          }

          @Override
          public int end(com.sun.source.tree.Tree of) {
            return (int) trees.getSourcePositions().getEndPosition(tree, of);
          }
        };
    ClassTree type = (ClassTree) tree.getTypeDecls().getFirst();
    MethodTree method =
        (MethodTree)
            type.getMembers().stream()
                .filter(m -> m instanceof MethodTree)
                .findFirst()
                .orElseThrow();
    return new Parsed(
        List.copyOf(method.getBody().getStatements()), positions, said.getDiagnostics());
  }

  /** Compiles units against a session's classes. */
  Compiled compile(
      List<UnitWriter.Unit> units,
      Map<String, Supplier<byte[]>> sessionClasses,
      List<Path> libraries,
      boolean preview) {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    MemoryFiles files = new MemoryFiles(files(libraries), sessionClasses);
    boolean done = task(units, files, said, preview).call();
    return new Compiled(done ? files.compiled() : Map.of(), said.getDiagnostics());
  }

  /**
   * The types that javac infers for local variables declared with {@code var} directly in the first
   * unit's method, by name; those it cannot infer are left out.
   */
  Map<String, String> infer(
      List<UnitWriter.Unit> units,
      Map<String, Supplier<byte[]>> sessionClasses,
      List<Path> libraries,
      boolean preview)
      throws IOException {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    MemoryFiles files = new MemoryFiles(files(libraries), sessionClasses);
    JavacTask task = task(units, files, said, preview);
    CompilationUnitTree first = task.parse().iterator().next();
    task.analyze();
    Trees trees = Trees.instance(task);
    Types types = task.getTypes();
    Map<String, String> inferred = new LinkedHashMap<>();
    new TreePathScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
        TreePath path = getCurrentPath();
        TypeMirror type = trees.getTypeMirror(path);
        String name = variable.getName().toString();
        if (type != null && path.getParentPath().getParentPath().getLeaf() instanceof MethodTree) {
          String spelled = TypeSpelling.of(type, types);
          if (spelled != null) {
            inferred.put(name, spelled);
          }
        }
        return null;
      }
    }.scan(new TreePath(first), null);
    return inferred;
  }

  private JavacTask task(
      List<UnitWriter.Unit> units,
      MemoryFiles files,
      DiagnosticCollector<JavaFileObject> said,
      boolean preview) {
    List<MemoryFiles.Source> sources =
        units.stream().map(u -> new MemoryFiles.Source(u.className(), u.text())).toList();
    return (JavacTask)
        compiler.getTask(new StringWriter(), files, said, options(preview), null, sources);
  }
}
