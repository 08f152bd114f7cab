package hydrocell.cell;

import hydrocell.cell.message.Resolution;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A library of a session, as its manifest keeps it. Immutable.
 *
 * @param artifact coordinates, or the file name of a jar that has none; its jar
 * @param place where it stands on the class path
 * @param wanted whether the user asked for it; the others are there because these need them
 * @param excluded what it must not bring along: {@code group:artifact}, a star for any
 */
public record Dependency(
    Resolution.Artifact artifact, int place, boolean wanted, List<String> excluded) {
  private static final String SEPARATOR = "\n";
  private static final String BETWEEN = " ";

  /** A library that brings along whatever it needs. */
  public Dependency(Resolution.Artifact artifact, int place, boolean wanted) {
    this(artifact, place, wanted, List.of());
  }

  /** The name of a library: its coordinates without type and version. */
  public static Name name(Resolution.Artifact artifact) {
    String[] parts = artifact.coordinates().split(":");
    String text =
        parts.length < 3
            ? artifact.coordinates()
            : parts.length > 4
                ? parts[0] + ":" + parts[1] + ":" + parts[3]
                : parts[0] + ":" + parts[1];
    return new Name(Kind.DEPENDENCY, text);
  }

  /** How the manifest keeps it. */
  public Symbol symbol() {
    return Symbol.plain(
        name(artifact),
        String.join(
            SEPARATOR,
            artifact.coordinates(),
            artifact.path(),
            artifact.sha256(),
            Integer.toString(place),
            Boolean.toString(wanted),
            String.join(BETWEEN, excluded)));
  }

  /** Reads what {@link #symbol} wrote. */
  public static Dependency of(Symbol symbol) {
    String[] parts = symbol.type().split(SEPARATOR, -1);
    return new Dependency(
        new Resolution.Artifact(parts[0], parts[1], parts[2]),
        Integer.parseInt(parts[3]),
        Boolean.parseBoolean(parts[4]),
        parts.length < 6 || parts[5].isEmpty() ? List.of() : List.of(parts[5].split(BETWEEN)));
  }

  /** The libraries among entries, in the order of the class path. */
  public static List<Dependency> in(Collection<Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.name().kind() == Kind.DEPENDENCY)
        .map(entry -> of(entry.symbol()))
        .sorted(Comparator.comparingInt(Dependency::place))
        .toList();
  }
}
