package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Symbol;
import java.io.IOException;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The members of types by name. Types of the session and of libraries are read, never loaded; those
 * of the JDK are loaded and not initialised.
 */
final class Members {
  private static final int MAX_SUPERTYPES = 64;

  private final Collection<Symbol> session;
  private final Map<String, Supplier<byte[]>> sessionClasses;
  private final CellSplitter.Parts parts;
  private final List<Path> libraries;
  private final ClassIndex index;

  Members(
      Collection<Symbol> session,
      Map<String, Supplier<byte[]>> sessionClasses,
      CellSplitter.Parts parts,
      List<Path> libraries,
      ClassIndex index) {
    this.session = session;
    this.sessionClasses = sessionClasses;
    this.parts = parts;
    this.libraries = libraries;
    this.index = index;
  }

  /** The words of the cell's types, for what is looked up in the type itself. */
  Set<String> ofCell() {
    Set<String> words = new HashSet<>();
    parts.types().forEach(type -> words.addAll(CellSplitter.words(type.text())));
    return words;
  }

  /** Names of members of the type that a message spells like this; empty when it is not found. */
  Set<String> of(String typeName) {
    Set<String> names = new HashSet<>();
    for (Declaration type : parts.types()) {
      if (type.name().text().equals(typeName)) {
        names.addAll(CellSplitter.words(type.text()));
        return names;
      }
    }
    for (Symbol symbol : session) {
      if (symbol.name().kind() == Kind.TYPE && symbol.name().text().equals(typeName)) {
        collect(symbol.className(), names, new HashSet<>());
        return names;
      }
    }
    List<String> found =
        typeName.contains(".") ? List.of(typeName) : index.find(typeName, libraries);
    for (String each : found) {
      collect(each, names, new HashSet<>());
      if (!names.isEmpty()) {
        return names;
      }
    }
    return names;
  }

  private void collect(String binaryName, Set<String> names, Set<String> seen) {
    if (seen.size() >= MAX_SUPERTYPES || !seen.add(binaryName)) {
      return;
    }
    byte[] bytes = bytesOf(binaryName);
    if (bytes == null) {
      collectLoaded(binaryName, names);
      return;
    }
    ClassModel model = ClassRewriter.parse(bytes);
    model.methods().stream()
        .filter(method -> !method.flags().has(AccessFlag.PRIVATE))
        .map(method -> method.methodName().stringValue())
        .filter(name -> !name.contains("<") && !name.contains("$"))
        .forEach(names::add);
    model.fields().stream()
        .filter(field -> !field.flags().has(AccessFlag.PRIVATE))
        .forEach(field -> names.add(field.fieldName().stringValue()));
    model.superclass().ifPresent(type -> collect(dotted(type.asInternalName()), names, seen));
    model.interfaces().forEach(type -> collect(dotted(type.asInternalName()), names, seen));
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }

  private byte @Nullable [] bytesOf(String binaryName) {
    Supplier<byte[]> known = sessionClasses.get(binaryName);
    if (known != null) {
      return known.get();
    }
    String entryName = binaryName.replace('.', '/') + ".class";
    for (Path jar : libraries) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        ZipEntry entry = zip.getEntry(entryName);
        if (entry != null) {
          return zip.getInputStream(entry).readAllBytes();
        }
      } catch (IOException e) {
        // A folder of classes, or a jar that is gone: nothing to suggest from it.
        continue;
      }
    }
    return null;
  }

  private static void collectLoaded(String name, Set<String> names) {
    try {
      Class<?> type = Class.forName(name, false, ClassLoader.getPlatformClassLoader());
      Arrays.stream(type.getMethods()).forEach(method -> names.add(method.getName()));
      Arrays.stream(type.getFields()).forEach(field -> names.add(field.getName()));
    } catch (ClassNotFoundException | LinkageError e) {
      // A class that nobody can read: nothing to suggest from it.
      return;
    }
  }
}
