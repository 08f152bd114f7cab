package hydrocell.executor.compiler;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/**
 * The files of one compilation: the session's classes come from memory and new ones go there; of
 * our own packages a cell sees {@code hydrocell.api} and those below it alone.
 */
final class MemoryFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {
  /** The package of all generated classes. */
  static final String PACKAGE = "cell";

  private final Map<String, Supplier<byte[]>> sessionClasses;
  private final Map<String, Output> compiled = new LinkedHashMap<>();

  MemoryFiles(StandardJavaFileManager files, Map<String, Supplier<byte[]>> sessionClasses) {
    super(files);
    this.sessionClasses = sessionClasses;
  }

  /** What was compiled, by binary name. */
  Map<String, byte[]> compiled() {
    Map<String, byte[]> classes = new LinkedHashMap<>();
    compiled.forEach((name, output) -> classes.put(name, output.bytes.toByteArray()));
    return classes;
  }

  /** A unit of source. */
  static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("memory:///" + className.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassObject extends SimpleJavaFileObject {
    private final String binaryName;
    private final Supplier<byte[]> bytes;

    ClassObject(String binaryName, Supplier<byte[]> bytes) {
      super(URI.create("memory:///" + binaryName.replace('.', '/') + ".class"), Kind.CLASS);
      this.binaryName = binaryName;
      this.bytes = bytes;
    }

    @Override
    public InputStream openInputStream() {
      return new ByteArrayInputStream(StaticState.asDeclared(bytes.get()));
    }
  }

  @Override
  public Iterable<JavaFileObject> list(
      Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse)
      throws IOException {
    if (location == StandardLocation.CLASS_PATH) {
      if (packageName.equals(PACKAGE)) {
        List<JavaFileObject> found = new ArrayList<>();
        sessionClasses.forEach((name, bytes) -> found.add(new ClassObject(name, bytes)));
        return found;
      }
      boolean ours = packageName.equals("hydrocell") || packageName.startsWith("hydrocell.");
      boolean api = packageName.equals("hydrocell.api") || packageName.startsWith("hydrocell.api.");
      if (ours && !api) {
        return List.of();
      }
    }
    // Some jars hold their sources, too: without a source path javac would compile those.
    Set<JavaFileObject.Kind> wanted = EnumSet.noneOf(JavaFileObject.Kind.class);
    wanted.addAll(kinds);
    if (location == StandardLocation.CLASS_PATH) {
      wanted.remove(JavaFileObject.Kind.SOURCE);
    }
    return super.list(location, packageName, wanted, recurse);
  }

  @Override
  public @Nullable String inferBinaryName(Location location, JavaFileObject file) {
    return file instanceof ClassObject object
        ? object.binaryName
        : super.inferBinaryName(location, file);
  }

  /** What javac or an annotation processor writes. */
  private static final class Output extends SimpleJavaFileObject {
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Output(String path, Kind kind) {
      super(URI.create("memory:///" + path + kind.extension), kind);
    }

    @Override
    public OutputStream openOutputStream() {
      bytes = new ByteArrayOutputStream();
      return bytes;
    }

    @Override
    public InputStream openInputStream() {
      return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  @Override
  public JavaFileObject getJavaFileForOutput(
      JavaFileManager.Location location,
      String className,
      JavaFileObject.Kind kind,
      @Nullable FileObject sibling) {
    Output output = new Output(className.replace('.', '/'), kind);
    if (kind == JavaFileObject.Kind.CLASS) {
      compiled.put(className, output);
    }
    return output;
  }

  @Override
  public FileObject getFileForOutput(
      JavaFileManager.Location location,
      String packageName,
      String relativeName,
      @Nullable FileObject sibling) {
    return new Output(
        packageName.replace('.', '/') + "/" + relativeName, JavaFileObject.Kind.OTHER);
  }

  @Override
  public boolean isSameFile(FileObject a, FileObject b) {
    return a.toUri().equals(b.toUri());
  }

  @Override
  public void close() {
    // The standard files below are shared by all compilations on the same class path.
  }
}
