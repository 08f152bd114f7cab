package hydrocell.kernel;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Remembers what a notebook's user was told, as far as there is room. For one thread. */
final class ToldOnce {
  private static final int MOST = 1_000;

  private final Set<String> told = new LinkedHashSet<>();

  boolean wasTold(String what) {
    return told.contains(what);
  }

  /** Adds a line unless the same was told before. */
  void tell(Collection<String> lines, String what, @Nullable String line) {
    if (told.size() > MOST) {
      told.clear();
    }
    if (line != null && told.add(what)) {
      lines.add(line);
    }
  }
}
