package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.cell.Commit;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says who did what in a session in which several people run cells. */
final class Coauthors {
  private static final int MOST_LINES = 5;
  private static final int MOST_NAMES = 8;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final Set<Kind> SPOKEN =
      EnumSet.of(Kind.VARIABLE, Kind.METHOD, Kind.TYPE, Kind.IMPORT);

  private final Backend backend;
  private final Session session;
  private final History history;

  Coauthors(Backend backend, Session session, History history) {
    this.backend = backend;
    this.session = session;
    this.history = history;
  }

  /**
   * A line on each commit of somebody who said who they are, the newest last; empty when nobody
   * did. Who somebody is, they say themselves, among those who may write the session.
   */
  String lines(List<Commit.Trace> commits) throws IOException {
    Lattice stored = Backend.await(backend.anna().get(session.keys().session())).lattice();
    List<Commit.Trace> known = new ArrayList<>(commits);
    known.removeIf(each -> person(stored, each) == null);
    if (known.isEmpty()) {
      return "";
    }
    known.sort(java.util.Comparator.comparing(Commit.Trace::stamp));
    Map<String, Long> times = times();
    List<String> lines = new ArrayList<>();
    int left = Math.max(0, known.size() - MOST_LINES);
    if (left > 0) {
      lines.add("%d cells of others before these".formatted(left));
    }
    for (Commit.Trace each : known.subList(left, known.size())) {
      lines.add(line(String.valueOf(person(stored, each)), each, times));
    }
    return String.join("\n", lines);
  }

  private static @Nullable String person(@Nullable Lattice stored, Commit.Trace commit) {
    return stored instanceof MapLattice map
            && map.field(Participation.PERSON + commit.stamp().writer()) instanceof LwwRegister name
        ? new String(name.value(), StandardCharsets.UTF_8)
        : null;
  }

  private static String line(String person, Commit.Trace commit, Map<String, Long> times) {
    Long timeMs = times.get(cell(commit.stamp().writer(), commit.cellNumber()));
    List<String> names =
        commit.names().stream()
            .filter(name -> SPOKEN.contains(name.kind()))
            .map(Name::text)
            .distinct()
            .toList();
    String listed =
        String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
            + (names.size() > MOST_NAMES
                ? " and %d more".formatted(names.size() - MOST_NAMES)
                : "");
    return "%s ran cell [%d]%s%s"
        .formatted(
            person,
            commit.cellNumber(),
            timeMs == null
                ? ""
                : ", " + TIME.format(Instant.ofEpochMilli(timeMs).atZone(ZoneId.systemDefault())),
            listed.isEmpty() ? "" : ": " + listed);
  }

  private static String cell(String writer, int number) {
    return writer + " " + number;
  }

  /** When the last cells ran; a history that cannot be read is no reason to say nothing. */
  private Map<String, Long> times() {
    Map<String, Long> times = new TreeMap<>();
    try {
      for (History.Line line : history.recent()) {
        times.merge(cell(line.writer(), line.cellNumber()), line.timeMs(), Math::max);
      }
    } catch (IOException | AnnaException e) {
      times.clear();
    }
    return times;
  }
}
