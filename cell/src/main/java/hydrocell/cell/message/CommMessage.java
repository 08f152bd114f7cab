package hydrocell.cell.message;

import java.util.List;

/**
 * A message of one of Jupyter's comms, either way. What it says is passed on and not looked at.
 *
 * @param kind what it does to the comm
 * @param commId names the comm
 * @param target whom an open is for; may be empty otherwise
 * @param data JSON text
 * @param metadata JSON text
 * @param buffers bytes beside the JSON
 */
public record CommMessage(
    Kind kind, String commId, String target, String data, String metadata, List<byte[]> buffers) {
  /** What a message does; append only. */
  public enum Kind {
    /** It begins the comm. */
    OPEN("comm_open"),
    /** It says something. */
    MESSAGE("comm_msg"),
    /** It ends the comm. */
    CLOSE("comm_close");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    /** Jupyter's name for it. */
    public String type() {
      return type;
    }
  }

  /** What the manifest calls an open comm: a kept object with this key, labelled by its target. */
  public static String keyOf(String commId) {
    return "comm/" + commId;
  }

  /** What the manifest calls a registered target. */
  public static String keyOfTarget(String target) {
    return "target/" + target;
  }

  /** About how large it is. */
  public long bytes() {
    long bytes = (long) data.length() + metadata.length();
    for (byte[] buffer : buffers) {
      bytes += buffer.length;
    }
    return bytes;
  }
}
