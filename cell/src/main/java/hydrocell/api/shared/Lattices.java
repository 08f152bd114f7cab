package hydrocell.api.shared;

import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.Stamp;
import java.util.function.Function;
import java.util.function.Supplier;

/** Shared lattices as the running cell sees them; the executor's side. Thread-safe. */
public interface Lattices {
  /** The full spelling of a name, {@code OWNER/name}. Throws IllegalArgumentException. */
  String resolve(String name);

  /** Asks the lattice under a name something; the function must not keep or change it. */
  <L extends Lattice, R> R look(
      String name, Class<L> kind, Supplier<L> bottom, Function<L, R> question);

  /**
   * Changes the lattice under a name. The function is given the lattice, which it must not change,
   * and who changes it, and returns what is to be merged.
   */
  <L extends Lattice> void change(String name, Class<L> kind, Supplier<L> bottom, Change<L> change);

  /** What is to be merged into a lattice. */
  @FunctionalInterface
  interface Change<L extends Lattice> {
    /** The delta of one change. */
    L delta(L seen, By by);
  }

  /** Who changes something. */
  interface By {
    /** Names a writer; all its changes come one after the other. */
    String writer();

    /** The person. */
    String person();

    /** A stamp that nobody used, after {@code seen}. */
    Stamp stampAfter(long seen);
  }
}
