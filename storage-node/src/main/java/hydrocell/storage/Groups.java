package hydrocell.storage;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which groups of the operating system the people are in. Asked of the system when a person
 * connects, and again each minute for all who did: who leaves a group loses what it permits within
 * that time. Where the system does not say, its last answer holds for some minutes, since what is
 * not permitted looks like what is gone. Thread-safe.
 */
final class Groups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Groups.class);
  private static final long AGAIN_S = 60;

  /** How long an answer holds while there is no newer one. */
  static final long HOLDS_NS = TimeUnit.MINUTES.toNanos(5);

  private static final Answer NOTHING = new Answer(Set.of(), 0);

  private final Map<String, Answer> known = new ConcurrentHashMap<>();
  private final ExecutorService asking =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("groups").factory());
  private final Lookup lookup;
  private final LongSupplier nowNs;

  private record Answer(Set<String> names, long atNs) {}

  /** How the groups of a person are found. */
  @FunctionalInterface
  interface Lookup {
    /** Their names; throws when they are not to be had. */
    Set<String> of(String person) throws IOException, InterruptedException;
  }

  /**
   * Groups that are looked up.
   *
   * @param nowNs a clock as {@code System.nanoTime()}
   */
  Groups(Lookup lookup, LongSupplier nowNs) {
    this.lookup = lookup;
    this.nowNs = nowNs;
    asking.execute(this::askAgain);
  }

  /** Those that {@code id} tells. */
  static Groups ofSystem() {
    return new Groups(SystemGroups::of, System::nanoTime);
  }

  /** The groups of a person, as they were when last asked for. */
  Set<String> of(String person) {
    return known.getOrDefault(person, NOTHING).names;
  }

  /** Completes when the groups of a person are known. */
  CompletableFuture<Void> learn(String person) {
    return known.containsKey(person)
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.runAsync(() -> look(person), asking);
  }

  /** Asks for the groups of a person. */
  void look(String person) {
    try {
      known.put(person, new Answer(Set.copyOf(lookup.of(person)), nowNs.getAsLong()));
    } catch (IOException e) {
      Answer last = known.putIfAbsent(person, NOTHING);
      if (last == null || (!last.names.isEmpty() && nowNs.getAsLong() - last.atNs > HOLDS_NS)) {
        LOG.warn("the groups of {} are not known, and permit nothing: {}", person, e.getMessage());
        known.put(person, NOTHING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askAgain() {
    try {
      while (true) {
        TimeUnit.SECONDS.sleep(AGAIN_S);
        known.keySet().forEach(this::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    asking.shutdownNow();
  }
}
