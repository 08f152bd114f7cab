package hydrocell.kernel;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose turn it is: cells run one after the other, and an interrupt stops the one that runs and
 * those that the user sees busy already, but none that comes later. Thread-safe.
 */
final class Turns {
  private volatile Interruption current = new Interruption();
  private final Set<Interruption> announced = ConcurrentHashMap.newKeySet();

  /** A request is about to be shown as busy: from now on it can be interrupted. */
  Interruption announce() {
    Interruption its = new Interruption();
    announced.add(its);
    return its;
  }

  /** The turn of a request has come. */
  void begin(Interruption its) {
    current = its;
    announced.remove(its);
  }

  /** Of the request whose turn it is. */
  Interruption current() {
    return current;
  }

  /** The user wants everything to stop that is shown as busy. */
  void interrupt() {
    announced.forEach(Interruption::request);
    current.request();
  }
}
