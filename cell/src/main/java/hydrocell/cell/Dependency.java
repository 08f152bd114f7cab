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
 */
public record Dependency(Resolution.Artifact artifact, int place, boolean wanted) {
  private static final String SEPARATOR = "\n";

  /** The name of a library: its coordinates without the version. */
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
            Boolean.toString(wanted)));
  }

  /** Reads what {@link #symbol} wrote. */
  public static Dependency of(Symbol symbol) {
    String[] parts = symbol.type().split(SEPARATOR, -1);
    return new Dependency(
        new Resolution.Artifact(parts[0], parts[1], parts[2]),
        Integer.parseInt(parts[3]),
        Boolean.parseBoolean(parts[4]));
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
