package hydrocell.cell;

import hydrocell.anna.Guard;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.wire.RecordCodec;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that one cell changes, merged into the manifest at once: a reader sees the whole of it or
 * none (AFT, Sreekanti et al., EuroSys 2020). Immutable.
 *
 * <p>An asynchronous cell commits twice under one counter: when it is submitted, its names as
 * pending, and when it ends, under a higher attempt. So what was written in between by somebody who
 * knew of the pending name stands, as if the cell had ended before it.
 *
 * @param stamp names the commit
 * @param base the frontier that the cell ran on
 * @param cellNumber execution count of the cell
 * @param ending how the cell ended, for the trace
 * @param entries what is new or replaced, each under {@code stamp}
 * @param removed names that are gone
 * @param before the entries that stood before, of everything replaced or removed: the way back
 * @param completes the names of the first part of this commit, which left values to be saved; empty
 *     for a commit in one part. Both parts have one stamp but for the attempt, and one trace
 */
public record Commit(
    Stamp stamp,
    VersionVector base,
    int cellNumber,
    Ending ending,
    List<Entry> entries,
    List<Name> removed,
    List<Entry> before,
    List<Name> completes) {

  /** A commit in one part. */
  public Commit(
      Stamp stamp,
      VersionVector base,
      int cellNumber,
      Ending ending,
      List<Entry> entries,
      List<Name> removed,
      List<Entry> before) {
    this(stamp, base, cellNumber, ending, entries, removed, before, List.of());
  }

  /** How many commits of a session can be gone back. */
  public static final int COMMITS_KEPT = 32;

  /** How a cell ended; append only. */
  public enum Ending {
    /** It returned. */
    RETURNED,
    /** It threw. */
    THREW,
    /** It was interrupted and unwound. */
    INTERRUPTED,
    /** Not a cell: the kernel itself changed the manifest, as {@code %rm} does. */
    COMMAND,
    /** A comm message that changed nothing but what widgets show: no step that one goes back by. */
    WIDGETS,
    /** It was submitted and has not ended: the commit of its end has the same stamp. */
    SUBMITTED,
    /** What was looked at after a cell's reply had not changed: no step that one goes back by. */
    UNCHANGED
  }

  /**
   * What the manifest keeps of a commit, for going back.
   *
   * @param stamp names the commit
   * @param cellNumber execution count of the cell
   * @param ending how it ended
   * @param names everything it replaced, created or removed
   * @param before the entries that stood before; names without one were created
   */
  public record Trace(
      Stamp stamp, int cellNumber, Ending ending, List<Name> names, List<Entry> before) {}

  /** Whether there is nothing to merge. */
  public boolean isEmpty() {
    return entries.isEmpty() && removed.isEmpty();
  }

  /** Whether it leaves values in which its executor still looks for changes. */
  public boolean leavesSaving() {
    return entries.stream().anyMatch(entry -> entry.state() == Entry.State.SAVING);
  }

  /** The delta for the manifest's map. */
  public MapLattice delta() {
    Map<String, Lattice> fields = new LinkedHashMap<>();
    for (Entry entry : entries) {
      fields.put(
          Manifest.NAME_FIELD + entry.name(),
          CausalRegister.write(stamp, RecordCodec.encode(entry), base));
    }
    for (Name name : removed) {
      fields.put(Manifest.NAME_FIELD + name, CausalRegister.remove(stamp, base));
    }
    fields.put(Manifest.FRONTIER_FIELD + stamp.writer(), new MaxLattice(stamp.counter()));
    if (ending != Ending.WIDGETS) {
      fields.put(
          Manifest.COMMIT_FIELD + stamp.counter() % COMMITS_KEPT,
          new LwwRegister(stamp, RecordCodec.encode(trace())));
    }
    return MapLattice.of(fields);
  }

  /** The condition under which the merge is applied: this writer was not declared lost. */
  public static Guard guard(String writer, long fence) {
    return new Guard(Manifest.FENCE_FIELD + writer, fence);
  }

  /** The delta that declares every smaller fencing number of a writer lost. */
  public static MapLattice raiseFence(String writer, long fence) {
    return MapLattice.of(Map.of(Manifest.FENCE_FIELD + writer, new MaxLattice(fence)));
  }

  /** The delta that declares lost what any writer whom a manifest knows may have on its way. */
  public static MapLattice fenceOffAll(MapLattice manifest) {
    Map<String, Lattice> fences = new LinkedHashMap<>();
    manifest
        .fields()
        .forEach((field, lattice) -> {
          if (field.startsWith(Manifest.FRONTIER_FIELD)) {
            String writer = field.substring(Manifest.FRONTIER_FIELD.length());
            fences.putIfAbsent(Manifest.FENCE_FIELD + writer, new MaxLattice(1));
          } else if (field.startsWith(Manifest.FENCE_FIELD) && lattice instanceof MaxLattice max) {
            fences.put(field, new MaxLattice(max.value() + 1));
          }
        });
    return MapLattice.of(fences);
  }

  /** Everything that it replaces, creates or removes, and what the part did that it completes. */
  public List<Name> names() {
    Set<Name> names = new LinkedHashSet<>(completes);
    entries.forEach(entry -> names.add(entry.name()));
    names.addAll(removed);
    return List.copyOf(names);
  }

  /** What the manifest keeps of this commit. */
  Trace trace() {
    return new Trace(stamp, cellNumber, ending, names(), before);
  }
}
