package hydrocell.executor.state;

import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A small compiler of cells for tests: holders and versioned types as the real one makes them, with
 * the names given by the test instead of found in the bytecode.
 */
final class Cells {
  private static final String IMPORTS =
      "import java.util.*; import java.util.function.*; import java.io.Serializable;\n";

  private final Map<Name, Symbol> symbols = new HashMap<>();
  private final Map<String, byte[]> known = new HashMap<>();
  private int cells;

  /** A cell in the making. */
  final class Cell {
    private final List<Symbol> defines = new ArrayList<>();
    private final Map<String, ClassFile> classes = new LinkedHashMap<>();
    private final Set<Name> reads = new LinkedHashSet<>();
    private final Set<Name> writes = new LinkedHashSet<>();
    private final Set<Name> refs = new LinkedHashSet<>();
    private final List<Name> initialises = new ArrayList<>();
    private @Nullable String entry;

    /** Declares a variable. */
    Cell variable(String type, String name) {
      String hash = Integer.toHexString((type + name + versions(type)).hashCode());
      String holder = name + "$" + hash;
      compile(
          holder,
          "public class %1$s { public static %2$s %3$s; static { %4$s } }"
              .formatted(holder, qualified(type), name, touch("v:" + name, holder)));
      ClassRef ref = ref("cell." + holder);
      Name as = Name.variable(name);
      String descriptor =
          Map.of("int", "I", "long", "J", "double", "D", "boolean", "Z")
              .getOrDefault(type, "Ljava/lang/Object;");
      define(symbol(as, "cell." + holder, type, descriptor, List.of(ref)));
      writes.add(as);
      return this;
    }

    /** Declares a type; {@code statics} when it has static state. */
    Cell type(String name, String source, boolean statics) {
      String hash = Integer.toHexString(source.hashCode());
      String outer = name + "$" + hash;
      String binary = "cell." + outer + "$" + name;
      String touch = statics ? "static { " + touch("s:" + name, outer + "." + name) + " } " : "";
      int brace = source.indexOf('{') + 1;
      String body =
          source.startsWith("enum")
              ? source
              : source.substring(0, brace) + touch + source.substring(brace);
      compile(outer, "public class %s { public static %s }".formatted(outer, qualified(body)));
      List<ClassRef> refs = new ArrayList<>();
      for (ClassFile file : classes.values()) {
        if (file.ref().binaryName().startsWith("cell." + outer)) {
          refs.add(file.ref());
        }
      }
      define(symbol(Name.type(name), binary, "", "", refs));
      if (statics) {
        define(symbol(Name.statics(name), binary, "", "", refs));
        initialises.add(Name.type(name));
        writes.add(Name.statics(name));
      }
      return this;
    }

    /** Statements; names are written as {@code v(x)} and {@code t(Point)}. */
    Cell run(String statements) {
      String name = "Cell" + cells + "$" + Integer.toHexString(statements.hashCode());
      compile(
          name,
          "public class %s { public static Object $run() throws Throwable { %s } }"
              .formatted(name, qualified(statements)));
      entry = "cell." + name;
      return this;
    }

    Cell reads(String... variables) {
      Arrays.stream(variables).map(Name::variable).forEach(reads::add);
      return this;
    }

    Cell refers(Name... names) {
      refs.addAll(List.of(names));
      return this;
    }

    Cell writes(String... variables) {
      Arrays.stream(variables).map(Name::variable).forEach(writes::add);
      return this;
    }

    CellFunction done() {
      known.forEach((name, bytes) -> classes.putIfAbsent(name, ClassFile.of(name, bytes)));
      return new CellFunction(
          "h" + cells,
          "java",
          entry,
          true,
          "Object",
          List.copyOf(classes.values()),
          List.copyOf(defines),
          List.copyOf(initialises),
          Set.copyOf(reads),
          Set.copyOf(writes),
          Set.copyOf(refs),
          List.of(),
          Set.of(),
          null);
    }

    private void define(Symbol symbol) {
      defines.removeIf(s -> s.name().equals(symbol.name()));
      defines.add(symbol);
      symbols.put(symbol.name(), symbol);
    }

    private ClassRef ref(String binaryName) {
      ClassFile file = classes.get(binaryName);
      return file == null ? ClassFile.of(binaryName, known.get(binaryName)).ref() : file.ref();
    }

    private void compile(String simpleName, String source) {
      javac(simpleName, "package cell; " + IMPORTS + source)
          .forEach((name, bytes) -> {
            known.put(name, bytes);
            classes.put(name, ClassFile.of(name, bytes));
          });
    }
  }

  private static Symbol symbol(
      Name name, String className, String type, String descriptor, List<ClassRef> classes) {
    return new Symbol(
        name,
        className,
        type,
        descriptor,
        List.of(),
        classes,
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        null,
        List.of());
  }

  private static String touch(String spelling, String holder) {
    return "hydrocell.api.CellRuntime.firstTouch(\"%s\", %s.class);".formatted(spelling, holder);
  }

  /** A new cell. */
  Cell cell() {
    cells++;
    return new Cell();
  }

  private String versions(String type) {
    return qualified(type);
  }

  /** Replaces v(x) by the present holder's field and t(Point) by the present type. */
  private String qualified(String source) {
    String out = source;
    for (Symbol symbol : symbols.values()) {
      String text = symbol.name().text();
      switch (symbol.name().kind()) {
        case VARIABLE -> out = out.replace("v(" + text + ")", symbol.className() + "." + text);
        case TYPE -> out = out.replace("t(" + text + ")", source(symbol.className(), text));
        default -> {}
      }
    }
    return out;
  }

  private static String source(String binary, String name) {
    return binary.substring(0, binary.length() - name.length() - 1) + "." + name;
  }

  private Map<String, byte[]> javac(String simpleName, String source) {
    Map<String, ByteArrayOutputStream> outputs = new LinkedHashMap<>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new javax.tools.DiagnosticCollector<JavaFileObject>();
    var files = new Files(compiler.getStandardFileManager(messages, null, null), outputs);
    var unit =
        new SimpleJavaFileObject(
            URI.create("string:///cell/" + simpleName + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignore) {
            return source;
          }
        };
    List<String> options = List.of("-proc:none", "-parameters", "-nowarn");
    if (!compiler.getTask(null, files, messages, options, null, List.of(unit)).call()) {
      throw new AssertionError(source + "\n" + messages.getDiagnostics());
    }
    Map<String, byte[]> compiled = new LinkedHashMap<>();
    outputs.forEach((name, out) -> compiled.put(name, out.toByteArray()));
    return compiled;
  }

  /** Keeps class files in memory and shows those of earlier cells. */
  private final class Files extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> outputs;

    Files(JavaFileManager files, Map<String, ByteArrayOutputStream> outputs) {
      super(files);
      this.outputs = outputs;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("out:///" + name.replace('.', '/')), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          outputs.put(name, out);
          return out;
        }
      };
    }

    @Override
    public Iterable<JavaFileObject> list(
        Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse)
        throws java.io.IOException {
      if (!packageName.equals("cell")) {
        return super.list(location, packageName, kinds, recurse);
      }
      List<JavaFileObject> found = new ArrayList<>();
      known.forEach((name, bytes) -> found.add(new InMemory(name, bytes)));
      return found;
    }

    @Override
    public String inferBinaryName(Location location, JavaFileObject file) {
      return file instanceof InMemory memory ? memory.name : super.inferBinaryName(location, file);
    }
  }

  private static final class InMemory extends SimpleJavaFileObject {
    private final String name;
    private final byte[] bytes;

    InMemory(String name, byte[] bytes) {
      super(URI.create("mem:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
      this.name = name;
      this.bytes = bytes;
    }

    @Override
    public java.io.InputStream openInputStream() {
      return new java.io.ByteArrayInputStream(bytes);
    }
  }
}
