package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import hydrocell.api.CellRuntime;
import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A notebook for compiler tests: compiles cells and runs what comes out, in one loader. */
final class TestSession {
  static final List<Integer> EXITS = new ArrayList<>();
  private static boolean bound;

  final Map<Name, Symbol> symbols = new TreeMap<>();
  final Map<String, byte[]> bytes = new HashMap<>();
  final CellCompiler compiler;
  private final Loader loader = new Loader();
  CellFunction last;

  TestSession() {
    bind();
    Path api =
        Path.of(CellRuntime.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    compiler = new CellCompiler(api, ref -> bytes.get(ref.sha256()));
  }

  private static synchronized void bind() {
    if (bound) {
      return;
    }
    bound = true;
    CellRuntime.bind(
        new CellRuntime.Binding() {
          @Override
          public void firstTouch(String name, Class<?> holder) {}

          @Override
          public boolean restores(String name, Class<?> type) {
            return false;
          }

          @Override
          public Enum<?> constant(Class<?> type, String name, int ordinal) {
            throw new IllegalStateException("nothing is restored in compiler tests");
          }

          @Override
          public void initialiserFailed(Throwable thrown) {}

          @Override
          public void exit(int status) {
            EXITS.add(status);
          }

          @Override
          public Console console() {
            return null;
          }

          @Override
          public CellRuntime.Output output() {
            throw new IllegalStateException("no output in compiler tests");
          }
        });
  }

  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes = new HashMap<>();

    Loader() {
      super(CellRuntime.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] found = classes.get(name);
      if (found == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, found, 0, found.length);
    }
  }

  CompileReply compile(String source) throws Exception {
    return compiler.compile(
        new CompileRequest.Compile(
            1,
            "cell [1]",
            source,
            new CompileRequest.Context(List.copyOf(symbols.values()), List.of(), false)));
  }

  /** Compiles a cell that must compile, and defines what it defines. */
  void define(String source) throws Exception {
    CompileReply reply = compile(source);
    last =
        assertInstanceOf(CompileReply.Compiled.class, reply, () -> source + "\n" + reply)
            .function();
    for (ClassFile file : last.classes()) {
      loader.classes.putIfAbsent(file.ref().binaryName(), file.bytes());
      bytes.put(file.ref().sha256(), file.bytes());
    }
    last.defines().forEach(symbol -> symbols.put(symbol.name(), symbol));
  }

  /** Runs a cell that must compile; what its last expression gave. */
  Object run(String source) throws Throwable {
    define(source);
    try {
      for (Name name : last.initialises()) {
        Class<?> type = Class.forName(last.initialisedClass(name), true, loader);
        for (Method method : type.getDeclaredMethods()) {
          if (method.getName().equals(StaticState.INITIALISE)) {
            method.setAccessible(true);
            method.invoke(null);
          }
        }
      }
      return last.entryClass() == null
          ? null
          : loader.loadClass(last.entryClass()).getMethod(GeneratedNames.RUN).invoke(null);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Compiles a cell that must not; its errors. */
  List<hydrocell.cell.Diagnostic> errors(String source) throws Exception {
    CompileReply reply = compile(source);
    return assertInstanceOf(CompileReply.Rejected.class, reply, () -> source + "\n" + reply)
        .diagnostics();
  }

  Symbol symbol(Kind kind, String text) {
    return symbols.get(new Name(kind, text));
  }
}
