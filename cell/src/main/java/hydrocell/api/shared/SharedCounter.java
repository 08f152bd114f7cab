package hydrocell.api.shared;

import hydrocell.anna.lattice.Counter;
import hydrocell.api.CellRuntime;
import java.util.Map;

/**
 * A number that everybody adds to; no addition is lost.
 *
 * @param name {@code OWNER/name}
 */
public record SharedCounter(String name) {
  /** Adds a number, which may be negative. */
  public void add(long number) {
    CellRuntime.shared()
        .change(
            name,
            Counter.class,
            Counter::new,
            (seen, by) -> {
              Counter.Part part = seen.parts().get(by.writer());
              Counter mine = new Counter(part == null ? Map.of() : Map.of(by.writer(), part));
              return mine.increment(by.writer(), number);
            });
  }

  /** Adds one. */
  public void increment() {
    add(1);
  }

  /** Takes one away. */
  public void decrement() {
    add(-1);
  }

  /** The sum. */
  public long value() {
    return CellRuntime.shared().look(name, Counter.class, Counter::new, Counter::value);
  }

  /** The sum in digits. */
  @Override
  public String toString() {
    return Long.toString(value());
  }
}
