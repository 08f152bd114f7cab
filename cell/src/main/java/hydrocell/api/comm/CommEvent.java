package hydrocell.api.comm;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came over a comm.
 *
 * @param data JSON as {@link hydrocell.api.Json#parse} gives it
 * @param metadata JSON as well
 * @param buffers bytes beside the JSON
 */
public record CommEvent(@Nullable Object data, @Nullable Object metadata, List<byte[]> buffers) {
  /** The data as the fields of an object; empty when it is none. */
  public Map<?, ?> fields() {
    return data instanceof Map<?, ?> map ? map : Map.of();
  }
}
