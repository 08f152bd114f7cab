package hydrocell.kernel.magic;

import hydrocell.cell.Entry;
import hydrocell.cell.MimeBundle;
import hydrocell.kernel.NotebookGraph;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Commands on what follows from what in a notebook. */
final class GraphMagics {
  private static final int MAX_CELLS = 60;
  private static final int LINE_CHARS = 40;

  private GraphMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "graph",
            "%graph",
            "which cells read what others wrote, what is pending, what is stale",
            GraphMagics::graph),
        new Magic(
            "stale",
            "%stale [run]",
            "the cells whose inputs changed since they ran; with run, runs them again",
            GraphMagics::stale));
  }

  private static NotebookGraph graphOf(Magic.Context context) throws IOException {
    return NotebookGraph.of(context.history().lines(), context.session().keys().epoch());
  }

  private static void stale(Magic.Context context, String arguments)
      throws IOException, MagicException {
    if (!arguments.isEmpty() && !arguments.equals("run")) {
      throw new MagicException("%s takes nothing, or run".formatted("%stale"));
    }
    List<NotebookGraph.Cell> stale = graphOf(context).stale();
    if (stale.isEmpty()) {
      context.print("no cell is stale");
    } else if (arguments.isEmpty()) {
      Table table = new Table("cell", "source", "why");
      stale.forEach(cell -> table.row("[" + cell.number() + "]", line(cell), cell.stale()));
      context.show().accept(table.shown());
    } else {
      context.cells().runAgain(stale.stream().map(NotebookGraph.Cell::source).toList());
      context.print(
          stale.size() == 1 ? "1 cell runs again" : "%d cells run again".formatted(stale.size()));
    }
  }

  private static String line(NotebookGraph.Cell cell) {
    String first = cell.source().strip().lines().findFirst().orElse("");
    return first.length() <= LINE_CHARS ? first : first.substring(0, LINE_CHARS) + "…";
  }

  private static void graph(Magic.Context context, String arguments) throws IOException {
    List<NotebookGraph.Cell> all = graphOf(context).cells();
    if (all.isEmpty()) {
      context.print("no cell has run yet");
      return;
    }
    List<NotebookGraph.Cell> shown = all.subList(Math.max(0, all.size() - MAX_CELLS), all.size());
    Map<String, String> states = new LinkedHashMap<>();
    for (Entry entry : context.session().manifest().entries()) {
      if (entry.state() == Entry.State.PENDING || entry.state() == Entry.State.FAILED) {
        states.put(
            entry.name().toString(), entry.state().name().toLowerCase(java.util.Locale.ROOT));
      }
    }
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("text/plain", text(shown, all.size(), states));
    forms.put("text/vnd.mermaid", diagram(shown, states));
    context.show().accept(new MimeBundle(forms, Map.of()));
  }

  private static String text(List<NotebookGraph.Cell> cells, int all, Map<String, String> states) {
    StringBuilder text = new StringBuilder();
    if (cells.size() < all) {
      text.append("%d earlier cells are left out%n".formatted(all - cells.size()));
    }
    for (NotebookGraph.Cell cell : cells) {
      text.append("[%d] %s%n".formatted(cell.number(), line(cell)));
      addNames(text, "reads", cell.reads(), states);
      addNames(text, "writes", new TreeSet<>(cell.writes()), states);
      if (!cell.stale().isEmpty()) {
        text.append("    stale: ").append(cell.stale()).append(System.lineSeparator());
      }
    }
    return text.toString().stripTrailing();
  }

  private static void addNames(
      StringBuilder text, String what, Iterable<String> names, Map<String, String> states) {
    Set<String> spelled = new LinkedHashSet<>();
    for (String name : names) {
      String state = states.get(name);
      spelled.add(NotebookGraph.plain(name) + (state == null ? "" : " (" + state + ")"));
    }
    if (!spelled.isEmpty()) {
      text.append("    %s %s%n".formatted(what, String.join(", ", spelled)));
    }
  }

  /** Mermaid's flow charts: boxes are cells, rounded ones names. */
  private static String diagram(List<NotebookGraph.Cell> cells, Map<String, String> states) {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    Set<String> written = new LinkedHashSet<>();
    cells.forEach(cell -> written.addAll(cell.writes()));
    Map<String, String> ids = new LinkedHashMap<>();
    for (String name : written) {
      String id = "n" + ids.size();
      ids.put(name, id);
      text.append("  %s([\"%s\"])\n".formatted(id, escaped(NotebookGraph.plain(name))));
      if (states.containsKey(name)) {
        text.append("  class %s %s\n".formatted(id, states.get(name)));
      }
    }
    for (int i = 0; i < cells.size(); i++) {
      NotebookGraph.Cell cell = cells.get(i);
      text.append("  c%d[\"[%d] %s\"]\n".formatted(i, cell.number(), escaped(line(cell))));
      if (!cell.stale().isEmpty()) {
        text.append("  class c%d stale\n".formatted(i));
      }
      for (String name : cell.reads()) {
        if (ids.containsKey(name)) {
          text.append("  %s --> c%d\n".formatted(ids.get(name), i));
        }
      }
      for (String name : cell.writes()) {
        text.append("  c%d ==> %s\n".formatted(i, ids.get(name)));
      }
    }
    return text.append("  classDef stale stroke:#d9822b,stroke-width:3px\n")
        .append("  classDef pending stroke-dasharray:4\n")
        .append("  classDef failed stroke:#c23030,stroke-width:3px\n")
        .toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
