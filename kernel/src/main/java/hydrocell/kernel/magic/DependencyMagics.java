package hydrocell.kernel.magic;

import hydrocell.cell.Dependency;
import hydrocell.cell.message.ResolveRequest;
import hydrocell.kernel.Dependencies;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that add libraries, under the names that IJava, JJava and rapaio give them. */
final class DependencyMagics {
  private static final String ADD_REPO = "%dependency /add-repo ID URL";
  private static final Pattern YAML = Pattern.compile("^(dependencies|repositories)\\s*:");

  private static final Magic MAVEN =
      new Magic(
          "maven",
          LibraryLine.USAGE + ", or //DEPS in a cell",
          "adds libraries and what they need; a version may be a range, or left out",
          DependencyMagics::maven);

  private static final Magic REPOSITORY =
      new Magic(
          "mavenRepo",
          "%mavenRepo ID URL",
          "adds a repository to look in",
          DependencyMagics::repository);

  private static final Magic JARS =
      new Magic(
          "jars",
          Magic.Takes.TEXT,
          "%jars PATH…, or %%jars above paths",
          "adds jars, and those in folders; * and ** are known",
          DependencyMagics::files);

  private DependencyMagics() {}

  static List<Magic> all() {
    return List.of(
        MAVEN,
        MAVEN.named("addMavenDependency", "%addMavenDependency GROUP:ARTIFACT:VERSION…"),
        MAVEN.named("addMavenDependencies", "%addMavenDependencies GROUP:ARTIFACT:VERSION…"),
        new Magic(
            "dependency",
            "%dependency /add GROUP:ARTIFACT:VERSION…",
            "the same as %maven; /resolve, /add-repo, /list-repos and /list-dependencies are taken, too",
            DependencyMagics::dependency),
        new Magic(
            "bom",
            "%bom GROUP:ARTIFACT:VERSION…, or GROUP:ARTIFACT:VERSION@pom with %maven",
            "libraries without a version have that of this list, and so has what they need",
            DependencyMagics::bom),
        REPOSITORY,
        REPOSITORY.named("addMavenRepo", "%addMavenRepo ID URL"),
        new Magic(
            "loadFromPOM",
            Magic.Takes.TEXT,
            "%loadFromPOM FILE, or %%loadFromPOM above one",
            "adds the libraries of a POM",
            DependencyMagics::pom),
        new Magic(
            "pom",
            Magic.Takes.TEXT,
            "%pom FILE, or %%pom above a POM in XML, or in YAML as Ganymede has it",
            "the same as %loadFromPOM; alone, the notebook's libraries",
            (context, arguments) -> {
              if (arguments.isBlank()) {
                list(context, "");
              } else {
                pom(context, arguments);
              }
            }),
        JARS,
        JARS.named("jar", "%jar PATH…"),
        new Magic(
            "classpath",
            Magic.Takes.TEXT,
            "%classpath PATH…, or %%classpath above paths",
            "adds jars and folders of classes; alone, the class path",
            DependencyMagics::files),
        new Magic(
            "dependencies",
            "%dependencies",
            "the notebook's libraries, and who needs what",
            DependencyMagics::list));
  }

  private static List<String> words(String arguments, String usage) throws MagicException {
    List<String> words = LibraryLine.words(arguments);
    if (words.isEmpty()) {
      throw new MagicException("it is written " + usage);
    }
    return words;
  }

  private static void maven(Magic.Context context, String arguments)
      throws IOException, MagicException {
    add(context, LibraryLine.read(arguments));
    if (context.isAssigned()) {
      assign(
          context,
          context.dependencies().all().stream()
              .filter(each -> !Dependencies.isFile(each))
              .map(each -> each.artifact().path())
              .toList());
    }
  }

  /** IJava's commands have jars as their value: those given, or all that Maven has got. */
  private static void assign(Magic.Context context, List<String> jars)
      throws IOException, MagicException {
    context.value(
        "java.util.List.of(%s)"
            .formatted(jars.stream().map(Literals::text).collect(Collectors.joining(", "))));
  }

  private static void bom(Magic.Context context, String arguments) throws MagicException {
    List<String> boms = new ArrayList<>();
    for (String word : words(arguments, "%bom GROUP:ARTIFACT:VERSION…")) {
      boms.add(LibraryLine.bom(word));
    }
    add(context, new Dependencies.Asked(List.of(), List.of(), boms, List.of(), ""));
  }

  private static void add(Magic.Context context, Dependencies.Asked asked) throws MagicException {
    DownloadBar bar = new DownloadBar(context.cells());
    try {
      Dependencies.Change change = context.dependencies().add(asked, bar::show);
      bar.end();
      tell(context, change);
    } catch (IOException e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    } finally {
      bar.giveUp();
    }
  }

  private static void tell(Magic.Context context, Dependencies.Change change) {
    if (!change.notKept().isEmpty()) {
      context.print(
          "too large to be kept with the notebook, so it must stay where it is: "
              + String.join(", ", change.notKept()));
    }
    if (!change.replaced().isEmpty()) {
      context.print(
          "now there in another version, or gone: %s. The next cell runs on a fresh executor."
              .formatted(String.join(", ", change.replaced())));
    } else if (change.added() > 0) {
      context.print(
          "added %d %s".formatted(change.added(), change.added() == 1 ? "library" : "libraries"));
    } else {
      context.print("all of it was there");
    }
  }

  private static void dependency(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<String> words = words(arguments, "%dependency /add GROUP:ARTIFACT:VERSION…");
    switch (words.getFirst()) {
      case "/add" -> maven(context, String.join(" ", words.subList(1, words.size())));
      case "/add-repo" -> addRepo(context, words);
      case "/list-repos" -> repositories(context);
      case "/resolve" -> context.print("/add resolves at once");
      case "/list", "/list-dependencies", "/list-artifacts", "/list-conflicts" -> list(context, "");
      default ->
          throw new MagicException(
              "%dependency knows /add, /resolve, /add-repo, /list-repos and /list-dependencies, not "
                  + words.getFirst());
    }
  }

  /** As rapaio has it; how often to look for news is Maven's own setting here. */
  private static void addRepo(Magic.Context context, List<String> words)
      throws IOException, MagicException {
    if (words.size() < 3) {
      throw new MagicException("it is written " + ADD_REPO);
    }
    repository(context, words.get(1) + " " + words.get(2));
  }

  private static void repositories(Magic.Context context) {
    List<String> lines = new ArrayList<>();
    for (ResolveRequest.Repository each : context.dependencies().repositories()) {
      lines.add(each.id() + " " + each.url());
    }
    lines.add("and those of Maven's settings");
    context.print(String.join("\n", lines));
  }

  private static void repository(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<String> words = words(arguments, "%mavenRepo ID URL");
    if (words.size() != 2) {
      throw new MagicException("it is written %mavenRepo ID URL");
    }
    context.dependencies().addRepository(words.get(0), words.get(1));
    context.print("libraries are looked for in %s, too".formatted(words.get(1)));
  }

  private static void pom(Magic.Context context, String arguments)
      throws IOException, MagicException {
    // IJava has scopes in the line; the class path is that of compile and runtime here.
    String below = context.call().below().strip();
    String text = below.isEmpty() ? context.call().inLine() : below;
    if (text.isEmpty()) {
      throw new MagicException("it is written %loadFromPOM FILE, or %%loadFromPOM above a POM");
    }
    boolean written = !below.isEmpty() || text.startsWith("<") || YAML.matcher(text).find();
    String pom = written ? text : read(context, words(text, "%loadFromPOM FILE").getFirst());
    add(context, new Dependencies.Asked(List.of(), List.of(), List.of(), List.of(), pom));
  }

  private static String read(Magic.Context context, String path)
      throws IOException, MagicException {
    try {
      Path file = context.surroundings().directory().resolve(path);
      if (Files.isReadable(file)) {
        return Files.readString(file);
      }
    } catch (InvalidPathException e) {
      // Then there is no such file.
    }
    throw new MagicException("there is no file " + path);
  }

  private static void files(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<Path> found = new ArrayList<>();
    if (arguments.isBlank() && !isAboutJars(context)) {
      classPath(context);
      return;
    }
    for (String word : words(arguments, "%jars PATH…")) {
      List<Path> matching = matching(context.surroundings().directory(), word);
      if (matching.isEmpty()) {
        throw new MagicException("nothing is at " + word);
      }
      for (Path each : matching) {
        found.addAll(isAboutJars(context) ? jars(each) : List.of(each));
      }
    }
    tell(context, context.dependencies().addFiles(found));
    if (context.isAssigned()) {
      assign(context, found.stream().map(each -> each.toAbsolutePath().toString()).toList());
    }
  }

  private static void classPath(Magic.Context context) {
    List<String> paths =
        context.dependencies().all().stream().map(each -> each.artifact().path()).toList();
    context.print(paths.isEmpty() ? "the class path is empty" : String.join("\n", paths));
  }

  private static boolean isAboutJars(Magic.Context context) {
    return context.call().name().startsWith("jar");
  }

  /** The jars in a folder, or itself where it has none: then it is one of classes. */
  private static List<Path> jars(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> inside = Files.list(path)) {
      List<Path> jars = inside.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
      return jars.isEmpty() ? List.of(path) : jars;
    }
  }

  /** The files that a path with wildcards means, in the order of their names. */
  private static List<Path> matching(Path directory, String pattern) throws IOException {
    int wild = pattern.indexOf('*');
    try {
      if (wild < 0) {
        return Stream.of(directory.resolve(pattern)).filter(Files::exists).toList();
      }
      int slash = pattern.lastIndexOf('/', wild);
      Path base =
          directory.resolve(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
      PathMatcher matcher =
          FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1));
      if (!Files.isDirectory(base)) {
        return List.of();
      }
      try (Stream<Path> all = Files.walk(base, pattern.contains("**") ? 16 : 1)) {
        return all.filter(path -> matcher.matches(base.relativize(path))).sorted().toList();
      }
    } catch (InvalidPathException e) {
      return List.of();
    }
  }

  private static void list(Magic.Context context, String arguments) throws MagicException {
    List<Dependency> all = context.dependencies().all();
    if (all.isEmpty()) {
      context.print("this notebook has no libraries; %maven GROUP:ARTIFACT:VERSION adds one");
      return;
    }
    List<String> lines = new ArrayList<>();
    try {
      lines.addAll(context.dependencies().tree());
    } catch (IOException e) {
      all.forEach(each -> lines.add(each.artifact().coordinates()));
    }
    context.dependencies().managed().forEach(each -> lines.add("versions of " + each));
    all.stream()
        .filter(each -> !each.artifact().coordinates().contains(":"))
        .forEach(each -> lines.add(each.artifact().path()));
    context.print(String.join("\n", lines));
  }
}
