package hydrocell.kernel.magic;

import hydrocell.cell.Dependency;
import hydrocell.kernel.Dependencies;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that add libraries, under the names that IJava, JJava and rapaio give them. */
final class DependencyMagics {
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
            "the same as %maven; /resolve and /list-dependencies are taken, too",
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
            "pom", Magic.Takes.TEXT, "%%pom", "the same as %%loadFromPOM", DependencyMagics::pom),
        JARS,
        JARS.named("jar", "%jar PATH…"),
        new Magic(
            "classpath",
            Magic.Takes.TEXT,
            "%classpath PATH…, or %%classpath above paths",
            "adds jars and folders of classes",
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
      context.print("added %d libraries".formatted(change.added()));
    } else {
      context.print("all of it was there");
    }
  }

  private static void dependency(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<String> words = words(arguments, "%dependency /add GROUP:ARTIFACT:VERSION…");
    switch (words.getFirst()) {
      case "/add" -> maven(context, String.join(" ", words.subList(1, words.size())));
      case "/resolve" -> context.print("/add resolves at once");
      case "/list", "/list-dependencies", "/list-artifacts", "/list-conflicts" -> list(context, "");
      default ->
          throw new MagicException(
              "%dependency knows /add, /resolve and /list-dependencies, not " + words.getFirst());
    }
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
    String text = arguments.strip();
    if (text.isEmpty()) {
      throw new MagicException("it is written %loadFromPOM FILE, or %%loadFromPOM above a POM");
    }
    boolean file = !text.startsWith("<");
    if (file && !Files.isReadable(Path.of(text))) {
      throw new MagicException("there is no file " + text);
    }
    add(
        context,
        new Dependencies.Asked(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            file ? Files.readString(Path.of(text)) : text));
  }

  private static void files(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<Path> found = new ArrayList<>();
    for (String word : words(arguments, "%jars PATH…")) {
      List<Path> matching = matching(word);
      if (matching.isEmpty()) {
        throw new MagicException("nothing is at " + word);
      }
      found.addAll(matching);
    }
    tell(context, context.dependencies().addFiles(found));
    if (context.isAssigned()) {
      assign(context, found.stream().map(each -> each.toAbsolutePath().toString()).toList());
    }
  }

  /** The files that a path with wildcards means, in the order of their names. */
  private static List<Path> matching(String pattern) throws IOException {
    int wild = pattern.indexOf('*');
    try {
      if (wild < 0) {
        return Stream.of(Path.of(pattern)).filter(Files::exists).toList();
      }
      int slash = pattern.lastIndexOf('/', wild);
      Path base = Path.of(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
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
