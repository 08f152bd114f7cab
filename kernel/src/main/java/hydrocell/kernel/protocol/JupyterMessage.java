package hydrocell.kernel.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One message, without its signature. The trees must not be changed once it was made.
 *
 * @param identities routing frames of the sender; empty for what the kernel publishes
 * @param header with {@code msg_id}, {@code msg_type}, {@code session}, {@code username}
 * @param parent header of the request that this answers; empty when there is none
 * @param metadata of the message
 * @param content what it says
 * @param buffers bytes beside the JSON, which the signature does not cover
 */
public record JupyterMessage(
    List<byte[]> identities,
    ObjectNode header,
    ObjectNode parent,
    ObjectNode metadata,
    ObjectNode content,
    List<byte[]> buffers) {

  /** A message without bytes beside it. */
  public JupyterMessage(
      List<byte[]> identities,
      ObjectNode header,
      ObjectNode parent,
      ObjectNode metadata,
      ObjectNode content) {
    this(identities, header, parent, metadata, content, List.of());
  }

  /** The message's type. */
  public String type() {
    return header.path("msg_type").asText();
  }

  /** The message's id. */
  public String id() {
    return header.path("msg_id").asText();
  }

  /** The subshell that the request is for; empty for the main shell. */
  public String subshell() {
    return header.path("subshell_id").asText("");
  }
}
