package hydrocell.api.shared;

import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.api.CellRuntime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A map that everybody puts into. What was put under one key at the same time is kept side by side
 * until somebody who saw it puts there again; {@link #get} gives the same one of them everywhere.
 *
 * @param name {@code OWNER/name}
 * @param <K> what its keys are, as {@link Shared} allows
 * @param <V> what its values are
 */
public record SharedMap<K, V>(String name) {
  private static final MapLattice EMPTY = MapLattice.of(Map.of());

  /** Puts a value under a key. */
  public void put(K key, V value) {
    byte[] bytes = Element.write(value).getBytes(StandardCharsets.UTF_8);
    write(key, (stamp, base) -> CausalRegister.write(stamp, bytes, base));
  }

  /** Removes what is seen under a key. */
  public void remove(K key) {
    write(key, CausalRegister::remove);
  }

  private void write(K key, BiFunction<Stamp, VersionVector, CausalRegister> write) {
    String field = Element.write(key);
    CellRuntime.shared()
        .change(
            name,
            MapLattice.class,
            () -> EMPTY,
            (seen, by) -> {
              VersionVector base =
                  seen.field(field) instanceof CausalRegister register
                      ? register.context()
                      : VersionVector.EMPTY;
              return MapLattice.of(Map.of(field, write.apply(by.stampAfter(base.largest()), base)));
            });
  }

  /** The value under a key; of several the one that was put last; null when there is none. */
  public @Nullable V get(K key) {
    List<V> versions = versions(key);
    return versions.isEmpty() ? null : versions.getLast();
  }

  /** All values that stand side by side under a key; the last one is what {@link #get} gives. */
  public List<V> versions(K key) {
    String field = Element.write(key);
    return CellRuntime.shared()
        .look(name, MapLattice.class, () -> EMPTY, seen -> values(seen.field(field)));
  }

  private static <V> List<V> values(@Nullable Object field) {
    List<V> values = new ArrayList<>();
    if (field instanceof CausalRegister register) {
      for (CausalRegister.Sibling each : register.siblings()) {
        values.add(Element.read(new String(each.value(), StandardCharsets.UTF_8)));
      }
    }
    return List.copyOf(values);
  }

  /** All keys with their values; a map of its own, which does not change. */
  public Map<K, V> values() {
    return CellRuntime.shared()
        .look(
            name,
            MapLattice.class,
            () -> EMPTY,
            seen -> {
              Map<K, V> all = new LinkedHashMap<>();
              seen.fields()
                  .forEach((field, register) -> {
                    List<V> versions = values(register);
                    if (!versions.isEmpty()) {
                      all.put(Element.read(field), versions.getLast());
                    }
                  });
              return Collections.unmodifiableMap(all);
            });
  }

  /** How many keys have a value. */
  public int size() {
    return values().size();
  }

  /** The keys and values. */
  @Override
  public String toString() {
    return values().toString();
  }
}
