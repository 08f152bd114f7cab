package hydrocell.api.shared;

import hydrocell.anna.lattice.MaxLattice;
import hydrocell.api.CellRuntime;
import java.util.OptionalLong;

/**
 * The largest number that anybody offered.
 *
 * @param name {@code OWNER/name}
 */
public record SharedMax(String name) {
  /** Offers a number; nothing changes when it is not larger. {@code Long.MIN_VALUE} is refused. */
  public void offer(long number) {
    if (number == Long.MIN_VALUE) {
      throw new IllegalArgumentException("the smallest long stands for nothing");
    }
    CellRuntime.shared()
        .change(name, MaxLattice.class, SharedMax::none, (seen, by) -> new MaxLattice(number));
  }

  /** The largest; empty when nothing was offered. */
  public OptionalLong value() {
    long largest =
        CellRuntime.shared().look(name, MaxLattice.class, SharedMax::none, MaxLattice::value);
    return largest == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(largest);
  }

  private static MaxLattice none() {
    return new MaxLattice(Long.MIN_VALUE);
  }

  /** The largest in digits, or {@code nothing}. */
  @Override
  public String toString() {
    OptionalLong value = value();
    return value.isPresent() ? Long.toString(value.getAsLong()) : "nothing";
  }
}
