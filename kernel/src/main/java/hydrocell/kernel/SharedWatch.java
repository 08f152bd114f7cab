package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import java.io.IOException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then whether others have changed what a notebook follows, while it follows
 * something. A thread that is there only then. Thread-safe.
 */
final class SharedWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SharedWatch.class);
  private static final long LOOK_MS = 500;

  private final Backend backend;
  private final BooleanSupplier changed;
  private Map<Key, Long> known = Map.of();
  private boolean looking;
  private boolean told;

  /**
   * A watch over nothing.
   *
   * @param changed is told once of changes, until {@link #watch}; whether it could take that
   */
  SharedWatch(Backend backend, BooleanSupplier changed) {
    this.backend = backend;
    this.changed = changed;
  }

  /** Looks from now on for changes after these versions. */
  synchronized void watch(Map<Key, Long> versions) {
    known = versions;
    told = false;
    if (!versions.isEmpty() && !looking) {
      looking = true;
      Thread.ofVirtual().name("shared-watch").start(this::run);
    }
  }

  /** What was told came to nothing: it is told again. */
  synchronized void again() {
    told = false;
  }

  /** What to look at; empty when the thread has ended. */
  private synchronized Map<Key, Long> next() {
    looking = !known.isEmpty();
    return known;
  }

  private void run() {
    try {
      for (Map<Key, Long> now = next(); !now.isEmpty(); now = next()) {
        if (differs(now)) {
          tell(now);
        }
        Thread.sleep(LOOK_MS);
      }
    } catch (InterruptedException e) {
      LOG.warn("nobody interrupts this thread; nothing is followed any more");
    }
  }

  private synchronized void tell(Map<Key, Long> seen) {
    if (!told && seen.equals(known)) {
      told = changed.getAsBoolean();
    }
  }

  /** A store that does not answer is asked again; none is started for this. */
  private boolean differs(Map<Key, Long> versions) {
    AnnaClient anna = backend.annaIfOpen();
    try {
      for (Map.Entry<Key, Long> each : versions.entrySet()) {
        if (anna != null && !Backend.await(anna.version(each.getKey())).equals(each.getValue())) {
          return true;
        }
      }
    } catch (IOException | AnnaException e) {
      LOG.debug("what is followed cannot be looked at now: {}", e.getMessage());
    }
    return false;
  }
}
