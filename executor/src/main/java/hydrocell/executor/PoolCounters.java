package hydrocell.executor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What has happened in the pool since the host began. Owned by the host's thread. */
final class PoolCounters {
  /** Upper bounds of the classes of waits for a lease, in milliseconds; the last has none. */
  static final List<Long> WAIT_BOUNDS_MS = List.of(15L, 100L, 600L, 1_000L, 5_000L, 30_000L);

  private final long[] waits = new long[WAIT_BOUNDS_MS.size() + 1];
  private long waitedNs;
  private long starts;
  private long failedStarts;
  private long losses;
  private long beyondLimits;

  void started() {
    starts++;
  }

  /** An executor ended by itself: before it was ready, or under a lease. */
  void surprisedBy(PooledExecutor ended) {
    if (ended.state == PooledExecutor.State.STARTING) {
      failedStarts++;
    } else if (!ended.leaseId.isEmpty()) {
      losses++;
    }
  }

  void beyondLimit() {
    beyondLimits++;
  }

  /** A request for a lease was served. */
  void leased(long waitNs) {
    long ms = TimeUnit.NANOSECONDS.toMillis(waitNs);
    int place = 0;
    while (place < WAIT_BOUNDS_MS.size() && ms > WAIT_BOUNDS_MS.get(place)) {
      place++;
    }
    waits[place]++;
    waitedNs += waitNs;
  }

  long starts() {
    return starts;
  }

  long failedStarts() {
    return failedStarts;
  }

  long losses() {
    return losses;
  }

  long beyondLimits() {
    return beyondLimits;
  }

  HostFigures.Waits waits() {
    List<Long> counts = new ArrayList<>();
    for (long count : waits) {
      counts.add(count);
    }
    return new HostFigures.Waits(WAIT_BOUNDS_MS, counts, waitedNs);
  }
}
