package hydrocell.cell;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What somebody may have meant who typed a name that does not exist. */
public final class Spelling {
  private static final int MAX_TYPOS = 2;

  private Spelling() {}

  /** The known name that is nearest; null when none is near. */
  public static @Nullable String nearest(String typed, Collection<String> known) {
    int most = Math.min(MAX_TYPOS, Math.max(1, typed.length() / 3));
    return known.stream()
        .filter(name -> Math.abs(name.length() - typed.length()) <= most)
        .filter(name -> distance(name, typed) <= most)
        .min(
            Comparator.comparingInt((String name) -> distance(name, typed))
                .thenComparing(name -> name))
        .orElse(null);
  }

  /**
   * Letters put in, left out, changed, or swapped with their neighbour (optimal string alignment).
   */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int changed = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(changed, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
