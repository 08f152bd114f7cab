package hydrocell.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which cells of a notebook read what others wrote, and which of them are stale: something that
 * they read was written since by a cell that does not follow from them, or comes from a cell that
 * is stale. A cell is its source; what it was before it was edited counts no more. Immutable.
 */
public final class NotebookGraph {
  private final List<Cell> cells;
  private final List<Cell> stale;

  /**
   * A cell.
   *
   * @param number of its last run
   * @param source its Java
   * @param reads names that it read in its last run, as manifests spell them
   * @param writes names that any of its runs wrote
   * @param stale why it is stale, in words for the user; empty when it is not
   */
  public record Cell(
      int number, String source, List<String> reads, Set<String> writes, String stale) {}

  /** A run of a cell; {@code index} counts all runs. */
  private record Ran(int index, int number, CellRun run) {}

  /** What is gathered of a cell. */
  private static final class Node {
    final String source;
    final Set<String> writes = new LinkedHashSet<>();
    final Set<String> cellIds = new LinkedHashSet<>();
    final Map<String, Node> writers = new LinkedHashMap<>();
    final Set<Node> readers = new LinkedHashSet<>();
    Ran last;
    String stale = "";

    Node(String source, Ran first) {
      this.source = source;
      this.last = first;
    }
  }

  private NotebookGraph(List<Cell> cells, List<Cell> stale) {
    this.cells = List.copyOf(cells);
    this.stale = List.copyOf(stale);
  }

  /** The graph of what ran in one epoch, by its history, the oldest first. */
  public static NotebookGraph of(List<History.Line> lines, long epoch) {
    List<Ran> runs = new ArrayList<>();
    Map<String, Set<String>> present = new HashMap<>();
    for (History.Line line : lines) {
      if (line.epoch() == epoch) {
        for (CellRun run : line.runs()) {
          runs.add(new Ran(runs.size(), line.cellNumber(), run));
        }
        addPresent(line, present);
      }
    }
    Map<String, Node> nodes = nodes(runs);
    link(nodes, runs);
    List<Node> inOrder = new ArrayList<>(nodes.values());
    inOrder.removeIf(node -> !isPresent(node, present));
    inOrder.sort((a, b) -> Integer.compare(a.last.index, b.last.index));
    findStale(inOrder, nodes, runs);
    Set<Node> stale = new LinkedHashSet<>();
    inOrder.forEach(node -> addStale(node, inOrder, stale));
    return new NotebookGraph(
        inOrder.stream().map(NotebookGraph::cell).toList(),
        stale.stream().map(NotebookGraph::cell).toList());
  }

  /** Adds a stale cell after the stale ones whose names it reads. */
  private static void addStale(Node node, List<Node> present, Set<Node> stale) {
    Deque<Node> open = new ArrayDeque<>();
    Set<Node> seen = new LinkedHashSet<>();
    open.push(node);
    while (!open.isEmpty()) {
      Node next = open.peek();
      boolean first = seen.add(next);
      for (Node writer : first ? next.writers.values() : List.<Node>of()) {
        if (!seen.contains(writer)) {
          open.push(writer);
        }
      }
      if (open.peek() == next) {
        open.pop();
        if (!next.stale.isEmpty() && present.contains(next)) {
          stale.add(next);
        }
      }
    }
  }

  /** What a cell of the notebook was when it ran last. */
  private static void addPresent(History.Line line, Map<String, Set<String>> present) {
    Map<String, Set<String>> ofLine = new HashMap<>();
    for (CellRun run : line.runs()) {
      if (!run.cellId().isEmpty()) {
        ofLine.computeIfAbsent(run.cellId(), id -> new LinkedHashSet<>()).add(run.source().strip());
      }
    }
    present.putAll(ofLine);
  }

  private static boolean isPresent(Node node, Map<String, Set<String>> present) {
    return node.cellIds.isEmpty()
        || node.cellIds.stream()
            .anyMatch(id -> present.getOrDefault(id, Set.of()).contains(node.source));
  }

  private static Map<String, Node> nodes(List<Ran> runs) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    for (Ran ran : runs) {
      Node node = nodes.computeIfAbsent(ran.run.source().strip(), source -> new Node(source, ran));
      node.last = ran;
      node.writes.addAll(ran.run.writes());
      if (!ran.run.cellId().isEmpty()) {
        node.cellIds.add(ran.run.cellId());
      }
    }
    return nodes;
  }

  /** Finds for every cell who wrote what it read. */
  private static void link(Map<String, Node> nodes, List<Ran> runs) {
    Map<String, Node> writers = new HashMap<>();
    for (Ran ran : runs) {
      Node node = nodes.get(ran.run.source().strip());
      if (node != null && node.last == ran) {
        for (String name : ran.run.reads()) {
          Node writer = writers.get(name);
          if (writer != null && writer != node) {
            node.writers.put(name, writer);
            writer.readers.add(node);
          }
        }
      }
      if (node != null) {
        ran.run.writes().forEach(name -> writers.put(name, node));
      }
    }
  }

  private static void findStale(List<Node> inOrder, Map<String, Node> nodes, List<Ran> runs) {
    for (Node node : inOrder) {
      Ran since = writtenSince(node, nodes, runs);
      if (since != null) {
        String name =
            since.run.writes().stream()
                .filter(node.last.run.reads()::contains)
                .findFirst()
                .orElse("");
        node.stale =
            (since.run.isOfOthers()
                    ? "others have changed `%s`, seen by cell [%d]"
                    : "`%s` was written by cell [%d] since")
                .formatted(plain(name), since.number);
      }
    }
    boolean grew = true;
    while (grew) {
      grew = false;
      for (Node node : inOrder) {
        for (Map.Entry<String, Node> read : node.writers.entrySet()) {
          Node writer = read.getValue();
          if (node.stale.isEmpty() && !writer.stale.isEmpty()) {
            node.stale =
                "`%s` comes from cell [%d], which is stale"
                    .formatted(plain(read.getKey()), writer.last.number);
            grew = true;
          }
        }
      }
    }
  }

  /**
   * A later run of another cell that wrote something the cell read, and does not follow from it.
   */
  private static @Nullable Ran writtenSince(Node node, Map<String, Node> nodes, List<Ran> runs) {
    Set<Node> following = following(node);
    for (Ran ran : runs.subList(node.last.index + 1, runs.size())) {
      Node writer = nodes.get(ran.run.source().strip());
      boolean writes = ran.run.writes().stream().anyMatch(node.last.run.reads()::contains);
      if (writes && writer != null && writer != node && !following.contains(writer)) {
        return ran;
      }
    }
    return null;
  }

  private static Set<Node> following(Node node) {
    Set<Node> found = new LinkedHashSet<>();
    Deque<Node> open = new ArrayDeque<>(node.readers);
    while (!open.isEmpty()) {
      Node next = open.poll();
      if (found.add(next)) {
        open.addAll(next.readers);
      }
    }
    return found;
  }

  private static Cell cell(Node node) {
    return new Cell(
        node.last.number, node.source, node.last.run.reads(), Set.copyOf(node.writes), node.stale);
  }

  /** A name as its user writes it. */
  public static String plain(String spelled) {
    return spelled.substring(spelled.indexOf(':') + 1);
  }

  /** The cells, in the order of their last runs. */
  public List<Cell> cells() {
    return cells;
  }

  /** The cells that are stale, in the order in which they are to run again. */
  public List<Cell> stale() {
    return stale;
  }
}
