package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.protocol.MessageCodec;
import java.util.List;

/** Messages of the Debug Adapter Protocol. */
final class Dap {
  private Dap() {}

  /** An answer that has no more to say than that it was done. */
  static ObjectNode done(ObjectNode request) {
    return done(request, MessageCodec.object());
  }

  /** The answer to a request. */
  static ObjectNode done(ObjectNode request, ObjectNode body) {
    ObjectNode response = response(request).put("success", true);
    response.set("body", body);
    return response;
  }

  /** A request that cannot be met; the message says why, and what to do. */
  static ObjectNode failed(ObjectNode request, String message) {
    ObjectNode response = response(request).put("success", false).put("message", message);
    response.putObject("body");
    return response;
  }

  private static ObjectNode response(ObjectNode request) {
    return MessageCodec.object()
        .put("type", "response")
        .put("seq", request.path("seq").asInt())
        .put("request_seq", request.path("seq").asInt())
        .put("command", request.path("command").asText());
  }

  /** Something that happened. */
  static ObjectNode event(int seq, String event, ObjectNode body) {
    ObjectNode message = MessageCodec.object();
    message.put("type", "event").put("seq", seq).put("event", event).set("body", body);
    return message;
  }

  /** An object with one list. */
  static ObjectNode list(String name, List<ObjectNode> elements) {
    ObjectNode body = MessageCodec.object();
    ArrayNode list = body.putArray(name);
    elements.forEach(list::add);
    return body;
  }

  /**
   * A variable as front ends show it.
   *
   * @param type may be empty: JupyterLab shows the value in its tree only where there is no type
   * @param reference by which its parts can be asked for; 0 when it has none
   */
  static ObjectNode variable(String name, String type, String value, int reference) {
    ObjectNode variable = MessageCodec.object().put("name", name).put("value", value);
    if (!type.isEmpty()) {
      variable.put("type", type);
    }
    return variable.put("evaluateName", name).put("variablesReference", reference);
  }
}
