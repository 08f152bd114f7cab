package hydrocell.storage;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Frees the oldest segments of a shard's log, a slice at a time on the shard's own thread: what is
 * live in them is appended again, then they are deleted. It starts when the log is more than twice
 * what is live and more than two segments longer, or when it is forced: then a fresh segment takes
 * what is live of all others.
 */
final class Compactor {
  private static final int KEYS_PER_SLICE = 256;
  private static final long BYTES_PER_SLICE = 4 << 20;

  private final Shard shard;
  private final ShardLog log;
  private final long slackBytes;
  private List<Long> doomed = List.of();
  private @Nullable String cursor;
  private boolean wanted;
  private boolean forced;

  Compactor(Shard shard, ShardLog log, long segmentBytes) {
    this.shard = shard;
    this.log = log;
    this.slackBytes = 2 * segmentBytes;
  }

  /** Frees all that is dead, once what is under way is done. */
  void force() {
    wanted = true;
  }

  /** Whether a forced compaction has not ended. */
  boolean isForced() {
    return wanted || forced;
  }

  /** One slice; whether more is to be done at once. */
  boolean step(NavigableMap<String, Stored> keys, long liveBytes) throws IOException {
    if (doomed.isEmpty() && wanted) {
      log.beginSegment();
      doomed = log.closedSegments();
      cursor = "";
      wanted = false;
      forced = !doomed.isEmpty();
      return forced;
    }
    if (doomed.isEmpty()) {
      if (log.sizeBytes() <= 2 * liveBytes + slackBytes || log.closedSegments().isEmpty()) {
        return false;
      }
      List<Long> closed = log.closedSegments();
      doomed = closed.subList(0, (closed.size() + 1) / 2);
      cursor = "";
    }
    long last = doomed.getLast();
    long bytes = 0;
    int seen = 0;
    NavigableMap<String, Stored> rest = cursor == null ? keys : keys.tailMap(cursor, false);
    for (Map.Entry<String, Stored> entry : rest.entrySet()) {
      if (seen == KEYS_PER_SLICE || bytes > BYTES_PER_SLICE) {
        return true;
      }
      cursor = entry.getKey();
      seen++;
      if (entry.getValue().oldestSegment <= last) {
        shard.rewrite(entry.getKey(), entry.getValue());
        bytes += entry.getValue().liveBytes;
      }
    }
    log.drop(doomed);
    doomed = List.of();
    forced = false;
    return true;
  }
}
