package hydrocell.install;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Says when a node has been without use for long enough to end. Used by one thread. */
final class IdleWatch {
  private final BooleanSupplier inUse;
  private final LongSupplier clockNs;
  private final long limitNs;
  private long idleSinceNs;

  /**
   * A watch that begins idle now.
   *
   * @param inUse whether anybody uses the node
   * @param clockNs a clock that only goes forward
   * @param limit how long without use is long enough
   */
  IdleWatch(BooleanSupplier inUse, LongSupplier clockNs, Duration limit) {
    this.inUse = inUse;
    this.clockNs = clockNs;
    this.limitNs = limit.toNanos();
    this.idleSinceNs = clockNs.getAsLong();
  }

  /** Looks once; true when the node should end. */
  boolean isOver() {
    long now = clockNs.getAsLong();
    if (inUse.getAsBoolean()) {
      idleSinceNs = now;
      return false;
    }
    return now - idleSinceNs >= limitNs;
  }
}
