package hydrocell.executor.state;

import hydrocell.cell.Meter;
import java.util.concurrent.atomic.LongAdder;

/** Counts what one cell fetches and writes. Thread-safe. */
public final class Traffic {
  /** Where a value goes. */
  public enum Way {
    /** From the store. */
    READ,
    /** To the store. */
    WRITTEN
  }

  /** Is told how far values are on their way, by whoever moves them, a chunk at a time. */
  public interface Watcher {
    /** Nobody looks. */
    Watcher NONE =
        new Watcher() {
          @Override
          public void begins(Way way, long bytes) {}

          @Override
          public void moved(Way way, long bytes) {}
        };

    /** A value of so many bytes sets out. */
    void begins(Way way, long bytes);

    /** So many bytes more have arrived. */
    void moved(Way way, long bytes);
  }

  private final Watcher watcher;
  private final LongAdder keysRead = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder keysWritten = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  /** Counts from zero. */
  public Traffic() {
    this(Watcher.NONE);
  }

  /** Counts from zero, and tells how far values are. */
  public Traffic(Watcher watcher) {
    this.watcher = watcher;
  }

  /** Who is told how far values are. */
  Watcher watcher() {
    return watcher;
  }

  void read(long bytes) {
    keysRead.increment();
    bytesRead.add(bytes);
  }

  void wrote(long bytes) {
    keysWritten.increment();
    bytesWritten.add(bytes);
  }

  /** What was counted, without times. */
  public Meter meter() {
    return new Meter(0, 0, keysRead.sum(), bytesRead.sum(), keysWritten.sum(), bytesWritten.sum());
  }
}
