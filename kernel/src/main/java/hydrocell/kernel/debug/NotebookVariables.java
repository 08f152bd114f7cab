package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** The variables of a session as its manifest knows them: no value is fetched for this. */
final class NotebookVariables {
  private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z_]\\w*\\.)+(?=[A-Z])");
  private static final int MAX_VARIABLES = 5_000;

  private NotebookVariables() {}

  /** All variables, by name; with their types if these are wanted. */
  static List<ObjectNode> of(Manifest manifest, boolean types) {
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : manifest.entries()) {
      if (entry.name().kind() == Kind.VARIABLE) {
        entries.add(entry);
      }
    }
    entries.sort(Comparator.comparing(entry -> entry.name().text()));
    return entries.stream().limit(MAX_VARIABLES).map(entry -> variable(entry, types)).toList();
  }

  /** One variable. */
  static ObjectNode variable(Entry entry, boolean types) {
    String type = PACKAGE.matcher(entry.symbol().type()).replaceAll("");
    String value =
        entry.state() == Entry.State.READY
            ? "%,d bytes".formatted(entry.sizeBytes())
            : entry.reason();
    return Dap.variable(
        entry.name().text(), types ? type : "", types ? value : type + ", " + value, 0);
  }
}
