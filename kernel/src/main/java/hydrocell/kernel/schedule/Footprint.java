package hydrocell.kernel.schedule;

import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Effects;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a cell touches of a notebook's names. Immutable.
 *
 * @param reads entries of the names whose values it can reach, as they stand when it is submitted
 * @param declares names that it makes anew, whatever they were
 * @param writes names that it may leave different from what they were, the declared ones among them
 * @param effects of its statements and of all that they may call
 */
public record Footprint(
    Map<Name, Entry> reads, Set<Name> declares, Set<Name> writes, Effects effects) {

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

  /**
   * The footprint of a compiled cell on a manifest.
   *
   * @param writers tells of a pending entry what the cell may do that is to write it: its value may
   *     hold code of that cell
   */
  public static Footprint of(
      CellFunction function, Manifest manifest, Function<Entry, Effects> writers) {
    Set<Name> declares = declared(function);
    Map<Name, Entry> reads = reads(function, declares, manifest);
    Effects effects = effects(function, reads, manifest, writers);
    Set<Name> writes = new LinkedHashSet<>(function.writes());
    for (Symbol symbol : function.defines()) {
      writes.add(symbol.name());
      writes.addAll(symbol.writes());
    }
    function.initialises().forEach(type -> writes.add(Name.statics(type.text())));
    for (Entry entry : reads.values()) {
      writes.addAll(entry.symbol().writes());
      if (isChangeable(entry) && effects.mayTouch(entry)) {
        writes.add(entry.name());
        addSharing(entry, manifest, writes);
      }
    }
    addGroups(manifest.entries(), writes);
    return new Footprint(Map.copyOf(reads), Set.copyOf(declares), Set.copyOf(writes), effects);
  }

  /** The entries of names that a compiled cell can reach and that are in a state. */
  public static List<Entry> reads(CellFunction function, Manifest manifest, Entry.State state) {
    return reads(function, declared(function), manifest).values().stream()
        .filter(entry -> entry.state() == state)
        .toList();
  }

  /** The names that a compiled cell can reach, but for those that it only assigns. */
  public static Set<Name> readsOf(CellFunction function, Manifest manifest) {
    Set<Name> only = declared(function);
    for (Name name : function.writes()) {
      if (!function.reads().contains(name)) {
        only.add(name);
      }
    }
    return reads(function, only, manifest).keySet();
  }

  private static Map<Name, Entry> reads(
      CellFunction function, Set<Name> declares, Manifest manifest) {
    Set<Name> roots = new LinkedHashSet<>(function.reads());
    roots.addAll(function.refs());
    roots.addAll(function.writes());
    for (Symbol symbol : function.defines()) {
      roots.addAll(symbol.refs());
      roots.addAll(symbol.reads());
      roots.addAll(symbol.writes());
    }
    roots.removeAll(declares);
    Map<Name, Entry> reads = new LinkedHashMap<>(manifest.closure(roots));
    reads.keySet().removeAll(declares);
    return reads;
  }

  /** What the cell's statements do, and everything that they may call. */
  private static Effects effects(
      CellFunction function,
      Map<Name, Entry> reads,
      Manifest manifest,
      Function<Entry, Effects> writers) {
    Effects effects = Effects.NONE.and(function.effects());
    Set<String> defined = new HashSet<>();
    for (Symbol symbol : function.defines()) {
      symbol.classes().forEach(ref -> defined.add(ref.binaryName()));
      effects = hasCode(symbol.name()) ? effects.and(symbol.effects()) : effects;
    }
    for (Entry entry : reads.values()) {
      entry.symbol().classes().forEach(ref -> defined.add(ref.binaryName()));
      effects = hasCode(entry.name()) ? effects.and(entry.symbol().effects()) : effects;
    }
    boolean libraries = manifest.entries().stream().anyMatch(Footprint::bringsCode);
    for (Entry entry : reads.values()) {
      if (!isChangeable(entry)) {
        continue;
      }
      if (entry.state() == Entry.State.PENDING && !libraries) {
        effects = effects.and(writers.apply(entry));
      } else if (libraries || !isKnown(entry, defined)) {
        effects = effects.and(new Effects(heldBy(entry), Set.of(Effects.ANYTHING), false, true));
      }
    }
    return effects;
  }

  private static String heldBy(Entry entry) {
    return "what `" + entry.name().text() + "` holds";
  }

  private static boolean hasCode(Name name) {
    return name.kind() == Kind.METHOD || name.kind() == Kind.TYPE;
  }

  private static boolean hasValue(Name name) {
    return name.kind() == Kind.VARIABLE || name.kind() == Kind.STATICS || name.kind() == Kind.KEPT;
  }

  /** Whether an entry stands for code that is not the session's: a library, a renderer. */
  private static boolean bringsCode(Entry entry) {
    return entry.name().kind() == Kind.DEPENDENCY
        || (entry.name().kind() == Kind.KEPT && entry.name().text().startsWith("renderer/"));
  }

  /** Whether everything that an object in a value may do is known, whoever calls it. */
  private static boolean isKnown(Entry entry, Set<String> defined) {
    if (entry.state() == Entry.State.FAILED && entry.valueKey() == null) {
      return true;
    }
    return (entry.state() == Entry.State.READY || entry.state() == Entry.State.FAILED)
        && defined.containsAll(entry.valueClasses().stream().map(ClassRef::binaryName).toList())
        && !entry.changeable().isEmpty()
        && entry.changeable().stream().noneMatch(name -> name.startsWith("hydrocell."));
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

  /** Whether nothing in a value can change; of one that is still to be written its type tells. */
  private static boolean isPlain(Entry entry) {
    String descriptor = entry.symbol().descriptor();
    if (descriptor.length() == 1
        || (descriptor.startsWith("L")
            && IMMUTABLE.contains(
                descriptor.substring(1, descriptor.length() - 1).replace('/', '.')))) {
      return true;
    }
    return entry.state() != Entry.State.PENDING
        && (IMMUTABLE.contains(entry.valueType()) || entry.changeable().equals(Entry.FIXED));
  }

  /** Whether a cell that reaches a value could change it without assigning the name. */
  private static boolean isChangeable(Entry entry) {
    return hasValue(entry.name()) && !isPlain(entry);
  }

  /** What a cell is still to write may share objects with whatever else that cell writes. */
  private static void addSharing(Entry entry, Manifest manifest, Set<Name> writes) {
    if (entry.state() == Entry.State.PENDING) {
      for (Entry other : manifest.entries()) {
        if (other.state() == Entry.State.PENDING
            && other.stamp().sameWork(entry.stamp())
            && isChangeable(other)) {
          writes.add(other.name());
        }
      }
    }
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
