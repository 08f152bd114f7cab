package hydrocell.kernel;

import hydrocell.cell.Name;
import hydrocell.kernel.protocol.JupyterMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cells that run again by themselves when a followed name was changed: those that read it, and
 * those that read what they write, where they ran in this kernel, in the notebook's present form.
 * For the thread that runs cells.
 */
final class Followers {
  /** Where cells follow each other over more notebooks than this, somebody has to say go on. */
  static final int MOST_STEPS = 8;

  private static final int MOST_REMEMBERED = 200;

  private final Map<String, JupyterMessage> requests = new LinkedHashMap<>();

  /** A cell that runs again. */
  record Follower(JupyterMessage request, String source) {
    /** Whether it is all that stands in its cell, so that its output replaces the one before. */
    boolean isWhole() {
      return request.content().path("code").asText().strip().equals(source);
    }
  }

  /** Remembers in which cell something ran. */
  void remember(JupyterMessage request, List<CellRun> runs) {
    for (CellRun run : runs) {
      String source = run.source().strip();
      requests.remove(source);
      requests.put(source, request);
    }
    while (requests.size() > MOST_REMEMBERED) {
      requests.remove(requests.keySet().iterator().next());
    }
  }

  private @Nullable JupyterMessage requestOf(String source) {
    return requests.get(source);
  }

  /**
   * The cells to run, in order.
   *
   * @param graph of what ran, the change included
   * @param changed the followed names that others changed
   */
  List<Follower> of(NotebookGraph graph, Set<Name> changed) {
    Set<String> followed = new LinkedHashSet<>();
    changed.forEach(name -> followed.add(name.toString()));
    Set<String> read = new LinkedHashSet<>(followed);
    List<Follower> found = new ArrayList<>();
    for (NotebookGraph.Cell cell : graph.stale()) {
      JupyterMessage request = requestOf(cell.source());
      // What changes the name itself would change it for ever, in turn with others.
      boolean changes = cell.writes().stream().anyMatch(followed::contains);
      if (request != null && !changes && cell.reads().stream().anyMatch(read::contains)) {
        found.add(new Follower(request, cell.source()));
        read.addAll(cell.writes());
      }
    }
    return found;
  }
}
