package hydrocell.executor.javadoc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where documentation lies: the JDK's sources in {@code lib/src.zip}, those of a library in {@code
 * NAME-sources.jar} beside its jar or in the jar itself, or what javadoc made of them in {@code
 * NAME-javadoc.jar}. Archives are opened when they are first asked for. Thread-safe.
 */
public final class Library {
  /** Stands in a comment for what the overridden method says. */
  public static final String INHERITED = "\uE000";

  private static final Logger LOG = LoggerFactory.getLogger(Library.class);
  private static final int MAX_SOURCE_BYTES = 8 << 20;
  private static final int MAX_CACHED = 16;

  private final Path sourcesOfJdk;
  private final Map<String, String> texts =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_CACHED;
        }
      };
  private @Nullable ZipFile jdk;

  /**
   * What there is to know.
   *
   * @param found of those asked for
   * @param missing the jar whose documentation is not on this machine; null when nothing is missing
   *     that could be fetched
   */
  public record Answer(Map<Member, Declared> found, @Nullable Path missing) {}

  /** Documentation with the JDK's sources there. */
  public Library(Path sourcesOfJdk) {
    this.sourcesOfJdk = sourcesOfJdk;
  }

  /** Where this JDK has its sources, if they are installed. */
  public static Path sourcesOfJdk() {
    return Path.of(System.getProperty("java.home"), "lib", "src.zip");
  }

  /** Whether the JDK's sources are there. */
  public boolean hasJdk() {
    return Files.isReadable(sourcesOfJdk);
  }

  /** Members of one class of the JDK. */
  public Answer ofJdk(String module, List<Member> members) {
    String path = module + "/" + pathOf(members.getFirst()) + ".java";
    String text = text(path, () -> hasJdk() ? read(jdk(), path) : null);
    return new Answer(text == null ? Map.of() : SourceFile.find(text, members), null);
  }

  /** Members of one class that one of these jars holds. */
  public Answer of(List<Member> members, List<Path> jars) {
    String path = pathOf(members.getFirst());
    for (Path jar : jars) {
      if (!holds(jar, path + ".class")) {
        continue;
      }
      if (holds(jar, path + ".java")) {
        return new Answer(inside(jar, path + ".java", members), null);
      }
      Path sources = beside(jar, "-sources.jar");
      Path pages = beside(jar, "-javadoc.jar");
      if (Files.isReadable(sources)) {
        return new Answer(inside(sources, path + ".java", members), null);
      }
      if (Files.isReadable(pages)) {
        return new Answer(ofPages(members, pages, path), null);
      }
      return new Answer(Map.of(), jar);
    }
    return new Answer(Map.of(), null);
  }

  private Map<Member, Declared> inside(Path archive, String path, List<Member> members) {
    String text = text(archive + "!" + path, () -> readFrom(archive, path));
    return text == null ? Map.of() : SourceFile.find(text, members);
  }

  /** A member of a source that is at hand; null when it is not in there. */
  public static @Nullable Declared inSource(String source, Member member) {
    return SourceFile.find(source, List.of(member)).get(member);
  }

  private Map<Member, Declared> ofPages(List<Member> members, Path pages, String path) {
    Map<Member, Declared> found = new HashMap<>();
    List<String> nested = members.getFirst().types();
    String page =
        path
            + (nested.size() > 1 ? "." + String.join(".", nested.subList(1, nested.size())) : "")
            + ".html";
    String html = text(pages + "!" + page, () -> readFrom(pages, page));
    if (html != null) {
      for (Member member : members) {
        String text = JavadocPage.find(html, member);
        if (!text.isEmpty()) {
          found.put(member, new Declared(text, false, "", List.of()));
        }
      }
    }
    return found;
  }

  private static String pathOf(Member member) {
    return member.types().getFirst().replace('.', '/');
  }

  /** The file of the same name with another ending. */
  private static Path beside(Path jar, String ending) {
    String name = jar.getFileName().toString();
    return jar.resolveSibling(name.replaceFirst("\\.jar$", "") + ending);
  }

  private interface Reading {
    @Nullable String text() throws IOException;
  }

  private synchronized @Nullable String text(String key, Reading reading) {
    String known = texts.get(key);
    if (known != null) {
      return known;
    }
    try {
      String read = reading.text();
      if (read != null) {
        texts.put(key, read);
      }
      return read;
    } catch (IOException e) {
      LOG.info("no documentation from {}: {}", key, e.toString());
      return null;
    }
  }

  private ZipFile jdk() throws IOException {
    ZipFile open = jdk;
    if (open == null) {
      open = new ZipFile(sourcesOfJdk.toFile());
      jdk = open;
    }
    return open;
  }

  private static boolean holds(Path jar, String entry) {
    if (Files.isDirectory(jar)) {
      return Files.exists(jar.resolve(entry));
    }
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return zip.getEntry(entry) != null;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable String readFrom(Path archive, String path) throws IOException {
    if (Files.isDirectory(archive)) {
      return Files.readString(archive.resolve(path));
    }
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return read(zip, path);
    }
  }

  private static @Nullable String read(ZipFile zip, String path) throws IOException {
    ZipEntry entry = zip.getEntry(path);
    if (entry == null) {
      return null;
    }
    try (var in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(MAX_SOURCE_BYTES + 1);
      return bytes.length > MAX_SOURCE_BYTES ? null : new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
