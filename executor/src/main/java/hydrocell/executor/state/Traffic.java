package hydrocell.executor.state;

import hydrocell.cell.Meter;
import java.util.concurrent.atomic.LongAdder;

/** Counts what one cell fetches and writes. Thread-safe. */
public final class Traffic {
  private final LongAdder keysRead = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder keysWritten = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  /** Counts from zero. */
  public Traffic() {}

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
