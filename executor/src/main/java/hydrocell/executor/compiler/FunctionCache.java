package hydrocell.executor.compiler;

import hydrocell.cell.CellFunction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiled cells by what they were compiled from, the least recently used given up first.
 * Thread-safe.
 */
final class FunctionCache {
  private final long maxBytes;
  private final Map<String, CellFunction> functions = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;
  private long asked;
  private long had;

  FunctionCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable CellFunction get(String key) {
    CellFunction found = functions.get(key);
    asked++;
    had += found == null ? 0 : 1;
    return found;
  }

  /** How often it was asked, and how often it had what was wanted, as text. */
  synchronized String figures() {
    return asked + " " + had;
  }

  synchronized void put(String key, CellFunction function) {
    CellFunction before = functions.put(key, function);
    bytes += size(function) - (before == null ? 0 : size(before));
    var oldest = functions.entrySet().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      bytes -= size(oldest.next().getValue());
      oldest.remove();
    }
  }

  private static long size(CellFunction function) {
    return 1024 + function.classes().stream().mapToLong(c -> c.bytes().length).sum();
  }
}
