package hydrocell.api.shared;

import hydrocell.anna.lattice.GrowSet;
import hydrocell.anna.lattice.Stamp;
import hydrocell.api.CellRuntime;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A list that everybody appends to. What a cell appends stands after everything that the cell saw;
 * what was appended at the same time stands in one order everywhere.
 *
 * @param name {@code OWNER/name}
 * @param <T> what is appended, as {@link Shared} allows
 */
public record SharedLog<T>(String name) {
  private static final int COUNTER_DIGITS = 19;

  /** Counter, writer, person, time in milliseconds, value: in the order of the counters. */
  private static final String LINE = "%0" + COUNTER_DIGITS + "d %s %s %d %s";

  /**
   * Something appended.
   *
   * @param person who appended it
   * @param time when, by the clock of their machine
   * @param value what
   * @param <T> what it is
   */
  public record Line<T>(String person, Instant time, T value) {}

  /** Appends something. */
  public void add(T value) {
    String text = Element.write(value);
    CellRuntime.shared()
        .change(
            name,
            GrowSet.class,
            SharedLog::none,
            (seen, by) -> {
              Stamp stamp = by.stampAfter(lastCounter(seen.values()));
              return new GrowSet(
                  Set.of(
                      LINE.formatted(
                          stamp.counter(),
                          stamp.writer(),
                          URLEncoder.encode(by.person(), StandardCharsets.UTF_8),
                          System.currentTimeMillis(),
                          text)));
            });
  }

  private static GrowSet none() {
    return new GrowSet(Set.of());
  }

  private static long lastCounter(Set<String> lines) {
    String last = "";
    for (String line : lines) {
      last = line;
    }
    return last.isEmpty() ? 0 : Long.parseLong(last.substring(0, COUNTER_DIGITS));
  }

  /** Everything, in order. */
  public List<Line<T>> lines() {
    return CellRuntime.shared()
        .look(
            name,
            GrowSet.class,
            SharedLog::none,
            seen -> {
              List<Line<T>> lines = new ArrayList<>();
              seen.values().forEach(text -> lines.add(line(text)));
              return List.copyOf(lines);
            });
  }

  private static <T> Line<T> line(String text) {
    String[] parts = text.split(" ", 5);
    return new Line<>(
        URLDecoder.decode(parts[2], StandardCharsets.UTF_8),
        Instant.ofEpochMilli(Long.parseLong(parts[3])),
        Element.read(parts[4]));
  }

  /** What was appended, in order. */
  public List<T> values() {
    return lines().stream().map(Line::value).toList();
  }

  /** How many there are. */
  public int size() {
    return CellRuntime.shared()
        .look(name, GrowSet.class, SharedLog::none, seen -> seen.values().size());
  }

  /** What was appended. */
  @Override
  public String toString() {
    return values().toString();
  }
}
