package hydrocell.executor;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Entry;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the versions of shared names need, and what of their values was replaced. */
final class SharedReach {
  private static final int PAGE = 5_000;

  private final Set<String> values = new HashSet<>();

  /** What the keys of values and classes of versions that stand start with. */
  private final Set<String> standing = new HashSet<>();

  private final Set<ClassRef> classes = new HashSet<>();
  private final Map<String, VersionVector> contexts = new HashMap<>();
  private final List<Key> stored = new ArrayList<>();

  private SharedReach() {}

  /** Reads all shared names; their values were listed before. */
  static SharedReach of(AnnaClient anna) throws IOException {
    SharedReach reach = new SharedReach();
    List<Key> registers = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = anna.scan(SharedName.ALL, cursor, PAGE).join();
      for (Key key : page.keys()) {
        if (SharedName.isVersions(key)) {
          registers.add(key);
        } else if (SharedName.isValue(key)) {
          reach.stored.add(key);
        }
      }
      cursor = page.next();
    } while (cursor != null);
    for (Key key : registers) {
      if (anna.get(key).join().lattice() instanceof CausalRegister register) {
        reach.contexts.put(key.text(), register.context());
        for (SharedVersion version : SharedVersion.in(register)) {
          reach.standing.add(key.text().replaceAll("v$", "d/") + version.entry().stamp());
          reach.add(version.entry());
          version.definitions().forEach(reach::add);
        }
      }
    }
    return reach;
  }

  private void add(Entry entry) {
    if (entry.valueKey() != null) {
      values.add(entry.valueKey());
    }
    classes.addAll(entry.symbol().classes());
    classes.addAll(entry.valueClasses());
  }

  /** The classes of all versions. */
  Set<ClassRef> classes() {
    return classes;
  }

  /** Values and classes of versions that were published and do not stand any more. */
  Set<Key> replaced() {
    Set<Key> replaced = new HashSet<>();
    for (Key key : stored) {
      String name = key.text().substring(0, key.text().lastIndexOf("/d/"));
      VersionVector context = contexts.get(name + "/v");
      Stamp stamp = ValueCollector.stamp(SharedName.versionOf(key));
      if (context != null
          && stamp != null
          && context.covers(stamp)
          && !standing.contains(name + "/d/" + stamp)
          && !values.contains(key.text())) {
        replaced.add(key);
      }
    }
    return replaced;
  }
}
