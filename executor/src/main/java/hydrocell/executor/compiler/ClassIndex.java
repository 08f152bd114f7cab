package hydrocell.executor.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Public-looking classes of the JDK and of jars by their simple name: what a name that was not
 * found could mean. Jars are only listed, never loaded. Read when first asked. Thread-safe.
 */
final class ClassIndex {
  private static final Comparator<String> LIKELY_FIRST =
      Comparator.comparingInt(ClassIndex::rank)
          .thenComparingInt(String::length)
          .thenComparing(name -> name);

  private final Map<Path, Map<String, Set<String>>> jars = new ConcurrentHashMap<>();
  private @Nullable Map<String, Set<String>> javaBase;
  private @Nullable Map<String, Set<String>> jdk;

  /** Qualified names of the classes with this simple name, likely ones first. */
  List<String> find(String simpleName, List<Path> libraries) {
    Set<String> found =
        jdk().getOrDefault(simpleName, Set.of()).stream()
            .filter(ClassIndex::isPublic)
            .collect(Collectors.toCollection(TreeSet::new));
    for (Path jar : libraries) {
      found.addAll(jars.computeIfAbsent(jar, ClassIndex::ofJar).getOrDefault(simpleName, Set.of()));
    }
    return found.stream().sorted(LIKELY_FIRST).toList();
  }

  /** Simple names of the classes in these packages of the JDK and of jars. */
  Set<String> simpleNames(Set<String> packages, List<Path> libraries) {
    return Stream.concat(
            Stream.of(jdk()),
            libraries.stream().map(jar -> jars.computeIfAbsent(jar, ClassIndex::ofJar)))
        .flatMap(classes -> classes.entrySet().stream())
        .filter(each -> each.getValue().stream().anyMatch(name -> packages.contains(parent(name))))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Qualified names of the classes whose simple name begins so, in any case; likely ones first. */
  List<String> beginning(String typed, List<Path> libraries) {
    List<String> found = new ArrayList<>();
    for (Map<String, Set<String>> each : all(libraries)) {
      each.forEach((name, qualified) -> {
        if (name.regionMatches(true, 0, typed, 0, typed.length())) {
          found.addAll(qualified);
        }
      });
    }
    found.sort(LIKELY_FIRST);
    return found;
  }

  /** The packages with classes, and those around them. */
  Set<String> packages(List<Path> libraries) {
    Set<String> found = new TreeSet<>();
    for (Map<String, Set<String>> each : all(libraries)) {
      each.values().forEach(names -> names.forEach(name -> addParents(name, found)));
    }
    return found;
  }

  /** Qualified names of the classes of a package. */
  List<String> classesOf(String packageName, List<Path> libraries) {
    List<String> found = new ArrayList<>();
    for (Map<String, Set<String>> each : all(libraries)) {
      each.values()
          .forEach(names ->
              names.stream().filter(name -> parent(name).equals(packageName)).forEach(found::add));
    }
    return found;
  }

  private List<Map<String, Set<String>>> all(List<Path> libraries) {
    List<Map<String, Set<String>>> all = new ArrayList<>();
    all.add(jdk());
    libraries.forEach(jar -> all.add(jars.computeIfAbsent(jar, ClassIndex::ofJar)));
    return all;
  }

  private static void addParents(String name, Set<String> into) {
    String above = parent(name);
    while (!above.isEmpty() && into.add(above)) {
      above = parent(above);
    }
  }

  static String parent(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static int rank(String name) {
    return name.startsWith("java.util.") || name.startsWith("java.sql.")
        ? 0
        : name.startsWith("java.") ? 1 : name.startsWith("javax.") ? 2 : 3;
  }

  /**
   * The one public class of {@code java.base} with this simple name; null when there is none, or
   * more than one.
   */
  @Nullable String onlyOneOfJavaBase(String simpleName) {
    List<String> found =
        javaBase().getOrDefault(simpleName, Set.of()).stream()
            .filter(ClassIndex::isPublic)
            .toList();
    return found.size() == 1 ? found.getFirst() : null;
  }

  private static boolean isPublic(String name) {
    try {
      return Modifier.isPublic(
          Class.forName(name, false, ClassLoader.getPlatformClassLoader()).getModifiers());
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private synchronized Map<String, Set<String>> javaBase() {
    Map<String, Set<String>> ready = javaBase;
    if (ready == null) {
      ready = new HashMap<>();
      addExported(ModuleFinder.ofSystem().find("java.base").orElseThrow(), ready);
      javaBase = ready;
    }
    return ready;
  }

  private synchronized Map<String, Set<String>> jdk() {
    Map<String, Set<String>> ready = jdk;
    if (ready == null) {
      ready = new HashMap<>();
      for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
        if (module.descriptor().name().startsWith("java.")) {
          addExported(module, ready);
        }
      }
      jdk = ready;
    }
    return ready;
  }

  private static void addExported(ModuleReference module, Map<String, Set<String>> into) {
    Set<String> exported =
        module.descriptor().exports().stream()
            .filter(export -> !export.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet());
    try (ModuleReader reader = module.open();
        var names = reader.list()) {
      names.forEach(entry -> {
        String name = className(entry);
        if (name != null && exported.contains(parent(name))) {
          add(into, name);
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException("the JDK's own classes cannot be listed", e);
    }
  }

  private static Map<String, Set<String>> ofJar(Path jar) {
    Map<String, Set<String>> found = new HashMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream()
          .forEach(entry -> {
            String name = className(entry.getName());
            if (name != null) {
              add(found, name);
            }
          });
    } catch (IOException e) {
      // A folder of classes, or a jar that is gone: nothing to suggest from it.
      return Map.of();
    }
    return found;
  }

  private static void add(Map<String, Set<String>> into, String name) {
    into.computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), n -> new TreeSet<>()).add(name);
  }

  private static @Nullable String className(String entry) {
    boolean top =
        entry.endsWith(".class") && !entry.contains("$") && !entry.startsWith("META-INF/");
    return top && !entry.endsWith("-info.class")
        ? entry.substring(0, entry.length() - ".class".length()).replace('/', '.')
        : null;
  }
}
