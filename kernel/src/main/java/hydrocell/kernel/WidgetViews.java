package hydrocell.kernel;

import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.CommMessage;
import hydrocell.kernel.protocol.JupyterMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which cells of the notebook opened or show which widgets, as far as cells did so since this
 * kernel was started; a cell is known by the notebook's own name for it. Thread-safe.
 */
final class WidgetViews {
  private static final String WIDGET = "jupyter.widget";
  private static final String VIEW = "application/vnd.jupyter.widget-view+json";
  private static final Pattern MODEL = Pattern.compile("\"model_id\"\\s*:\\s*\"([^\"]+)\"");

  /** By the id of a widget's comm that a cell opened: the cells with it in their output. */
  private final Map<String, Set<String>> cells = new HashMap<>();

  private static String cell(JupyterMessage request) {
    return request.metadata().path("cellId").asText("");
  }

  /** A cell said something: it may have opened or closed a widget. */
  synchronized void said(JupyterMessage request, CommMessage message) {
    String cell = cell(request);
    if (message.kind() == CommMessage.Kind.CLOSE) {
      cells.remove(message.commId());
    } else if (message.kind() == CommMessage.Kind.OPEN
        && message.target().equals(WIDGET)
        && !cell.isEmpty()) {
      cells.computeIfAbsent(message.commId(), id -> new HashSet<>()).add(cell);
    }
  }

  /** A cell shows something. */
  void shown(JupyterMessage request, MimeBundle bundle) {
    String view = bundle.data().get(VIEW);
    Matcher model = MODEL.matcher(view == null ? "" : view);
    if (model.find()) {
      synchronized (this) {
        Set<String> known = cells.get(model.group(1));
        if (known != null) {
          known.add(cell(request));
        }
      }
    }
  }

  /** A cell runs again, or was deleted from the notebook: its output is gone. */
  synchronized void cleared(JupyterMessage request) {
    Set<String> gone = new HashSet<>(Set.of(cell(request)));
    request.metadata().path("deletedCells").forEach(each -> gone.add(each.asText()));
    // Who has no name may be anybody.
    gone.remove("");
    cells.values().forEach(known -> known.removeAll(gone));
  }

  /** What was opened and is in no cell's output any more. */
  synchronized Set<String> unseen() {
    Set<String> unseen = new HashSet<>();
    cells.forEach((id, known) -> {
      if (known.isEmpty()) {
        unseen.add(id);
      }
    });
    return unseen;
  }

  /** Forgets what is closed. */
  synchronized void closed(Set<String> ids) {
    cells.keySet().removeAll(ids);
  }
}
