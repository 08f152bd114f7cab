package hydrocell.kernel.schedule;

import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a cell touches of a notebook's names. Immutable.
 *
 * @param reads entries of the names whose values it can reach, as they stand when it is submitted
 * @param declares names that it makes anew, whatever they were
 * @param writes names that it may leave different from what they were, the declared ones among them
 */
public record Footprint(Map<Name, Entry> reads, Set<Name> declares, Set<Name> writes) {

  /** Values of these types stay what they are. */
  private static final Set<String> IMMUTABLE =
      Set.of(
          "null",
          "java.lang.String",
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Short",
          "java.lang.Character",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Float",
          "java.lang.Double",
          "java.math.BigInteger",
          "java.math.BigDecimal",
          "java.time.Instant",
          "java.time.Duration",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.util.UUID");

  /** The footprint of a compiled cell on a manifest. */
  public static Footprint of(CellFunction function, Manifest manifest) {
    Set<Name> declares = declared(function);
    Set<Name> roots = new LinkedHashSet<>(function.reads());
    roots.addAll(function.refs());
    roots.addAll(function.writes());
    Set<Name> writes = new LinkedHashSet<>(function.writes());
    for (Symbol symbol : function.defines()) {
      roots.addAll(symbol.refs());
      roots.addAll(symbol.reads());
      roots.addAll(symbol.writes());
      writes.add(symbol.name());
      writes.addAll(symbol.writes());
    }
    function.initialises().forEach(type -> writes.add(Name.statics(type.text())));
    roots.removeAll(declares);
    Map<Name, Entry> reads = new LinkedHashMap<>(manifest.closure(roots));
    reads.keySet().removeAll(declares);
    for (Entry entry : reads.values()) {
      writes.addAll(entry.symbol().writes());
      if (mayChange(entry)) {
        writes.add(entry.name());
      }
    }
    addGroups(manifest.entries(), writes);
    return new Footprint(Map.copyOf(reads), Set.copyOf(declares), Set.copyOf(writes));
  }

  /** Variables that the cell declares anew, and statics that it initialises. */
  private static Set<Name> declared(CellFunction function) {
    Set<Name> fresh = new LinkedHashSet<>(function.declares());
    for (Symbol symbol : function.defines()) {
      Kind kind = symbol.name().kind();
      if (kind != Kind.VARIABLE && kind != Kind.STATICS) {
        fresh.add(symbol.name());
      }
    }
    function.initialises().forEach(type -> fresh.add(Name.statics(type.text())));
    return fresh;
  }

  /** Whether a cell that reaches a value could change it without assigning the name. */
  private static boolean mayChange(Entry entry) {
    Kind kind = entry.name().kind();
    boolean value = kind == Kind.VARIABLE || kind == Kind.STATICS;
    return value
        && entry.symbol().descriptor().length() != 1
        && !IMMUTABLE.contains(entry.valueType());
  }

  /** Names whose objects are shared change together. */
  private static void addGroups(Collection<Entry> all, Set<Name> writes) {
    Map<String, List<Name>> groups = new HashMap<>();
    for (Entry entry : all) {
      String key = entry.valueKey();
      if (key != null && entry.state() == Entry.State.READY) {
        groups.merge(key, List.of(entry.name()), Footprint::both);
      }
    }
    for (List<Name> group : groups.values()) {
      if (group.size() > 1 && group.stream().anyMatch(writes::contains)) {
        writes.addAll(group);
      }
    }
  }

  private static List<Name> both(List<Name> a, List<Name> b) {
    Set<Name> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return List.copyOf(all);
  }

  /** The reads that are in a state. */
  public List<Entry> reads(Entry.State state) {
    return reads.values().stream().filter(entry -> entry.state() == state).toList();
  }
}
