package hydrocell.anna.lattice;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Fields that are lattices themselves; a merge merges field by field. */
public final class MapLattice implements Lattice {
  private final Map<String, Lattice> fields = new TreeMap<>();

  private MapLattice() {}

  /** A map that takes over the given lattices. */
  public static MapLattice of(Map<String, ? extends Lattice> fields) {
    MapLattice map = new MapLattice();
    map.fields.putAll(fields);
    return map;
  }

  /** The fields by name; a view. */
  public Map<String, Lattice> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /** One field; null when there is none. */
  public @Nullable Lattice field(String name) {
    return fields.get(name);
  }

  @Override
  public boolean merge(Lattice other) {
    MapLattice map = Lattice.cast(MapLattice.class, other);
    check(map);
    boolean grew = false;
    for (Map.Entry<String, Lattice> theirs : map.fields.entrySet()) {
      Lattice mine = fields.get(theirs.getKey());
      if (mine == null) {
        fields.put(theirs.getKey(), theirs.getValue().copy());
        grew = true;
      } else {
        grew |= mine.merge(theirs.getValue());
      }
    }
    return grew;
  }

  /** Fails before anything is changed when a field's kind differs. */
  private void check(MapLattice other) {
    for (Map.Entry<String, Lattice> theirs : other.fields.entrySet()) {
      Lattice mine = fields.get(theirs.getKey());
      if (mine != null) {
        Lattice.cast(mine.getClass(), theirs.getValue());
        if (mine instanceof MapLattice map) {
          map.check((MapLattice) theirs.getValue());
        }
      }
    }
  }

  @Override
  public MapLattice copy() {
    MapLattice map = new MapLattice();
    fields.forEach((name, lattice) -> map.fields.put(name, lattice.copy()));
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MapLattice map && map.fields.equals(fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }
}
