package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.CommMessage;
import hydrocell.kernel.channel.Channels;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what happens to a request, with that request as parent. Thread-safe; the order of one
 * thread's messages is kept.
 */
public final class Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  private final Channels channels;
  private final MessageCodec codec;

  /** Requests whose output is kept instead of being published; few, and mostly none. */
  private final Map<JupyterMessage, KeptMessages> kept = new IdentityHashMap<>();

  private final WidgetViews widgets = new WidgetViews();
  private volatile boolean keeping;

  Publisher(Channels channels, MessageCodec codec) {
    this.channels = channels;
    this.codec = codec;
  }

  /** Which cells show which widgets, as is seen by what is published. */
  WidgetViews widgets() {
    return widgets;
  }

  private void publish(JupyterMessage request, String type, ObjectNode content) {
    channels.publish(codec.make(List.of(), type, request.header(), content));
  }

  /** The kernel starts, is busy or idle over a request. */
  void status(JupyterMessage request, String state) {
    publish(request, "status", MessageCodec.object().put("execution_state", state));
  }

  void input(JupyterMessage request, String code, int executionCount) {
    publish(
        request,
        "execute_input",
        MessageCodec.object().put("code", code).put("execution_count", executionCount));
  }

  /** From now on the output of a request is kept. */
  KeptMessages keep(JupyterMessage request) {
    synchronized (kept) {
      keeping = true;
      return kept.computeIfAbsent(request, r -> new KeptMessages());
    }
  }

  /** The output of a request is published again. */
  void show(JupyterMessage request) {
    synchronized (kept) {
      kept.remove(request);
      keeping = !kept.isEmpty();
    }
  }

  private @Nullable KeptMessages keptFor(JupyterMessage request) {
    if (!keeping) {
      return null;
    }
    synchronized (kept) {
      return kept.get(request);
    }
  }

  /** Text of a cell, on stdout or stderr. */
  public void stream(JupyterMessage request, String stream, String text) {
    KeptMessages keeper = keptFor(request);
    if (keeper != null) {
      keeper.stream(stream, text);
      return;
    }
    publish(request, "stream", MessageCodec.object().put("name", stream).put("text", text));
  }

  /** Something shown by a cell. */
  public void display(JupyterMessage request, MimeBundle bundle, String displayId, boolean update) {
    KeptMessages keeper = keptFor(request);
    if (keeper != null) {
      if (!update) {
        keeper.show(bundle);
      }
      return;
    }
    widgets.shown(request, bundle);
    ObjectNode content = bundle(bundle);
    ObjectNode held = content.putObject("transient");
    if (!displayId.isEmpty()) {
      held.put("display_id", displayId);
    }
    publish(request, update ? "update_display_data" : "display_data", content);
  }

  void result(JupyterMessage request, MimeBundle bundle, int executionCount) {
    widgets.shown(request, bundle);
    publish(request, "execute_result", bundle(bundle).put("execution_count", executionCount));
  }

  void clear(JupyterMessage request, boolean untilNext) {
    if (keptFor(request) != null) {
      return;
    }
    publish(request, "clear_output", MessageCodec.object().put("wait", untilNext));
  }

  /** Something said on a comm. */
  void comm(JupyterMessage request, CommMessage message) {
    widgets.said(request, message);
    try {
      ObjectNode metadata =
          codec.parse(message.metadata()) instanceof ObjectNode object
              ? object
              : MessageCodec.object();
      channels.publish(
          codec.make(
              List.of(),
              message.kind().type(),
              request.header(),
              Comms.content(message, codec.parse(message.data())),
              metadata,
              message.buffers()));
    } catch (IOException e) {
      LOG.warn("a comm's message is not JSON: {}", e.getMessage());
    }
  }

  /** An event of the debugger. */
  void debugEvent(JupyterMessage request, ObjectNode event) {
    publish(request, "debug_event", event);
  }

  void error(JupyterMessage request, ErrorReport error) {
    publish(request, "error", errorContent(error));
  }

  /** Name, value and traceback of an error. */
  static ObjectNode errorContent(ErrorReport error) {
    ObjectNode content =
        MessageCodec.object().put("ename", error.name()).put("evalue", error.message());
    ArrayNode traceback = content.putArray("traceback");
    error.traceback().forEach(traceback::add);
    return content;
  }

  /** Data and metadata of a bundle; JSON types as JSON. */
  ObjectNode bundle(MimeBundle bundle) {
    ObjectNode content = MessageCodec.object();
    ObjectNode data = content.putObject("data");
    bundle
        .data()
        .forEach((type, text) -> {
          if (type.endsWith("json")) {
            put(data, type, text);
          } else {
            data.put(type, text);
          }
        });
    ObjectNode metadata = content.putObject("metadata");
    bundle.metadata().forEach((type, text) -> put(metadata, type, text));
    return content;
  }

  /** These JSON texts as an array. */
  ArrayNode array(List<String> texts) {
    ArrayNode array = MessageCodec.object().arrayNode();
    for (String text : texts) {
      try {
        array.add(codec.parse(text));
      } catch (IOException e) {
        LOG.warn("a payload is not JSON: {}", e.getMessage());
      }
    }
    return array;
  }

  private void put(ObjectNode into, String field, String text) {
    try {
      into.set(field, codec.parse(text));
    } catch (IOException e) {
      into.put(field, text);
    }
  }
}
