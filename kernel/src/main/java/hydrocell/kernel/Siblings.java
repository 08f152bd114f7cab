package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names that two kernels wrote at once: every version in words, and the choice of one. Versions are
 * counted from 1, the newest first; that one holds until somebody chooses.
 */
public final class Siblings {
  /** The version that this kernel wrote. */
  public static final String MINE = "mine";

  /** The one version that another kernel wrote. */
  public static final String THEIRS = "theirs";

  private static final int SOURCE_CHARS = 60;
  private static final int WRITER_CHARS = 6;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final Session session;
  private final History history;

  /** Of a notebook. */
  public Siblings(Session session, History history) {
    this.session = session;
    this.history = history;
  }

  /** A choice that is not there; the message says which are. */
  public static final class NoSuchVersion extends Exception {
    private static final long serialVersionUID = 1L;

    NoSuchVersion(String message) {
      super(message);
    }
  }

  /** Every version of some names, a line each. */
  public String describe(Collection<Name> names) {
    Map<String, Long> times = times();
    StringBuilder text = new StringBuilder();
    for (Name name : names) {
      List<Entry> versions = session.manifest().siblings().getOrDefault(name, List.of());
      text.append(
          "`%s` was written by %d kernels at once:%n".formatted(name.text(), versions.size()));
      for (int i = 0; i < versions.size(); i++) {
        text.append("  %d  %s%n".formatted(i + 1, describe(versions.get(i), times)));
      }
      text.append(
          "  version 1 holds; `%%resolve %s N`, `mine` or `theirs` chooses%n"
              .formatted(name.text()));
    }
    return text.toString().stripTrailing();
  }

  private String describe(Entry entry, Map<String, Long> times) {
    String writer = entry.stamp().writer();
    Long time = times.get(cell(writer, entry.cellNumber()));
    return "cell [%d] of %s%s: %s"
        .formatted(
            entry.cellNumber(),
            writer.equals(session.writer())
                ? "this kernel"
                : "kernel " + writer.substring(0, Math.min(WRITER_CHARS, writer.length())),
            time == null
                ? ""
                : ", " + TIME.format(Instant.ofEpochMilli(time).atZone(ZoneId.systemDefault())),
            content(entry));
  }

  /** What an entry holds, as far as the kernel knows: it never looks into values. */
  public static String content(Entry entry) {
    if (entry.state() != Entry.State.READY) {
      return entry.reason();
    }
    if (entry.valueKey() != null) {
      return "%s, %,d bytes"
          .formatted(
              entry.name().kind() == Kind.STATICS ? "static fields" : entry.valueType(),
              entry.sizeBytes());
    }
    String source = String.join(" ", entry.symbol().sources()).replaceAll("\\s+", " ");
    return source.length() <= SOURCE_CHARS ? source : source.substring(0, SOURCE_CHARS) + "…";
  }

  private static String cell(String writer, int number) {
    return writer + " " + number;
  }

  /** When cells ran, for people to read; a history that cannot be read is no reason to fail. */
  private Map<String, Long> times() {
    Map<String, Long> times = new TreeMap<>();
    try {
      for (History.Line line : history.lines()) {
        times.put(cell(line.writer(), line.cellNumber()), line.timeMs());
      }
    } catch (IOException | AnnaException e) {
      times.clear();
    }
    return times;
  }

  /**
   * Makes one version the value of a name, and of the names that share objects with it in that
   * version.
   *
   * @param text the name
   * @param choice a number, {@link #MINE} or {@link #THEIRS}
   * @return the names that were settled
   */
  public List<Name> resolve(String text, String choice) throws IOException, NoSuchVersion {
    Map<Name, List<Entry>> siblings = session.manifest().siblings();
    Map<Name, Entry> chosen = new TreeMap<>();
    for (Map.Entry<Name, List<Entry>> each : siblings.entrySet()) {
      if (each.getKey().text().equals(text)) {
        chosen.put(each.getKey(), choose(each.getValue(), choice));
      }
    }
    if (chosen.isEmpty()) {
      throw new NoSuchVersion(
          "`%s` has one version only; %%siblings shows which have more".formatted(text));
    }
    for (Entry entry : List.copyOf(chosen.values())) {
      addGroup(entry, siblings, chosen);
    }
    session.commit(List.copyOf(chosen.values()), List.of());
    return List.copyOf(chosen.keySet());
  }

  private static void addGroup(
      Entry entry, Map<Name, List<Entry>> siblings, Map<Name, Entry> chosen) {
    String key = entry.valueKey();
    if (key == null) {
      return;
    }
    for (Map.Entry<Name, List<Entry>> each : siblings.entrySet()) {
      for (Entry version : each.getValue()) {
        if (key.equals(version.valueKey())) {
          chosen.putIfAbsent(each.getKey(), version);
        }
      }
    }
  }

  private Entry choose(List<Entry> versions, String choice) throws NoSuchVersion {
    if (choice.matches("\\d{1,4}")) {
      int number = Integer.parseInt(choice);
      if (number >= 1 && number <= versions.size()) {
        return versions.get(number - 1);
      }
    } else if (choice.equals(MINE) || choice.equals(THEIRS)) {
      List<Entry> fitting = new ArrayList<>(versions);
      fitting.removeIf(
          entry -> entry.stamp().writer().equals(session.writer()) != choice.equals(MINE));
      if (fitting.size() == 1) {
        return fitting.getFirst();
      }
    }
    throw new NoSuchVersion(
        "'%s' is not one version; there are 1 to %d, `mine` and `theirs`: %%siblings shows them"
            .formatted(choice, versions.size()));
  }
}
