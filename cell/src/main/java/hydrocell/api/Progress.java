package hydrocell.api;

import java.util.Iterator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * How far a loop is, shown below the cell at most ten times a second: made by {@code
 * Hydrocell.progress}. A loop over it counts by itself; other code calls {@link #step}. Counting is
 * cheap and may be done by any thread. The last state stays on the page.
 *
 * @param <T> what the loop goes over
 */
public final class Progress<T> implements Iterable<T>, AutoCloseable {
  private final String label;
  private final long total;
  private final Supplier<Iterator<T>> elements;
  private final LongAdder done = new LongAdder();
  private final ProgressBar bar;

  /**
   * Shows the empty bar.
   *
   * @param total how many steps there are; negative when nobody knows
   */
  Progress(String label, long total, Supplier<Iterator<T>> elements) {
    this.label = label;
    this.total = total;
    this.elements = elements;
    bar = ProgressBar.begin(this);
  }

  /** What the bar is of. */
  public String label() {
    return label;
  }

  /** How many steps there are; negative when nobody knows. */
  public long total() {
    return total;
  }

  /** How many steps are done. */
  public long done() {
    return done.sum();
  }

  /** One step is done. */
  public void step() {
    step(1);
  }

  /** Some steps are done. */
  public void step(long steps) {
    done.add(steps);
    bar.moved();
  }

  /** The loop is over, whether or not all steps were done. */
  @Override
  public void close() {
    bar.end();
  }

  /** The elements; each one counts when the next is asked for, or the end. */
  @Override
  public Iterator<T> iterator() {
    Iterator<T> source = elements.get();
    return new Iterator<>() {
      private boolean open;

      @Override
      public boolean hasNext() {
        count();
        boolean more = source.hasNext();
        if (!more) {
          close();
        }
        return more;
      }

      @Override
      public T next() {
        count();
        T element = source.next();
        open = true;
        return element;
      }

      private void count() {
        if (open) {
          open = false;
          step();
        }
      }
    };
  }
}
