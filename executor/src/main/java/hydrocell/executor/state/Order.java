package hydrocell.executor.state;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An order of the elements of unordered collections that is the same in every JVM: by their natural
 * order where they have one that their content decides, else by a hash of their content. Very large
 * collections of strings and numbers keep the order they have, which their hashes decide.
 */
final class Order {
  private static final int SORTED_AT_MOST = 10_000;
  private static final long DIGEST_BUDGET_BYTES = 8L << 20;
  private static final int MAX_NESTING = 3;
  private static final ThreadLocal<int[]> NESTING = ThreadLocal.withInitial(() -> new int[1]);

  private Order() {}

  /** Elements of a set. */
  static @Nullable Object[] elements(@Nullable Object[] elements) {
    Object[] sorted = order(elements, 0, 1);
    return sorted;
  }

  /** One part that stays first, then keys and values in turn. */
  static @Nullable Object[] entries(@Nullable Object[] entries) {
    return order(entries, 1, 2);
  }

  private record Element(Object sortKey, @Nullable Object[] parts) {}

  private static @Nullable Object[] order(@Nullable Object[] parts, int from, int step) {
    int count = (parts.length - from) / step;
    if (count < 2) {
      return parts;
    }
    Class<?> natural = natural(parts, from, step);
    if (natural != null && count > SORTED_AT_MOST) {
      return parts;
    }
    int[] nesting = NESTING.get();
    if (natural == null && nesting[0] >= MAX_NESTING) {
      return parts;
    }
    nesting[0]++;
    try {
      return sort(parts, from, step, count, natural);
    } finally {
      nesting[0]--;
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Object[] sort(
      @Nullable Object[] parts, int from, int step, int count, @Nullable Class<?> natural) {
    Element[] elements = new Element[count];
    long budget = Math.max(256, DIGEST_BUDGET_BYTES / count);
    for (int i = 0; i < count; i++) {
      int at = from + i * step;
      Object key = parts[at];
      Object sortKey =
          natural == null || key == null
              ? ValueEncoder.digest(key, budget)
              : key instanceof Enum<?> constant ? constant.name() : key;
      elements[i] = new Element(sortKey, Arrays.copyOfRange(parts, at, at + step));
    }
    Arrays.sort(elements, Comparator.comparing(e -> (Comparable<Object>) e.sortKey));
    @Nullable Object[] sorted = parts.clone();
    for (int i = 0; i < count; i++) {
      System.arraycopy(elements[i].parts, 0, sorted, from + i * step, step);
    }
    return sorted;
  }

  /** The one class of all keys, when its own order is decided by content. */
  private static @Nullable Class<?> natural(@Nullable Object[] parts, int from, int step) {
    Class<?> common = null;
    for (int i = from; i < parts.length; i += step) {
      Object key = parts[i];
      if (!(key instanceof String
              || key instanceof Number
              || key instanceof Character
              || key instanceof Enum<?>)
          || !(key instanceof Comparable<?>)
          || !(Forms.fromJdk(key.getClass()) || key instanceof Enum<?>)) {
        return null;
      }
      Class<?> type =
          key instanceof Enum<?> constant ? constant.getDeclaringClass() : key.getClass();
      if (common != null && common != type) {
        return null;
      }
      common = type;
    }
    return common;
  }
}
