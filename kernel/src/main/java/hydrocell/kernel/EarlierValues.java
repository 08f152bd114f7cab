package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a variable held before, as far as commits that can be gone back remember it. */
public final class EarlierValues {
  private EarlierValues() {}

  /**
   * The stored values of a variable that are not its present one, the one stored last first. What
   * was stored last before it could not be stored any more is kept with its entry.
   */
  public static List<Entry> of(Manifest manifest, Name name) {
    Entry present = manifest.get(name);
    Map<String, Entry> byKey = new LinkedHashMap<>();
    Stream<Entry> before = manifest.traces().stream().flatMap(trace -> trace.before().stream());
    List<Entry> all =
        Stream.concat(manifest.siblings().getOrDefault(name, List.of()).stream(), before)
            .filter(entry -> entry.name().equals(name))
            .toList();
    // In the order in which the name held them last; each as of the cell that stored it.
    all.stream().filter(e -> isReady(e) && e.valueKey() != null).forEach(e -> byKey.put(key(e), e));
    Stream.concat(Stream.ofNullable(present), all.stream())
        .filter(e -> !isReady(e) && e.valueKey() != null)
        .forEach(e -> byKey.putIfAbsent(key(e), e.asStored()));
    if (present != null && isReady(present)) {
      byKey.remove(key(present));
    }
    return List.copyOf(byKey.values());
  }

  private static boolean isReady(Entry entry) {
    return entry.state() == Entry.State.READY;
  }

  private static String key(Entry entry) {
    return String.valueOf(entry.valueKey());
  }

  /** The variables that have earlier values, by name. */
  public static List<Name> names(Manifest manifest) {
    return manifest
        .kept()
        .map(Entry::name)
        .filter(name -> name.kind() == Kind.VARIABLE)
        .distinct()
        .filter(name -> !of(manifest, name).isEmpty())
        .sorted()
        .toList();
  }
}
