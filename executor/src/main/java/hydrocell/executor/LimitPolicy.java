package hydrocell.executor;

import hydrocell.cell.Limit;
import hydrocell.cell.local.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What executors of this machine get by default and at most: from the machine's size, changed by
 * its settings file. Immutable.
 */
public final class LimitPolicy {
  private static final long MB = 1 << 20;
  private static final long GB = 1 << 30;
  private static final long SMALLEST_HEAP = 64 * MB;

  private final Map<Limit, Bounds> bounds;

  /**
   * Of one limit.
   *
   * @param usual what there is unless somebody asks
   * @param least the least that makes sense
   * @param most the most that is given
   */
  private record Bounds(long usual, long least, long most) {}

  private LimitPolicy(Map<Limit, Bounds> bounds) {
    this.bounds = bounds;
  }

  /**
   * Reads the settings.
   *
   * @throws IOException names the setting that makes no sense
   */
  public static LimitPolicy of(Settings settings, Capacity machine) throws IOException {
    long memory = machine.memoryBytes();
    long processors = machine.processors();
    Map<Limit, Bounds> bounds = new EnumMap<>(Limit.class);
    bounds.put(
        Limit.HEAP, new Bounds(Math.max(256 * MB, memory / 4), SMALLEST_HEAP, memory / 4 * 3));
    bounds.put(Limit.NATIVE, new Bounds(Math.max(512 * MB, memory / 8), 256 * MB, memory / 2));
    bounds.put(Limit.CPU, new Bounds(processors, 1, processors));
    bounds.put(Limit.THREADS, new Bounds(2_000, 100, 20_000));
    bounds.put(Limit.FILES, new Bounds(4_096, 256, 65_536));
    bounds.put(Limit.SCRATCH, new Bounds(10 * GB, MB, 1_000 * GB));
    bounds.put(Limit.OUTPUT, new Bounds(GB, 1_000, GB));
    for (Map.Entry<Limit, Bounds> each : bounds.entrySet()) {
      each.setValue(read(settings, each.getKey(), each.getValue()));
    }
    return new LimitPolicy(bounds);
  }

  private static Bounds read(Settings settings, Limit limit, Bounds given) throws IOException {
    String name = limit.spelling();
    long most =
        settings.number(
            name + ".max", Math.max(given.most, given.usual), given.least, Long.MAX_VALUE);
    long usual = settings.number(name, Math.min(given.usual, most), given.least, most);
    return new Bounds(usual, given.least, most);
  }

  /**
   * What a notebook gets.
   *
   * @param notices where that is not what it asked for
   */
  record Granted(Limits limits, List<String> notices) {}

  /** What there is for who asks for nothing. */
  Limits usual() {
    return grant(Map.of()).limits;
  }

  /** What there is for a notebook that wants other amounts, by spelling. */
  Granted grant(Map<String, Long> wanted) {
    Map<Limit, Long> amounts = new EnumMap<>(Limit.class);
    List<String> notices = new ArrayList<>();
    bounds.forEach((limit, bound) -> {
      long asked = wanted.getOrDefault(limit.spelling(), bound.usual);
      long given = Math.clamp(asked, bound.least, bound.most);
      if (given != asked) {
        notices.add(
            "%s is %s: this machine gives from %s to %s"
                .formatted(
                    limit.spelling(),
                    limit.show(given),
                    limit.show(bound.least),
                    limit.show(bound.most)));
      }
      amounts.put(limit, given);
    });
    return new Granted(new Limits(amounts), notices);
  }
}
