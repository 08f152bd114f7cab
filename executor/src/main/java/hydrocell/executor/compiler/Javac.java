package hydrocell.executor.compiler;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Runs javac. The files of a class path are opened once and shared, and contexts are reused.
 * Thread-safe.
 */
final class Javac {
  private final ClassPaths classPaths;
  private final boolean processing;

  /**
   * A compiler whose cells see the classes of {@code api}, the jar or folder with hydrocell.api.
   *
   * @param processing whether annotation processors of the libraries run
   */
  Javac(Path api, boolean processing) {
    this.processing = processing;
    JavaCompiler found = ToolProvider.getSystemJavaCompiler();
    if (found == null) {
      throw new IllegalStateException("this Java has no compiler: a JDK is needed, not a JRE");
    }
    classPaths = new ClassPaths(found, api, processing);
  }

  /** Whether annotation processors run here. */
  boolean runsProcessors() {
    return processing;
  }

  /** A parsed body of statements, and where each stands. */
  record Parsed(
      List<StatementTree> statements,
      Positions positions,
      List<javax.tools.Diagnostic<? extends JavaFileObject>> diagnostics) {}

  /** Start and end of a tree in its unit. */
  interface Positions {
    int start(Tree tree);

    int end(Tree tree);
  }

  /** What a compilation gave; {@code classes} is empty when there are errors. */
  record Compiled(
      Map<String, byte[]> classes,
      List<javax.tools.Diagnostic<? extends JavaFileObject>> diagnostics) {}

  /** A compilation does not come back: others begin with files and contexts of their own. */
  void abandon() {
    classPaths.abandon();
  }

  /**
   * Works on a unit that need not be right: {@code work} gets the task with the unit entered and
   * attributed as far as javac can, and its tree.
   */
  <T> T examine(
      UnitWriter.Unit unit,
      Map<String, Supplier<byte[]>> sessionClasses,
      List<Path> libraries,
      boolean preview,
      BiFunction<JavacTask, CompilationUnitTree, T> work) {
    List<String> options = new ArrayList<>(options(preview));
    options.add("--should-stop=at=FLOW");
    return run(
        libraries,
        List.of(unit),
        sessionClasses,
        new DiagnosticCollector<>(),
        options,
        (task, files) -> {
          CompilationUnitTree tree = parsed(task);
          attribute(task);
          return work.apply(task, tree);
        });
  }

  private static void attribute(JavacTask task) {
    try {
      task.analyze();
    } catch (IOException e) {
      throw new UncheckedIOException("sources in memory cannot fail", e);
    }
  }

  /**
   * What a cell is compiled with.
   *
   * @param preview whether preview features are on
   * @param processors the annotation processors that run, by their class names
   */
  record Switches(boolean preview, List<String> processors) {}

  private static List<String> options(boolean preview) {
    return options(new Switches(preview, List.of()));
  }

  private static List<String> options(Switches switches) {
    List<String> options = new ArrayList<>(List.of("-g", "-parameters", "-Xlint:none", "-nowarn"));
    if (switches.processors.isEmpty()) {
      options.add("-proc:none");
    } else {
      options.addAll(List.of("-proc:full", "-processor", String.join(",", switches.processors)));
    }
    if (switches.preview) {
      options.addAll(
          List.of("--enable-preview", "--source", String.valueOf(Runtime.version().feature())));
    }
    return options;
  }

  /** Parses the body of the first method of the first class of a unit, and works on the trees. */
  <T> T parse(UnitWriter.Unit unit, boolean preview, Function<Parsed, T> work) {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    return run(
        List.of(),
        List.of(unit),
        Map.of(),
        said,
        options(preview),
        (task, files) -> {
          CompilationUnitTree tree = parsed(task);
          ClassTree type = (ClassTree) tree.getTypeDecls().getFirst();
          MethodTree method =
              (MethodTree)
                  type.getMembers().stream()
                      .filter(m -> m instanceof MethodTree)
                      .findFirst()
                      .orElseThrow();
          return work.apply(
              new Parsed(
                  List.copyOf(method.getBody().getStatements()),
                  positions(Trees.instance(task).getSourcePositions(), tree),
                  said.getDiagnostics()));
        });
  }

  private static CompilationUnitTree parsed(JavacTask task) {
    try {
      return task.parse().iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException("sources in memory cannot fail", e);
    }
  }

  private static Positions positions(SourcePositions positions, CompilationUnitTree tree) {
    return new Positions() {
      @Override
      public int start(Tree of) {
        return (int) positions.getStartPosition(tree, of);
      }

      @Override
      public int end(Tree of) {
        return (int) positions.getEndPosition(tree, of);
      }
    };
  }

  /** Compiles units against a session's classes. */
  Compiled compile(
      List<UnitWriter.Unit> units,
      Map<String, Supplier<byte[]>> sessionClasses,
      List<Path> libraries,
      Switches switches) {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    Map<String, byte[]> classes =
        run(
            libraries,
            units,
            sessionClasses,
            said,
            options(switches),
            (task, files) -> task.call() ? files.compiled() : Map.of());
    return new Compiled(classes, said.getDiagnostics());
  }

  /**
   * What javac infers for local variables declared with {@code var} directly in the first unit's
   * method; those it cannot infer are left out.
   *
   * @param types by name
   * @param anonymous by name, of those whose type is an anonymous class: what it extends or
   *     implements, as in the head of a class
   */
  record Inferred(Map<String, String> types, Map<String, String> anonymous) {}

  Inferred infer(
      List<UnitWriter.Unit> units,
      Map<String, Supplier<byte[]>> sessionClasses,
      List<Path> libraries,
      Switches switches) {
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    return run(
        libraries, units, sessionClasses, said, options(switches), (task, files) -> inferred(task));
  }

  private static Inferred inferred(JavacTask task) {
    CompilationUnitTree first = parsed(task);
    attribute(task);
    Trees trees = Trees.instance(task);
    Types types = task.getTypes();
    Inferred inferred = new Inferred(new LinkedHashMap<>(), new LinkedHashMap<>());
    new TreePathScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
        TreePath path = getCurrentPath();
        TypeMirror type = trees.getTypeMirror(path);
        String name = variable.getName().toString();
        if (type != null && path.getParentPath().getParentPath().getLeaf() instanceof MethodTree) {
          String spelled = TypeSpelling.of(type, types);
          if (spelled != null) {
            inferred.types.put(name, spelled);
            String head = TypeSpelling.headOfAnonymous(type, spelled);
            if (head != null) {
              inferred.anonymous.put(name, head);
            }
          }
        }
        return null;
      }
    }.scan(new TreePath(first), null);
    return inferred;
  }

  private <T> T run(
      List<Path> libraries,
      List<UnitWriter.Unit> units,
      Map<String, Supplier<byte[]>> sessionClasses,
      DiagnosticCollector<JavaFileObject> said,
      List<String> options,
      BiFunction<JavacTask, MemoryFiles, T> work) {
    List<MemoryFiles.Source> sources =
        units.stream().map(u -> new MemoryFiles.Source(u.className(), u.text())).toList();
    return classPaths.use(
        libraries,
        (opened, tasks) -> {
          MemoryFiles files = new MemoryFiles(opened, sessionClasses);
          return tasks.run(files, said, options, sources, task -> work.apply(task, files));
        });
  }
}
