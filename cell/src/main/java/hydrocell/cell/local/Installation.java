package hydrocell.cell.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How Hydrocell's processes are started: in an installed copy each has an argument file that names
 * its flags, class path, start-up cache and main class; run from a class path (tests, an IDE) it
 * gets this process's class path. Immutable.
 *
 * <pre>
 * FOLDER/lib/*.jar
 * FOLDER/kernel.args  node.args  compiler.args  executor.args  resolver.args
 * FOLDER/kernel.aot   node.aot   compiler.aot   executor.aot
 * </pre>
 *
 * @param folder of the installed copy; null when run from a class path
 */
public record Installation(@Nullable Path folder) {
  /** System property that every argument file sets to its folder. */
  public static final String PROPERTY = "hydrocell.install";

  /** What an executor may open, so that stored values can be rebuilt. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks",
          "java.time",
          "java.time.format",
          "java.net",
          "java.nio",
          "java.math",
          "java.text",
          "java.io",
          "java.util.regex",
          "sun.nio.fs");

  /** A process that Hydrocell starts. */
  public enum Role {
    /** One per open notebook. */
    KERNEL("hydrocell.kernel.KernelMain"),
    /** Storage node and executor host. */
    NODE("hydrocell.install.LocalNodeMain"),
    /** One per person and machine. */
    COMPILER("hydrocell.executor.compiler.CompileServiceMain"),
    /** Pooled. */
    EXECUTOR("hydrocell.executor.run.CellExecutorMain"),
    /** One per request for libraries. */
    RESOLVER("hydrocell.resolver.ResolverMain");

    private final String mainClass;

    Role(String mainClass) {
      this.mainClass = mainClass;
    }

    /** The class that is started. */
    public String mainClass() {
      return mainClass;
    }

    /** Whether it is started so often, or waited for so eagerly, that it gets a start-up cache. */
    public boolean cached() {
      return this != RESOLVER;
    }

    /** The name of its files in an installed copy. */
    public String fileName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The copy that this process belongs to. */
  public static Installation here() {
    String folder = System.getProperty(PROPERTY);
    return new Installation(folder == null ? null : Path.of(folder));
  }

  /** The command line that starts a process, as for {@link ProcessBuilder}; add no secrets. */
  public List<String> command(Role role) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    if (folder != null) {
      Path arguments = folder.resolve(role.fileName() + ".args");
      if (Files.exists(arguments)) {
        return List.of(java, "@" + arguments);
      }
    }
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(flags(role));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), role.mainClass()));
    return command;
  }

  /**
   * What processes are started from: the folder of the copy, and those of the jars, or the jars.
   */
  public List<Path> program() {
    Stream<Path> classes =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(each -> !each.isEmpty())
            .map(each -> Path.of(each).toAbsolutePath());
    Path copy = folder;
    return copy == null
        ? classes.filter(Files::exists).distinct().toList()
        : Stream.concat(Stream.of(copy), classes.map(Path::getParent)).distinct().toList();
  }

  /** The JVM flags of a process, without class path and start-up cache. */
  public static List<String> flags(Role role) {
    List<String> flags = new ArrayList<>();
    flags.add("-XX:+UseSerialGC");
    flags.add("-Dfile.encoding=UTF-8");
    flags.add("-Djava.awt.headless=true");
    // The start-up cache is mapped where it was made for: moved elsewhere, every process has most
    // of it as memory of its own instead of sharing the file's pages.
    flags.add("-XX:+UnlockDiagnosticVMOptions");
    flags.add("-XX:ArchiveRelocationMode=0");
    if (role != Role.KERNEL && role != Role.NODE) {
      // Their logs are told when something was; a kernel's go to Jupyter's, a node's are its own.
      flags.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
      flags.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    }
    switch (role) {
      case KERNEL ->
          flags.addAll(
              List.of(
                  "-XX:TieredStopAtLevel=1",
                  "-XX:-AOTRecordTraining",
                  "-XX:-AOTReplayTraining",
                  // It moves messages: what runs seldom stays interpreted, and what compiling
                  // took is given back at once.
                  "-XX:CompileThresholdScaling=4",
                  "-XX:C1MaxInlineLevel=2",
                  "-XX:TrimNativeHeapInterval=1000",
                  "-XX:StackShadowPages=10",
                  "-Xms6m",
                  "-Xmn2m",
                  "-Xmx128m",
                  "-Xss512k",
                  "-XX:ReservedCodeCacheSize=24m",
                  "-XX:MaxDirectMemorySize=32m"));
      case NODE ->
          flags.addAll(
              List.of(
                  // The optimising compiler begins later: it took a processor from cells.
                  "-XX:Tier4InvocationThreshold=20000",
                  "-XX:Tier4MinInvocationThreshold=4000",
                  "-XX:Tier4CompileThreshold=60000",
                  "-Xms32m",
                  "-Xmx512m",
                  "-XX:MaxDirectMemorySize=512m",
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow"));
      case COMPILER -> {
        // Annotation processors such as Lombok's reach into javac by way of sun.misc.Unsafe.
        flags.addAll(
            List.of("-Xms64m", "-Xmx768m", "-Xss2m", "--sun-misc-unsafe-memory-access=allow"));
        // javac's pool of contexts is internal; without these each cell takes twice as long.
        for (String internal : List.of("api", "code", "util")) {
          flags.add("--add-exports");
          flags.add("jdk.compiler/com.sun.tools.javac." + internal + "=ALL-UNNAMED");
        }
      }
      case RESOLVER -> flags.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"));
      case EXECUTOR -> {
        flags.addAll(
            List.of(
                // The serial collector leaves counted loops without safepoints, and a loop without
                // safepoints cannot be interrupted.
                "-XX:+UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=1000",
                // Large arrays start in the old generation: moving them there costs more than
                // making
                // them.
                "-XX:PretenureSizeThreshold=8m",
                // Costs nothing until a class asks for it; only then a cell may use previews.
                "--enable-preview",
                "-Djdk.reflect.useNativeAccessorOnly=true",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        for (String opened : OPENED) {
          flags.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
      }
    }
    return flags;
  }
}
