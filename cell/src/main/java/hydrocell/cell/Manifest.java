package hydrocell.cell;

import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.wire.RecordCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One reader's picture of a session's manifest: for each name its entry, and what is known of every
 * writer. Not thread-safe; it moves on by {@link #apply} with commits of its own and is read anew
 * when somebody else committed.
 */
public final class Manifest {
  static final String NAME_FIELD = "n/";
  static final String FRONTIER_FIELD = "frontier/";
  static final String COMMIT_FIELD = "c/";
  static final String FENCE_FIELD = "fence/";

  private final TreeMap<Name, Entry> entries = new TreeMap<>();
  private final Map<Name, List<Entry>> siblings = new TreeMap<>();
  private final Map<Stamp, Commit.Trace> traces = new TreeMap<>(Comparator.reverseOrder());
  private VersionVector frontier = VersionVector.EMPTY;

  /** An empty manifest. */
  public Manifest() {}

  /** The same picture, which moves on by itself. */
  public Manifest copy() {
    Manifest copy = new Manifest();
    copy.entries.putAll(entries);
    copy.siblings.putAll(siblings);
    copy.traces.putAll(traces);
    copy.frontier = frontier;
    return copy;
  }

  /** Reads a manifest as Anna keeps it; null means that there is none yet. */
  public static Manifest of(@Nullable Lattice stored) throws MalformedFrameException {
    Manifest manifest = new Manifest();
    if (stored == null) {
      return manifest;
    }
    if (!(stored instanceof MapLattice map)) {
      throw new MalformedFrameException("a manifest is not a map lattice");
    }
    for (Map.Entry<String, Lattice> field : map.fields().entrySet()) {
      manifest.readField(field.getKey(), field.getValue());
    }
    return manifest;
  }

  private void readField(String field, Lattice lattice) throws MalformedFrameException {
    if (field.startsWith(NAME_FIELD) && lattice instanceof CausalRegister register) {
      readName(Name.parse(field.substring(NAME_FIELD.length())), register);
    } else if (field.startsWith(FRONTIER_FIELD) && lattice instanceof MaxLattice max) {
      frontier = frontier.with(new Stamp(max.value(), field.substring(FRONTIER_FIELD.length()), 0));
    } else if (field.startsWith(COMMIT_FIELD) && lattice instanceof LwwRegister register) {
      Commit.Trace trace = RecordCodec.decode(Commit.Trace.class, register.value());
      traces.put(trace.stamp(), trace);
    }
  }

  private void readName(Name name, CausalRegister register) throws MalformedFrameException {
    List<Entry> found = new ArrayList<>();
    for (CausalRegister.Sibling sibling : register.siblings()) {
      found.add(RecordCodec.decode(Entry.class, sibling.value()));
    }
    found.sort(Comparator.comparing(Entry::stamp).reversed());
    if (!found.isEmpty()) {
      entries.put(name, found.getFirst());
    }
    if (found.size() > 1) {
      siblings.put(name, List.copyOf(found));
    }
  }

  /**
   * Moves on by a commit that Anna acknowledged and that was based on a frontier of this manifest.
   * What was written since by somebody who knew of the commit's submission stands.
   */
  public void apply(Commit commit) {
    boolean settles = frontier.covers(commit.stamp());
    for (Entry entry : commit.entries()) {
      if (isReplaced(entry.name(), commit, settles)) {
        entries.put(entry.name(), entry);
        siblings.remove(entry.name());
      }
    }
    for (Name name : commit.removed()) {
      if (isReplaced(name, commit, settles)) {
        entries.remove(name);
        siblings.remove(name);
      }
    }
    frontier = frontier.with(commit.stamp());
    traces.keySet().removeIf(commit.stamp()::sameWork);
    if (commit.ending() != Commit.Ending.WIDGETS) {
      traces.put(commit.stamp(), commit.trace());
    }
    while (traces.size() > Commit.COMMITS_KEPT) {
      traces.remove(((TreeMap<Stamp, Commit.Trace>) traces).lastKey());
    }
  }

  /** Whether a commit's word on a name is the last one. */
  private boolean isReplaced(Name name, Commit commit, boolean settles) {
    Entry standing = entries.get(name);
    if (standing == null) {
      return !settles;
    }
    return standing.stamp().sameWork(commit.stamp())
        ? standing.stamp().attempt() <= commit.stamp().attempt()
        : commit.base().covers(standing.stamp());
  }

  /**
   * The entry of a name as somebody saw it who knew {@code base} and nothing later; null when there
   * was none, or when it was so long ago that nobody knows any more.
   */
  public @Nullable Entry asOf(Name name, VersionVector base) {
    Entry standing = entries.get(name);
    if (standing != null && base.covers(standing.stamp())) {
      return standing;
    }
    Entry found = null;
    for (Commit.Trace trace : traces.values()) {
      if (!base.covers(trace.stamp()) && trace.names().contains(name)) {
        found = null;
        for (Entry before : trace.before()) {
          found = before.name().equals(name) ? before : found;
        }
      }
    }
    return found;
  }

  /** The entry of a name; of siblings the one with the largest stamp. */
  public @Nullable Entry get(Name name) {
    return entries.get(name);
  }

  /**
   * The entries of those names that exist; a kept name that ends with a star stands for all that
   * begin like it.
   */
  public List<Entry> find(Collection<Name> names) {
    List<Entry> found = new ArrayList<>();
    for (Name name : names) {
      Entry entry = entries.get(name);
      if (entry != null) {
        found.add(entry);
      } else if (name.kind() == Kind.KEPT && name.text().endsWith("*")) {
        String prefix = name.text().substring(0, name.text().length() - 1);
        for (Entry each : entries.values()) {
          if (each.name().kind() == Kind.KEPT && each.name().text().startsWith(prefix)) {
            found.add(each);
          }
        }
      }
    }
    return found;
  }

  /** The entries of values that executors are still looking at. */
  public List<Entry> saving() {
    return entries.values().stream().filter(e -> e.state() == Entry.State.SAVING).toList();
  }

  /** The entries of the same kind whose names begin like this one, in order. */
  public List<Entry> beginningWith(Name first) {
    Map.Entry<Name, Entry> next = entries.ceilingEntry(first);
    if (next == null || !begins(next.getKey(), first)) {
      return List.of();
    }
    return entries.tailMap(first).values().stream()
        .takeWhile(entry -> begins(entry.name(), first))
        .toList();
  }

  private static boolean begins(Name name, Name first) {
    return name.kind() == first.kind() && name.text().startsWith(first.text());
  }

  /** All entries, by name. */
  public Collection<Entry> entries() {
    return entries.values();
  }

  /** Names that were written concurrently, with every version, the newest first. */
  public Map<Name, List<Entry>> siblings() {
    return siblings;
  }

  /** What this manifest knows of every writer. */
  public VersionVector frontier() {
    return frontier;
  }

  /** The commits that can be gone back, the newest first. */
  public Collection<Commit.Trace> traces() {
    return traces.values();
  }

  /**
   * Every entry that can be read or gone back to: present ones, siblings, what commits replaced.
   */
  public Stream<Entry> kept() {
    return Stream.of(
            entries.values().stream(),
            siblings.values().stream().flatMap(List::stream),
            traces.values().stream().flatMap(trace -> trace.before().stream()))
        .flatMap(each -> each);
  }

  /** The names whose text is one of these words, of every kind but kept objects. */
  public List<Entry> named(Set<String> words) {
    return entries.values().stream()
        .filter(e -> words.contains(e.name().text()) && e.name().kind() != Kind.KEPT)
        .toList();
  }

  /**
   * The entries that a cell touching {@code names} can reach: themselves, what their definitions
   * refer to, read and write, and what the code inside their values refers to, onwards.
   */
  public Map<Name, Entry> closure(Collection<Name> names) {
    Map<Name, Entry> reached = new LinkedHashMap<>();
    Deque<Name> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      Name name = open.poll();
      Entry entry = entries.get(name);
      if (entry == null || reached.putIfAbsent(name, entry) != null) {
        continue;
      }
      open.addAll(entry.symbol().refs());
      open.addAll(entry.symbol().reads());
      open.addAll(entry.symbol().writes());
      open.addAll(entry.valueRefs());
    }
    return reached;
  }

  /** The names whose definition refers to one of these, directly or through others. */
  public Set<Name> dependents(Collection<Name> names) {
    Set<Name> found = new LinkedHashSet<>();
    Deque<Name> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      Name name = open.poll();
      for (Entry entry : entries.values()) {
        Symbol symbol = entry.symbol();
        if ((symbol.refs().contains(name) || symbol.missing().contains(name.text()))
            && found.add(entry.name())) {
          open.add(entry.name());
        }
      }
    }
    return found;
  }
}
