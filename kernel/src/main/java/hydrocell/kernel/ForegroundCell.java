package hydrocell.kernel;

import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.message.ToExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A compiled cell for the executor of the foreground. Only for the shell's thread. */
final class ForegroundCell implements LeasedExecutor.Scheduled {
  private final CellRequest cell;
  private final CellFunction function;
  private final @Nullable Healing healing;
  private final Session session;
  private final Outputs outputs;
  private final LeasedExecutor executor;
  private final Debugging debugging;
  private final AtomicLong runIds;

  ForegroundCell(
      CellRequest cell,
      CellFunction function,
      @Nullable Healing healing,
      Session session,
      Outputs outputs,
      LeasedExecutor executor,
      Debugging debugging,
      AtomicLong runIds) {
    this.cell = cell;
    this.function = function;
    this.healing = healing;
    this.session = session;
    this.outputs = outputs;
    this.executor = executor;
    this.debugging = debugging;
    this.runIds = runIds;
  }

  @Override
  public void leased() {
    session.forgetUntold();
  }

  @Override
  public QueuePlace queuePlace() {
    return new QueuePlace(outputs, cell);
  }

  @Override
  public boolean fenceOff(Stamp stamp) throws IOException {
    return session.fenceOff(stamp);
  }

  @Override
  public ToExecutor.Execute execute() {
    debugging.runs(cell, function);
    long runId = runIds.incrementAndGet();
    outputs.belongTo(runId, cell.message());
    for (String notice : executor.takeNotices()) {
      if (!cell.silent()) {
        outputs.note(cell.message(), notice);
      }
    }
    List<Name> removed = new ArrayList<>();
    Map<Name, Entry> told = tell(removed);
    return new ToExecutor.Execute(
        runId,
        cell.name(),
        cell.source(),
        function,
        List.copyOf(told.values()),
        removed,
        session.nextStamp(),
        session.frontier(),
        session.fence(),
        cell.cellNumber(),
        new ToExecutor.Options(
            cell.allowStdin(),
            cell.silent(),
            cell.commits() && !session.participation().readsOnly(),
            Setting.OUTPUT_LIMIT.numberIn(session.manifest()),
            session.isTogether(),
            session.participation().readsOnly()),
        Dependencies.classPath(session.manifest()),
        cell.message().id(),
        cell.comm() == null ? null : cell.comm().message(),
        null);
  }

  /** What the cell can reach, and what the executor has not heard of yet. */
  private Map<Name, Entry> tell(List<Name> removed) {
    Map<Name, Entry> told = new LinkedHashMap<>(CompileStep.reach(session, function));
    for (Name name : session.takeUntold()) {
      List<Entry> entry = session.entries(List.of(name));
      if (entry.isEmpty()) {
        removed.add(name);
      } else {
        told.put(name, entry.getFirst());
      }
    }
    if (healing != null) {
      told.replaceAll((name, entry) -> healing.seen(entry));
    }
    return told;
  }
}
