package hydrocell.api.shared;

import hydrocell.anna.lattice.ObservedRemoveSet;
import hydrocell.anna.lattice.Stamp;
import hydrocell.api.CellRuntime;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A set that everybody adds to and removes from. A removal takes away what its cell had seen: an
 * addition made at the same time holds.
 *
 * @param name {@code OWNER/name}
 * @param <T> what its elements are, as {@link Shared} allows
 */
public record SharedSet<T>(String name) {
  /** Adds an element. */
  public void add(T element) {
    String text = Element.write(element);
    CellRuntime.shared()
        .change(
            name,
            ObservedRemoveSet.class,
            ObservedRemoveSet::new,
            (seen, by) -> new ObservedRemoveSet(Map.of(text, Set.of(by.stampAfter(0))), Set.of()));
  }

  /** Removes an element. */
  public void remove(T element) {
    String text = Element.write(element);
    CellRuntime.shared()
        .change(
            name,
            ObservedRemoveSet.class,
            ObservedRemoveSet::new,
            (seen, by) -> {
              Set<Stamp> additions = seen.additions().getOrDefault(text, Set.of());
              return new ObservedRemoveSet(Map.of(), additions);
            });
  }

  /** Whether an element is in the set. */
  public boolean contains(T element) {
    String text = Element.write(element);
    return CellRuntime.shared()
        .look(
            name,
            ObservedRemoveSet.class,
            ObservedRemoveSet::new,
            seen -> !seen.removed().containsAll(seen.additions().getOrDefault(text, Set.of())));
  }

  /** All elements; a set of its own, which does not change. */
  public Set<T> values() {
    Set<String> texts =
        CellRuntime.shared()
            .look(name, ObservedRemoveSet.class, ObservedRemoveSet::new, ObservedRemoveSet::values);
    Set<T> values = new LinkedHashSet<>();
    texts.forEach(text -> values.add(Element.read(text)));
    return Collections.unmodifiableSet(values);
  }

  /** How many elements there are. */
  public int size() {
    return values().size();
  }

  /** The elements. */
  @Override
  public String toString() {
    return values().toString();
  }
}
