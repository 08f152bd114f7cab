package hydrocell.cell;

import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store says of a session that was moved between stores: whether the session is here. A
 * field of its record; the one with the larger number counts. Immutable.
 *
 * @param number counts moves; 0 of a session that was never moved
 * @param state whether it is here
 * @param other the store that it came from or went to, in the words of the person's machine
 */
public record SessionPlace(long number, State state, String other) {
  /** Of a session that was never moved. */
  public static final SessionPlace HERE = new SessionPlace(0, State.HERE, "");

  private static final String FIELD = "place";

  /** Where a session is. */
  public enum State {
    /** In this store. */
    HERE,
    /** In the other one, from where it is being copied. */
    ARRIVING,
    /** In the other one. */
    GONE
  }

  /** Reads it from a session's record. */
  public static SessionPlace of(@Nullable Lattice record) {
    if (record instanceof MapLattice map && map.field(FIELD) instanceof LwwRegister register) {
      String text = new String(register.value(), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      for (State state : State.values()) {
        if (space > 0 && text.substring(0, space).equals(state.name())) {
          return new SessionPlace(register.stamp().counter(), state, text.substring(space + 1));
        }
      }
    }
    return HERE;
  }

  /** What makes a session's record say so. */
  public MapLattice delta() {
    byte[] text = (state + " " + other).getBytes(StandardCharsets.UTF_8);
    return MapLattice.of(Map.of(FIELD, new LwwRegister(new Stamp(number, "move", 0), text)));
  }

  /** The next one. */
  public SessionPlace next(State now, String otherStore) {
    return new SessionPlace(number + 1, now, otherStore);
  }

  /** Why the session cannot be used here, in words for its person; empty when it can. */
  public String refusal() {
    return switch (state) {
      case HERE -> "";
      case ARRIVING ->
          "this notebook is being moved here from %s and is there until that is done: if the move was broken off, `hydrocell move` again finishes it"
              .formatted(other);
      case GONE ->
          "this notebook has moved to %s: start its kernel with that store (HYDROCELL_STORE), or move it back with `hydrocell move`"
              .formatted(other);
    };
  }
}
