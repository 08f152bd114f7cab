package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.protocol.JsonTrees;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests that cells ran for: the last ones whole, of the ten thousand before them the header,
 * which late output names as its parent. A tree of objects for each would be what a kernel uses
 * most of its heap for. Thread-safe.
 */
final class RememberedRequests {
  /** Cells in the foreground run one after the other, so theirs is always among these. */
  static final int MAX_WHOLE = 16;

  static final int MAX_HEADERS = 10_000;

  private final Map<Long, JupyterMessage> whole = new LinkedHashMap<>();
  private final Map<Long, byte[]> headers = new LinkedHashMap<>();

  /** A run belongs to a request. */
  synchronized void add(long runId, JupyterMessage request) {
    whole.put(runId, request);
    if (whole.size() > MAX_WHOLE) {
      Map.Entry<Long, JupyterMessage> eldest = takeEldest(whole);
      headers.put(eldest.getKey(), JsonTrees.write(eldest.getValue().header()));
    }
    if (headers.size() > MAX_HEADERS) {
      takeEldest(headers);
    }
  }

  private static <V> Map.Entry<Long, V> takeEldest(Map<Long, V> entries) {
    Iterator<Map.Entry<Long, V>> each = entries.entrySet().iterator();
    Map.Entry<Long, V> eldest = each.next();
    each.remove();
    return eldest;
  }

  /**
   * The request that a run belongs to; null when that is too long ago. An early one has its header
   * alone: nobody can be asked anything on its behalf.
   */
  synchronized @Nullable JupyterMessage of(long runId) {
    JupyterMessage request = whole.get(runId);
    byte[] header = request == null ? headers.get(runId) : null;
    return header == null ? request : withHeader(header);
  }

  private static JupyterMessage withHeader(byte[] header) {
    ObjectNode none = MessageCodec.object();
    try {
      return new JupyterMessage(List.of(), (ObjectNode) JsonTrees.read(header), none, none, none);
    } catch (IOException e) {
      throw new UncheckedIOException("a header that was written here cannot be read", e);
    }
  }
}
