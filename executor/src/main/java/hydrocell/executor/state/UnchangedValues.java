package hydrocell.executor.state;

import hydrocell.cell.Name;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells without a walk that a group is as it was: names that hold the same objects, in which
 * nothing can change, or one list or array of such objects with the same elements. Comparing a
 * million pointers takes a hundredth of the time of hashing what they point to.
 */
final class UnchangedValues {
  private UnchangedValues() {}

  /** The elements to compare next time; null when comparing them would not be enough. */
  static @Nullable Object @Nullable [] elements(
      ValueEncoder.Encoded encoded, @Nullable Object[] roots) {
    if (encoded.immutable() || !encoded.flat() || roots.length != 1) {
      return null;
    }
    return snapshot(roots[0]);
  }

  private static @Nullable Object @Nullable [] snapshot(@Nullable Object root) {
    if (root instanceof Object[] array) {
      return array.clone();
    }
    if (root instanceof java.util.Collection<?> list
        && (list.getClass() == java.util.ArrayList.class
            || list.getClass() == java.util.LinkedList.class
            || list.getClass() == java.util.ArrayDeque.class)) {
      return list.toArray();
    }
    return null;
  }

  /** Whether a group is certainly as it was. */
  static boolean holds(Group group, List<Name> members, Map<Name, @Nullable Object> values) {
    @Nullable Object[] roots = group.roots();
    if (roots == null || !group.stored() || group.hash().isEmpty()) {
      return false;
    }
    for (int i = 0; i < roots.length; i++) {
      if (!same(values.get(members.get(i)), roots[i])) {
        return false;
      }
    }
    @Nullable Object[] then = group.elements();
    if (then == null) {
      return true;
    }
    @Nullable Object[] now = snapshot(roots[0]);
    if (now == null || now.length != then.length) {
      return false;
    }
    for (int i = 0; i < now.length; i++) {
      if (!same(now[i], then[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(@Nullable Object now, @Nullable Object then) {
    return now == then
        || (now != null && then != null && SlotWriter.plain(now) && now.equals(then));
  }
}
