package hydrocell.kernel.debug;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers by which a front end asks for what it was shown: frames, scopes, values. They are good
 * until the thread goes on, and none is given out twice. Owned by the debugger's thread.
 */
final class References {
  private static final int MAX_LIVE = 100_000;

  private final Map<Integer, Object> live = new HashMap<>();
  private int last;

  /** The number of something; 0, which means that it has no parts, when there are too many. */
  int add(Object referred) {
    if (live.size() >= MAX_LIVE) {
      return 0;
    }
    live.put(++last, referred);
    return last;
  }

  /** What has this number now; null when it has gone. */
  <T> @Nullable T get(int number, Class<T> type) {
    Object found = live.get(number);
    return type.isInstance(found) ? type.cast(found) : null;
  }

  /** The thread goes on. */
  void clear() {
    live.clear();
  }
}
