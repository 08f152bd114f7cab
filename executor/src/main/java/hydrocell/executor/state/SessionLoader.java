package hydrocell.executor.state;

import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.message.CompileRequest.Library;
import java.io.IOException;
import java.net.URL;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of one session in one executor: all in one loader, because they see each other's
 * package-private members. A class whose bytes are not here yet is fetched when it is first needed.
 * What cells see besides is the JDK, the session's libraries and {@code hydrocell.api}.
 * Thread-safe.
 */
public final class SessionLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final Map<String, ClassRef> refs = new ConcurrentHashMap<>();
  private final Map<String, byte[]> bytes = new ConcurrentHashMap<>();

  /** Files, by their hash, of classes whose name stands for another file here. */
  private final Map<String, byte[]> others = new ConcurrentHashMap<>();

  private final ByteSource source;
  private final ClassLoader api;
  private final Libraries libraries = new Libraries();
  private final LibraryRenderers renderers = new LibraryRenderers(this);

  /** Where class files lie. */
  @FunctionalInterface
  public interface ByteSource {
    /** The class file; null when there is none. Blocks. */
    byte @Nullable [] fetch(ClassRef ref);
  }

  /**
   * A loader without classes.
   *
   * @param source where the bytes of classes lie that are only known by name
   */
  public SessionLoader(ByteSource source) {
    super("session", ClassLoader.getPlatformClassLoader());
    this.source = source;
    this.api = SessionLoader.class.getClassLoader();
  }

  /**
   * Makes classes available by their bytes. A class that is here stays: the same definition
   * compiled once more has the same name, and other line numbers. Its file is kept to be stored.
   */
  public void add(Collection<ClassFile> classes) {
    for (ClassFile file : classes) {
      String name = file.ref().binaryName();
      if (bytes.putIfAbsent(name, file.bytes()) == null) {
        refs.put(name, file.ref());
      } else if (!file.ref().equals(refs.get(name))) {
        others.put(file.ref().sha256(), file.bytes());
      }
    }
  }

  /** Makes the classes and resources of libraries available; those that are there stay. */
  public void libraries(Collection<Library> classPath) {
    if (libraries.add(classPath)) {
      renderers.forget();
    }
  }

  /** What the libraries say of how their values are shown. */
  public LibraryRenderers renderers() {
    return renderers;
  }

  /** Makes classes available by name and hash. */
  public void know(Collection<ClassRef> classes) {
    for (ClassRef ref : classes) {
      refs.putIfAbsent(ref.binaryName(), ref);
    }
  }

  /** Whether the bytes of a class are here. */
  public boolean has(ClassRef ref) {
    return here(ref) != null;
  }

  private byte @Nullable [] here(ClassRef ref) {
    byte[] other = others.get(ref.sha256());
    return other == null && ref.equals(refs.get(ref.binaryName()))
        ? bytes.get(ref.binaryName())
        : other;
  }

  /** The bytes of a class, fetched if need be; null when nobody has them. */
  public byte @Nullable [] bytesOf(ClassRef ref) {
    byte[] here = here(ref);
    if (here != null) {
      return here;
    }
    byte[] fetched = source.fetch(ref);
    if (fetched != null && ref.equals(refs.get(ref.binaryName()))) {
      bytes.putIfAbsent(ref.binaryName(), fetched);
    }
    return fetched;
  }

  /** Name and hash of a class of this loader. */
  ClassRef refOf(Class<?> type) {
    ClassRef ref = refs.get(type.getName());
    if (ref == null) {
      throw new IllegalStateException(type + " is not a class of this session");
    }
    return ref;
  }

  /** Name and hash of a class by its name; null when the session has none. */
  @Nullable ClassRef refOf(String binaryName) {
    return refs.get(binaryName);
  }

  /** Every class known by name. */
  Set<String> names() {
    return refs.keySet();
  }

  /** A class by the name that {@link Class#getName} gives, primitives and arrays included. */
  Class<?> named(String name) throws ClassNotFoundException {
    return switch (name) {
      case "int" -> int.class;
      case "long" -> long.class;
      case "double" -> double.class;
      case "float" -> float.class;
      case "boolean" -> boolean.class;
      case "byte" -> byte.class;
      case "short" -> short.class;
      case "char" -> char.class;
      case "void" -> void.class;
      default -> Class.forName(name, false, this);
    };
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.startsWith("hydrocell.api.")) {
      return api.loadClass(name);
    }
    ClassRef ref = refs.get(name);
    byte[] file = ref == null ? null : bytesOf(ref);
    if (file == null) {
      return libraries.loadClass(name);
    }
    return defineClass(name, file, 0, file.length);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return libraries.getResource(name);
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return libraries.findResources(name);
  }
}
