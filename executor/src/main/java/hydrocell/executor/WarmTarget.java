package hydrocell.executor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How many executors should be warm: as many as are expected to be asked for while one starts, from
 * what was asked for lately, twice over; never fewer than a least number nor more than a most.
 * Owned by the host's thread.
 */
final class WarmTarget {
  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(30);
  private static final int MAX_NOTED = 1_000;
  private static final double NEWEST_WEIGHT = 0.3;
  private static final double SAFETY = 2;

  private final int least;
  private final int most;
  private final Deque<Long> arrivalsNs = new ArrayDeque<>();
  private double startNs = TimeUnit.SECONDS.toNanos(1);

  WarmTarget(int least, int most) {
    this.least = least;
    this.most = Math.max(least, most);
  }

  /** Somebody asked for an executor. */
  void arrived(long nowNs) {
    arrivalsNs.addLast(nowNs);
    if (arrivalsNs.size() > MAX_NOTED) {
      arrivalsNs.removeFirst();
    }
  }

  /** An executor took this long to become warm. */
  void started(long tookNs) {
    startNs += NEWEST_WEIGHT * (tookNs - startNs);
  }

  /** How many there should be now. */
  int wanted(long nowNs) {
    while (!arrivalsNs.isEmpty() && nowNs - arrivalsNs.getFirst() > WINDOW_NS) {
      arrivalsNs.removeFirst();
    }
    double expected = SAFETY * arrivalsNs.size() * startNs / WINDOW_NS;
    return (int) Math.min(most, least + Math.floor(expected));
  }
}
