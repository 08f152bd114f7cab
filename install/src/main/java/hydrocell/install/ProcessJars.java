package hydrocell.install;

import hydrocell.cell.local.Installation.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which jars each process gets: a kernel sees no Netty or executor, a cell executor sees no store.
 * Least is also fastest to start.
 */
final class ProcessJars {
  private static final Set<String> COMMON = Set.of("cell", "anna-client", "slf4j-api");
  private static final Set<String> KERNEL =
      Set.of(
          "kernel",
          "jeromq",
          "jnacl",
          "jackson-core",
          "jackson-databind",
          "jackson-annotations",
          "slf4j-simple");
  private static final Set<String> EXECUTOR = Set.of("executor", "jna", "slf4j-simple");
  private static final Set<String> COMPILER = Set.of("executor", "slf4j-simple");
  private static final Set<String> NODE =
      Set.of("install", "storage-node", "executor", "netty-", "logback-classic", "logback-core");

  private static final Set<String> RESOLVER =
      Set.of(
          "resolver",
          "maven-",
          "plexus-",
          "httpclient",
          "httpcore",
          "commons-codec",
          "jcl-over-slf4j",
          "javax.inject",
          "gson",
          "asm",
          "snakeyaml",
          "slf4j-simple");

  /** The project's own: a class of theirs that is also in a library is meant to be used instead. */
  private static final Set<String> OWN =
      Set.of("anna-client", "cell", "executor", "install", "kernel", "resolver", "storage-node");

  private ProcessJars() {}

  /** The role's jars out of a folder, in a fixed order, the project's own before libraries. */
  static List<Path> of(Role role, Path lib) throws IOException {
    Set<String> own =
        switch (role) {
          case KERNEL -> KERNEL;
          case NODE -> NODE;
          case COMPILER -> COMPILER;
          case EXECUTOR -> EXECUTOR;
          case RESOLVER -> RESOLVER;
        };
    List<Path> jars = new ArrayList<>();
    try (Stream<Path> all = Files.list(lib)) {
      for (Path jar : all.sorted().toList()) {
        String name = jar.getFileName().toString();
        if (name.endsWith(".jar") && (matches(COMMON, name) || matches(own, name))) {
          jars.add(jar);
        }
      }
    }
    jars.sort(Comparator.comparing(jar -> !matches(OWN, jar.getFileName().toString())));
    return jars;
  }

  /** A jar is called NAME-VERSION.jar; an entry that ends in a dash stands for all it begins. */
  private static boolean matches(Set<String> names, String jar) {
    return names.stream()
        .anyMatch(
            name -> name.endsWith("-") ? jar.startsWith(name) : jar.matches(name + "-\\d.*\\.jar"));
  }
}
