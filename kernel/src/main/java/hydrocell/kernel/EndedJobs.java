package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.lattice.Stamp;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asynchronous cells that have ended, as far as somebody may still ask. Guarded by {@link Jobs}.
 */
final class EndedJobs {
  private static final Logger LOG = LoggerFactory.getLogger(EndedJobs.class);
  private static final int KEPT = 50;
  private static final int TRIM_EVERY = 16;

  private final Session session;
  private final Deque<Job> last = new ArrayDeque<>();
  private final List<String> news = new ArrayList<>();
  private long count;

  EndedJobs(Session session) {
    this.session = session;
  }

  /** A cell has ended; one that was answered with its end is nothing to speak of any more. */
  void add(Job job) {
    if (job.isLate() || job.isAdopted()) {
      last.addLast(job);
    }
    while (last.size() > KEPT) {
      last.removeFirst();
    }
    if (++count % TRIM_EVERY == 0) {
      CompletableFuture.runAsync(this::trim);
    }
  }

  /** Every asynchronous cell leaves what it showed. */
  private void trim() {
    try {
      session.trimKeptOutputs();
    } catch (IOException | AnnaException e) {
      LOG.info("kept outputs stay for now: {}", e.getMessage());
    }
  }

  boolean knows(Stamp stamp) {
    return last.stream().anyMatch(job -> job.stamp().sameWork(stamp));
  }

  /** Those to speak of, the oldest first. */
  List<Job> shown() {
    return List.copyOf(last);
  }

  /** Says something of a cell whose page is gone, with the next cell that runs. */
  void tell(String text) {
    news.add(text);
  }

  /** What is to be said, in words for the user; only once. */
  String takeNews() {
    String taken = String.join("; ", news);
    news.clear();
    return taken;
  }
}
