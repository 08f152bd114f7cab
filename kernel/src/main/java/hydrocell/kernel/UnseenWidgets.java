package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.message.CommMessage;
import hydrocell.kernel.protocol.JupyterMessage;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes widgets that a cell opened when it ran before and that nobody can see any more: the cell
 * has run again, no other cell shows them, and neither a variable nor a widget that is seen shares
 * objects with them. For the thread that runs cells.
 */
final class UnseenWidgets {
  private static final Logger LOG = LoggerFactory.getLogger(UnseenWidgets.class);

  private final Session session;
  private final Publisher publisher;
  private final WidgetViews views;

  UnseenWidgets(Session session, Publisher publisher) {
    this.session = session;
    this.publisher = publisher;
    this.views = publisher.widgets();
  }

  /** Closes what is not seen, with words to the page. */
  void close(JupyterMessage request) {
    Set<String> unseen = views.unseen();
    if (unseen.isEmpty()) {
      return;
    }
    Map<Name, String> ids =
        unseen.stream().collect(Collectors.toMap(id -> Name.kept(CommMessage.keyOf(id)), id -> id));
    List<Entry> open = session.manifest().find(ids.keySet());
    open.forEach(entry -> unseen.remove(ids.get(entry.name())));
    // What is left was closed by its cell or by the page.
    views.closed(unseen);
    Set<Name> unheld = unheld(open);
    try {
      if (!unheld.isEmpty()) {
        session.takeOver(List.of(), List.copyOf(unheld));
      }
    } catch (IOException | AnnaException e) {
      LOG.info("widgets stay open until a cell runs again: {}", e.getMessage());
      return;
    }
    for (Name name : unheld) {
      String id = String.valueOf(ids.get(name));
      publisher.comm(
          request, new CommMessage(CommMessage.Kind.CLOSE, id, "", "{}", "{}", List.of()));
      views.closed(Set.of(id));
    }
  }

  /** Those whose group of objects holds nothing but them. */
  private Set<Name> unheld(List<Entry> unseen) {
    Map<String, Set<Name>> groups = new HashMap<>();
    Set<Name> names = new HashSet<>();
    for (Entry entry : unseen) {
      names.add(entry.name());
      if (entry.state() == Entry.State.READY && entry.valueKey() != null) {
        groups.computeIfAbsent(entry.valueKey(), key -> new HashSet<>()).add(entry.name());
      }
    }
    for (Entry entry : groups.isEmpty() ? List.<Entry>of() : session.manifest().entries()) {
      if (entry.valueKey() != null && !names.contains(entry.name())) {
        groups.remove(entry.valueKey());
      }
    }
    Set<Name> unheld = new HashSet<>();
    groups.values().forEach(unheld::addAll);
    return unheld;
  }
}
