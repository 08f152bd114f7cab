package hydrocell.executor.state;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A co-variable group as it was last stored or found: names whose objects share references, and one
 * value. Immutable.
 *
 * @param names in order
 * @param valueKey where the value lies; null when it could not be stored
 * @param hash of the stored value; empty when it could not be stored
 * @param reason why it could not be stored; empty when it was
 * @param classes binary names of session classes that the value's objects have
 * @param roots the objects of the names when nothing in the value can ever change: as long as the
 *     names hold the same ones, nothing did; null otherwise
 * @param elements those of the one list or array of the group when nothing else in the value can
 *     change: as long as it holds the same ones, nothing did; null otherwise
 * @param root what the stored value calls its one name, where that is another: a shared name may be
 *     used under another one; empty otherwise
 */
record Group(
    List<String> names,
    @Nullable String valueKey,
    String hash,
    String reason,
    Set<String> classes,
    @Nullable Object @Nullable [] roots,
    @Nullable Object @Nullable [] elements,
    String root) {

  boolean stored() {
    return valueKey != null;
  }
}
