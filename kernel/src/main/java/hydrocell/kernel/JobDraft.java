package hydrocell.kernel;

import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Commit;
import hydrocell.cell.Effects;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.Submission;
import hydrocell.cell.message.ToExecutor;
import hydrocell.kernel.schedule.Footprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What the submission of an asynchronous cell says and commits. Immutable.
 *
 * @param footprint what the cell touches, as the manifest stands
 * @param submission what another kernel needs to take the cell over
 * @param commit its names, pending
 */
record JobDraft(Footprint footprint, Submission submission, Commit commit) {

  /** The draft of a cell on the manifest as it stands. */
  static JobDraft of(
      Session session,
      CellRequest cell,
      CellFunction function,
      long runId,
      Function<Entry, Effects> writers) {
    synchronized (session) {
      Footprint footprint = Footprint.of(function, session.manifest(), writers);
      return of(session, footprint, session.manifest(), cell, function, runId);
    }
  }

  private static JobDraft of(
      Session session,
      Footprint footprint,
      Manifest manifest,
      CellRequest cell,
      CellFunction function,
      long runId) {
    Healing healing = new Healing(cell);
    Stamp stamp = session.nextStamp();
    int number = cell.cellNumber();
    String name = "cell [" + number + "]";
    List<Entry> pending =
        pending(footprint, function, manifest, stamp, number).stream()
            .map(entry -> entry.pendingFor(healing.cellHash()))
            .toList();
    VersionVector base = manifest.frontier().with(stamp);
    ToExecutor.Execute execute =
        new ToExecutor.Execute(
            runId,
            name,
            cell.source(),
            function,
            inputs(footprint, function, session, healing),
            List.of(),
            stamp,
            base,
            1,
            number,
            new ToExecutor.Options(
                false, cell.silent(), true, Setting.OUTPUT_LIMIT.numberIn(manifest)),
            Dependencies.classPath(manifest),
            cell.message().id(),
            null,
            new ToExecutor.Asynchronous(pending, SessionKeys.jobId(stamp)));
    Submission submission =
        new Submission(
            execute,
            !footprint.effects().reachOutside(),
            cell.message().header().toString(),
            System.currentTimeMillis());
    List<Entry> before = new ArrayList<>();
    for (Entry entry : pending) {
      Entry known = manifest.get(entry.name());
      if (known != null && known.state() != Entry.State.PENDING) {
        before.add(known);
      }
    }
    Commit commit =
        new Commit(
            stamp,
            manifest.frontier(),
            number,
            Commit.Ending.SUBMITTED,
            pending,
            List.of(),
            before);
    return new JobDraft(footprint, submission, commit);
  }

  /**
   * What the cell can reach; of what it declares anew, and another cell is still to write, only how
   * it is defined.
   */
  private static List<Entry> inputs(
      Footprint footprint, CellFunction function, Session session, Healing healing) {
    Map<Name, Entry> reached = new LinkedHashMap<>(CompileStep.reach(session, function));
    // What it may write and does not change is given back as it was, so that must be known there.
    session.entries(footprint.writes()).forEach(entry -> reached.put(entry.name(), entry));
    reached.replaceAll((name, entry) ->
        entry.state() == Entry.State.PENDING && footprint.declares().contains(name)
            ? Entry.definition(entry.symbol(), entry.stamp(), entry.cellNumber())
            : entry);
    return reached.values().stream().map(healing::seen).toList();
  }

  /** What waits for the cell, still as it was. */
  private static List<Entry> pending(
      Footprint footprint, CellFunction function, Manifest manifest, Stamp stamp, int number) {
    Map<Name, Symbol> defines = new LinkedHashMap<>();
    function.defines().forEach(symbol -> defines.put(symbol.name(), symbol));
    List<Entry> pending = new ArrayList<>();
    for (Name name : footprint.writes()) {
      Symbol defined = defines.get(name);
      Entry known = manifest.get(name);
      if (known != null) {
        Entry entry = defined == null ? known : known.with(defined);
        pending.add(entry.at(stamp, number));
      } else if (defined != null) {
        pending.add(Entry.definition(defined, stamp, number));
      }
    }
    return pending;
  }
}
