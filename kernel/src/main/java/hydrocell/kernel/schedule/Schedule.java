package hydrocell.kernel.schedule;

import hydrocell.cell.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which asynchronous cells may run, so that the result is that of running them one
 * after the other as they were submitted. A cell waits for the cell that last wrote a name it
 * reads, and, if it has effects outside the state, for all such cells before it. It does not wait
 * for those that read or write what it only writes: each runs on values as they were at its
 * submission, and of two writes the later submission stands, whichever ends first.
 *
 * <p>Not thread-safe.
 *
 * @param <T> a cell
 */
public final class Schedule<T> {
  /** A cell that has not ended. */
  private static final class Waiting<T> {
    final Set<T> waitsFor = new LinkedHashSet<>();
    boolean running;
    boolean outside;
  }

  private final Map<T, Waiting<T>> open = new LinkedHashMap<>();
  private final Map<Name, T> writers = new HashMap<>();

  /**
   * Takes a cell in.
   *
   * @param reads names that it reads and that are pending
   * @param writes names that are pending for it from now on
   * @param outside whether it may have effects outside the state
   */
  public void submit(T cell, Collection<Name> reads, Collection<Name> writes, boolean outside) {
    Waiting<T> waiting = new Waiting<>();
    for (Name name : reads) {
      T writer = writers.get(name);
      if (writer != null) {
        waiting.waitsFor.add(writer);
      }
    }
    if (outside) {
      // Of all of them: one in the middle may be cancelled before those before it have ended.
      waiting.waitsFor.addAll(outside());
      waiting.outside = true;
    }
    writes.forEach(name -> writers.put(name, cell));
    open.put(cell, waiting);
  }

  /**
   * Takes in a cell that another kernel submitted before the cells here. What it writes is read
   * from it only where none of these writes it, too.
   */
  public void adopt(T cell, Collection<Name> reads, Collection<Name> writes) {
    Map<Name, T> known = Map.copyOf(writers);
    submit(cell, reads, writes, false);
    writers.putAll(known);
  }

  /** A cell runs already. */
  public void begun(T cell) {
    Waiting<T> waiting = open.get(cell);
    if (waiting != null) {
      waiting.running = true;
    }
  }

  /** The cells that may begin now, in the order of submission; not more than {@code places}. */
  public List<T> begin(int places) {
    List<T> begun = new ArrayList<>();
    for (Map.Entry<T, Waiting<T>> each : open.entrySet()) {
      Waiting<T> waiting = each.getValue();
      if (begun.size() < places && !waiting.running && waiting.waitsFor.isEmpty()) {
        waiting.running = true;
        begun.add(each.getKey());
      }
    }
    return begun;
  }

  /** A cell that began did not get through and is to begin again. */
  public void again(T cell) {
    Waiting<T> waiting = open.get(cell);
    if (waiting != null) {
      waiting.running = false;
    }
  }

  /** A cell has ended, whether it ever began or not. */
  public void ended(T cell) {
    open.remove(cell);
    open.values().forEach(waiting -> waiting.waitsFor.remove(cell));
    writers.values().removeIf(writer -> writer.equals(cell));
  }

  /** The cell that is to write a name and has not ended; null when none is. */
  public @Nullable T writer(Name name) {
    return writers.get(name);
  }

  /** The cells with effects outside the state that keep their turn and have not ended. */
  public List<T> outside() {
    List<T> found = new ArrayList<>();
    open.forEach((cell, waiting) -> {
      if (waiting.outside) {
        found.add(cell);
      }
    });
    return found;
  }

  /** The cells that have not ended, in the order of submission. */
  public List<T> open() {
    return List.copyOf(open.keySet());
  }

  /** The cells that one waits for. */
  public Set<T> waitsFor(T cell) {
    Waiting<T> waiting = open.get(cell);
    return waiting == null ? Set.of() : Set.copyOf(waiting.waitsFor);
  }
}
