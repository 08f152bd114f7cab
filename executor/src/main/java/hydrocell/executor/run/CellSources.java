package hydrocell.executor.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sources that classes of this session were compiled from, for the lines that a trace shows. By
 * class and not by cell: cells get other sources, a class does not. Holds the ones used last, and
 * no large ones. Thread-safe.
 */
final class CellSources {
  private static final int MAX_CLASSES = 512;
  private static final int MAX_SOURCE_CHARS = 64 << 10;

  private final Map<String, String> sources =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_CLASSES;
        }
      };

  /** An outermost class came from this source; what came first stays. */
  synchronized void learn(String outerClass, String source) {
    if (source.length() <= MAX_SOURCE_CHARS) {
      sources.putIfAbsent(outerClass, source);
    }
  }

  /** A line of a class's source, counted from 1; null when it is not known or blank. */
  synchronized @Nullable String line(String outerClass, int number) {
    String source = sources.get(outerClass);
    if (source == null || number < 1) {
      return null;
    }
    String line = source.lines().skip(number - 1L).findFirst().orElse("");
    return line.isBlank() ? null : line.stripTrailing();
  }
}
