package hydrocell.kernel.magic;

import hydrocell.cell.message.ResolveRequest;
import hydrocell.kernel.Dependencies;
import hydrocell.kernel.Hashes;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The line of a command that asks for libraries: coordinates as Maven and jbang write them, and
 * options of this kernel and of others. Only for one reading.
 */
final class LibraryLine {
  static final String USAGE = "%maven GROUP:ARTIFACT:VERSION… [--exclude GROUP:ARTIFACT]…";

  /** A comma that stands in a range of versions parts nothing. */
  private static final Pattern BETWEEN = Pattern.compile("[\\s,]+(?![^\\[(]*[\\])])");

  private static final Pattern VERSION = Pattern.compile("\\d.*");
  private static final Pattern NAME = Pattern.compile("[\\w.*-]+(:[\\w.*-]+)?");

  private final List<String> coordinates = new ArrayList<>();
  private final List<String> excluded = new ArrayList<>();
  private final List<String> boms = new ArrayList<>();
  private final List<ResolveRequest.Repository> repositories = new ArrayList<>();

  private LibraryLine() {}

  /** Reads a line, or says how it is written. */
  static Dependencies.Asked read(String line) throws MagicException {
    List<String> words = words(line);
    if (words.isEmpty()) {
      throw new MagicException("it is written " + USAGE);
    }
    LibraryLine read = new LibraryLine();
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      read.take(rest.next(), rest);
    }
    return new Dependencies.Asked(
        read.coordinates, read.excluded, read.boms, read.repositories, "");
  }

  /** Words that are parted by blanks or commas. */
  static List<String> words(String line) {
    return BETWEEN.splitAsStream(line).filter(word -> !word.isEmpty()).toList();
  }

  private void take(String word, Iterator<String> rest) throws MagicException {
    switch (word) {
      case "--exclude", "-x" -> excluded.add(name(next(word, rest)));
      case "--from" -> repositories.add(repository(next(word, rest)));
      // The nearest version wins, and what is asked for itself is nearest of all.
      case "--optional", "--force" -> {}
      default -> takeCoordinates(word);
    }
  }

  private static String next(String option, Iterator<String> rest) throws MagicException {
    if (!rest.hasNext()) {
      throw new MagicException(
          "%s wants a word behind it; it is written %s".formatted(option, USAGE));
    }
    return rest.next();
  }

  private static String name(String word) throws MagicException {
    if (!NAME.matcher(word).matches()) {
      throw new MagicException(
          "'%s' is nothing to exclude: that is written group:artifact, a star for any"
              .formatted(word));
    }
    return word.contains(":") ? word : word + ":*";
  }

  private static ResolveRequest.Repository repository(String url) throws MagicException {
    try {
      String host = URI.create(url).getHost();
      // One host may have several, and each has a name of its own.
      String id =
          "from-%s-%s".formatted(host == null ? "here" : host, Hashes.sha256(url).substring(0, 8));
      return new ResolveRequest.Repository(id, url);
    } catch (IllegalArgumentException e) {
      throw new MagicException("'%s' is no address of a repository".formatted(url));
    }
  }

  private void takeCoordinates(String word) throws MagicException {
    if (word.startsWith("-")) {
      throw new MagicException("there is no option %s; it is written %s".formatted(word, USAGE));
    }
    String maven = inMavensOrder(word);
    if (word.endsWith("@" + ResolveRequest.BOM_TYPE)) {
      boms.add(maven);
    } else {
      coordinates.add(maven);
    }
  }

  /** The coordinates of a BOM, whether or not they say that they are. */
  static String bom(String word) throws MagicException {
    String type = "@" + ResolveRequest.BOM_TYPE;
    return inMavensOrder(word.endsWith(type) ? word : word + type);
  }

  /**
   * Maven writes {@code group:artifact:type:classifier:version}, jbang {@code
   * group:artifact:version:classifier@type}.
   */
  private static String inMavensOrder(String word) throws MagicException {
    int at = word.lastIndexOf('@');
    String type = at < 0 ? "jar" : word.substring(at + 1);
    String[] parts = (at < 0 ? word : word.substring(0, at)).split(":", -1);
    boolean known = parts.length >= 2 && parts.length <= 5 && !type.isEmpty();
    for (String part : parts) {
      known &= !part.isBlank();
    }
    if (!known || (at >= 0 && (parts.length < 3 || parts.length > 4))) {
      throw new MagicException(
          "'%s' are no coordinates: they are written group:artifact:version".formatted(word));
    }
    if (parts.length == 4 && VERSION.matcher(parts[2]).matches()) {
      return String.join(":", parts[0], parts[1], type, parts[3], parts[2]);
    }
    return at >= 0 && parts.length == 3
        ? String.join(":", parts[0], parts[1], type, parts[2])
        : word;
  }
}
