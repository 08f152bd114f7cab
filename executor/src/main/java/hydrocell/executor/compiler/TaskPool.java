package hydrocell.executor.compiler;

import com.sun.source.util.JavacTask;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.tools.DiagnosticListener;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives javac tasks, with the symbols of earlier ones still loaded where the JDK lets us: its
 * {@code JavacTaskPool}, which JShell uses, halves the time of a small compilation. It is internal,
 * so it is reached by reflection, needs exports on the command line, and {@code
 * -Dhydrocell.javac.pool=false} switches it off; then every task is a plain one. Thread-safe.
 */
final class TaskPool {
  private static final Logger LOG = LoggerFactory.getLogger(TaskPool.class);

  /** Those that know preview features, and those that don't. */
  private static final int CONTEXTS = 2;

  private final JavaCompiler compiler;
  private volatile @Nullable Pooled pooled;

  /**
   * Tasks of a compiler.
   *
   * @param reused whether contexts are reused; annotation processors change what is in them
   */
  TaskPool(JavaCompiler compiler, boolean reused) {
    this.compiler = compiler;
    this.pooled =
        reused && Boolean.parseBoolean(System.getProperty("hydrocell.javac.pool", "true"))
            ? Pooled.open()
            : null;
  }

  /** Work on one task; the task must not be kept. */
  <T> T run(
      JavaFileManager files,
      DiagnosticListener<JavaFileObject> said,
      List<String> options,
      List<? extends JavaFileObject> sources,
      Function<JavacTask, T> work) {
    Pooled pool = pooled;
    if (pool != null) {
      try {
        return pool.run(files, said, options, sources, work);
      } catch (RuntimeException | Error e) {
        // Nobody knows what a context is worth in which javac broke off.
        pooled = Pooled.open();
        throw e;
      }
    }
    return work.apply(
        (JavacTask) compiler.getTask(new StringWriter(), files, said, options, null, sources));
  }

  /** The internal pool and what must be reset between its tasks. */
  private record Pooled(
      Object pool, Method getTask, Class<?> worker, Reset reset, Switch switching) {
    static @Nullable Pooled open() {
      try {
        String api = "com.sun.tools.javac.api.";
        Class<?> type = Class.forName(api + "JavacTaskPool");
        Class<?> worker = Class.forName(api + "JavacTaskPool$Worker");
        Object pool = type.getConstructor(int.class).newInstance(CONTEXTS);
        for (Method method : type.getMethods()) {
          if (method.getName().equals("getTask")) {
            return new Pooled(pool, method, worker, Reset.open(), new Switch());
          }
        }
        LOG.info("javac's task pool has no getTask; every compilation starts afresh");
      } catch (ReflectiveOperationException | RuntimeException e) {
        LOG.info("javac's contexts are not reused: {}", e.toString());
      }
      return null;
    }

    @SuppressWarnings("unchecked")
    <T> T run(
        JavaFileManager files,
        DiagnosticListener<JavaFileObject> said,
        List<String> options,
        List<? extends JavaFileObject> sources,
        Function<JavacTask, T> work) {
      Object inside =
          Proxy.newProxyInstance(
              TaskPool.class.getClassLoader(),
              new Class<?>[] {worker},
              (proxy, method, arguments) -> {
                if (!method.getName().equals("withTask")) {
                  throw new UnsupportedOperationException(method.getName());
                }
                JavacTask task = (JavacTask) arguments[0];
                reset.before(task);
                return work.apply(task);
              });
      try {
        switching.current.set(files);
        return (T)
            getTask.invoke(
                pool, new StringWriter(), switching.proxy, said, options, null, sources, inside);
      } catch (InvocationTargetException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
          throw error;
        }
        throw cause instanceof RuntimeException failure
            ? failure
            : new IllegalStateException("javac's task pool failed", cause);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("javac's task pool was open and is not any more", e);
      } finally {
        switching.current.remove();
      }
    }
  }

  /** A context keeps the file manager it met first: this one, which passes on to the task's own. */
  private static final class Switch {
    final ThreadLocal<JavaFileManager> current = new ThreadLocal<>();
    final JavaFileManager proxy =
        (JavaFileManager)
            Proxy.newProxyInstance(
                TaskPool.class.getClassLoader(),
                new Class<?>[] {JavaFileManager.class},
                (self, method, arguments) -> {
                  try {
                    return method.invoke(current.get(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause() == null ? e : e.getCause();
                  }
                });
  }

  /**
   * The package of the generated classes holds others in every session: what a context knows of it
   * is forgotten before its next task.
   */
  private record Reset(
      Method contextOf,
      Method symtabOf,
      Method finderOf,
      Method namesOf,
      Method nameOf,
      Method completer,
      Method allClasses,
      Method packageOf,
      Method packagesFor,
      Method removeClass,
      Field flatName,
      Field completerField,
      Field membersField,
      Field moduleField) {

    static Reset open() throws ReflectiveOperationException {
      String javac = "com.sun.tools.javac.";
      Class<?> context = Class.forName(javac + "util.Context");
      Class<?> symtab = Class.forName(javac + "code.Symtab");
      Class<?> finder = Class.forName(javac + "code.ClassFinder");
      Class<?> names = Class.forName(javac + "util.Names");
      Class<?> name = Class.forName(javac + "util.Name");
      Class<?> symbol = Class.forName(javac + "code.Symbol");
      Class<?> classSymbol = Class.forName(javac + "code.Symbol$ClassSymbol");
      Class<?> packageSymbol = Class.forName(javac + "code.Symbol$PackageSymbol");
      Class<?> moduleSymbol = Class.forName(javac + "code.Symbol$ModuleSymbol");
      return new Reset(
          Class.forName(javac + "api.BasicJavacTask").getMethod("getContext"),
          symtab.getMethod("instance", context),
          finder.getMethod("instance", context),
          names.getMethod("instance", context),
          names.getMethod("fromString", String.class),
          finder.getMethod("getCompleter"),
          symtab.getMethod("getAllClasses"),
          symbol.getMethod("packge"),
          symtab.getMethod("getPackagesForName", name),
          symtab.getMethod("removeClass", moduleSymbol, name),
          classSymbol.getField("flatname"),
          symbol.getField("completer"),
          packageSymbol.getField("members_field"),
          packageSymbol.getField("modle"));
    }

    void before(JavacTask task) throws ReflectiveOperationException {
      Object context = contextOf.invoke(task);
      Object symtab = symtabOf.invoke(null, context);
      Object cell = nameOf.invoke(namesOf.invoke(null, context), MemoryFiles.PACKAGE);
      Object fresh = completer.invoke(finderOf.invoke(null, context));
      List<Object> packages = new ArrayList<>();
      ((Iterable<?>) packagesFor.invoke(symtab, cell)).forEach(packages::add);
      if (packages.isEmpty()) {
        return;
      }
      List<Object> stale = new ArrayList<>();
      for (Object type : (Iterable<?>) allClasses.invoke(symtab)) {
        if (packages.contains(packageOf.invoke(type))) {
          stale.add(type);
        }
      }
      for (Object type : stale) {
        Object module = moduleField.get(packageOf.invoke(type));
        removeClass.invoke(symtab, module, flatName.get(type));
      }
      for (Object each : packages) {
        membersField.set(each, null);
        completerField.set(each, fresh);
      }
    }
  }
}
