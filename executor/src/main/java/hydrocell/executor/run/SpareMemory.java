package hydrocell.executor.run;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heap that is kept for the executor itself: when a cell has filled all that there is, this is
 * given up, so that its end can still be told. Thread-safe.
 */
final class SpareMemory {
  private static final Logger LOG = LoggerFactory.getLogger(SpareMemory.class);
  private static final int BYTES = 2 << 20;

  private byte @Nullable [] held;

  /** Takes it if it is to be had; before a cell runs. */
  synchronized void hold() {
    if (held == null) {
      try {
        held = new byte[BYTES];
      } catch (OutOfMemoryError e) {
        LOG.info("no memory is to spare");
      }
    }
  }

  /** Gives it up; where something failed, which may be for want of memory. */
  synchronized void makeRoom() {
    held = null;
  }
}
