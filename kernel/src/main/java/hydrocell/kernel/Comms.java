package hydrocell.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.message.CommMessage;
import hydrocell.kernel.protocol.JsonTrees;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages of comms on their way to a cell executor. Which comms are open, and to what, is in the
 * manifest, so that a page that comes back finds its widgets; what the messages say is not looked
 * at. Thread-safe.
 */
final class Comms {
  private static final Logger LOG = LoggerFactory.getLogger(Comms.class);

  /** By this target a page asks for the states of all widgets; such a comm is not kept. */
  private static final String CONTROL = "jupyter.widget.control";

  private static final int MAX_BYTES = 12 << 20;
  private static final int MAX_CONTROL = 64;

  private final Session session;
  private final Publisher publisher;
  private final Set<String> control = new LinkedHashSet<>();

  Comms(Session session, Publisher publisher) {
    this.session = session;
    this.publisher = publisher;
  }

  /** The content of {@code comm_info_reply}: every open comm, or those to one target. */
  ObjectNode info(String target) {
    ObjectNode reply = Replies.status("ok");
    ObjectNode comms = reply.putObject("comms");
    String prefix = CommMessage.keyOf("");
    for (Entry entry : session.entries(List.of(Name.kept(prefix + "*")))) {
      String label = entry.symbol().type();
      if (target.isEmpty() || target.equals(label)) {
        comms.putObject(entry.name().text().substring(prefix.length())).put("target_name", label);
      }
    }
    return reply;
  }

  /** A message and the function that takes it. */
  record Call(CommMessage message, CellFunction function) {}

  /**
   * What is to run for a request; null when nothing is, because nobody knows the comm. Asked after
   * the cells before it, which may have opened it.
   */
  @Nullable Call call(JupyterMessage request) {
    CommMessage message = message(request);
    if (message == null) {
      return null;
    } else if (message.kind() == CommMessage.Kind.OPEN) {
      return open(request, message);
    }
    if (isControl(message)) {
      return message.kind() == CommMessage.Kind.CLOSE ? null : new Call(message, reading());
    }
    Name name = Name.kept(CommMessage.keyOf(message.commId()));
    if (session.entries(List.of(name)).isEmpty()) {
      LOG.debug("a comm that is not open: {}", message.commId());
      return null;
    }
    return new Call(message, reading(name));
  }

  private @Nullable Call open(JupyterMessage request, CommMessage message) {
    Name target = Name.kept(CommMessage.keyOfTarget(message.target()));
    if (message.target().equals(CONTROL)) {
      rememberControl(message.commId());
      return null;
    } else if (session.entries(List.of(target)).isEmpty()) {
      LOG.debug("no cell registered the target {}", message.target());
      refuse(request);
      return null;
    }
    return new Call(message, reading(target));
  }

  /** Closes what a page would open. */
  void refuse(JupyterMessage request) {
    String id = request.content().path("comm_id").asText();
    publisher.comm(request, new CommMessage(CommMessage.Kind.CLOSE, id, "", "{}", "{}", List.of()));
  }

  private static CellFunction reading(Name... names) {
    return CellFunction.call(Set.of(names));
  }

  private synchronized void rememberControl(String id) {
    control.add(id);
    if (control.size() > MAX_CONTROL) {
      Iterator<String> oldest = control.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private synchronized boolean isControl(CommMessage message) {
    return message.kind() == CommMessage.Kind.CLOSE
        ? control.remove(message.commId())
        : control.contains(message.commId());
  }

  private @Nullable CommMessage message(JupyterMessage request) {
    ObjectNode content = request.content();
    for (CommMessage.Kind kind : CommMessage.Kind.values()) {
      if (kind.type().equals(request.type())) {
        String id = content.path("comm_id").asText();
        CommMessage message =
            new CommMessage(
                kind,
                id,
                isControlId(id) ? CONTROL : content.path("target_name").asText(),
                text(content.path("data")),
                text(request.metadata()),
                request.buffers());
        if (message.bytes() <= MAX_BYTES) {
          return message;
        }
        LOG.warn("a message of {} bytes to the comm {} is too large", message.bytes(), id);
      }
    }
    return null;
  }

  private synchronized boolean isControlId(String id) {
    return control.contains(id);
  }

  private static String text(JsonNode tree) {
    return tree.isMissingNode() ? "{}" : new String(JsonTrees.write(tree), StandardCharsets.UTF_8);
  }

  /**
   * Whether a message need not be taken, because the one that follows it sets everything anew that
   * it sets: a slider that is dragged sends hundreds. Both are updates of one widget.
   */
  static boolean isSuperseded(JupyterMessage message, @Nullable JupyterMessage next) {
    if (next == null || !message.buffers().isEmpty()) {
      return false;
    }
    ObjectNode earlier = updated(message);
    ObjectNode later = updated(next);
    if (earlier == null || later == null) {
      return false;
    }
    String id = message.content().path("comm_id").asText();
    if (!id.equals(next.content().path("comm_id").asText())) {
      return false;
    }
    Iterator<String> names = earlier.fieldNames();
    while (names.hasNext()) {
      if (!later.has(names.next())) {
        return false;
      }
    }
    return true;
  }

  /** The fields that a widget's update sets; null when the message is none. */
  private static @Nullable ObjectNode updated(JupyterMessage message) {
    if (!message.type().equals(CommMessage.Kind.MESSAGE.type())) {
      return null;
    }
    JsonNode data = message.content().path("data");
    return data.path("method").asText().equals("update")
            && data.path("state") instanceof ObjectNode state
        ? state
        : null;
  }

  /** The content of a message of a comm to the page. */
  static ObjectNode content(CommMessage message, JsonNode data) {
    ObjectNode content = MessageCodec.object().put("comm_id", message.commId());
    if (message.kind() == CommMessage.Kind.OPEN) {
      content.put("target_name", message.target());
    }
    content.set("data", data);
    return content;
  }
}
