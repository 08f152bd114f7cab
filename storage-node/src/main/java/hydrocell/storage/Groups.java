package hydrocell.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which groups of the operating system the people are in. Asked of the system when a person
 * connects, and again each minute for all who did: who leaves a group loses what it permits within
 * that time. Thread-safe.
 */
final class Groups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Groups.class);
  private static final long AGAIN_S = 60;
  private static final long ANSWER_LIMIT_S = 10;

  private final Map<String, Set<String>> known = new ConcurrentHashMap<>();
  private final ExecutorService asking =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("groups").factory());
  private final Lookup lookup;

  /** How the groups of a person are found. */
  @FunctionalInterface
  interface Lookup {
    /** Their names. */
    Set<String> of(String person) throws IOException, InterruptedException;
  }

  Groups(Lookup lookup) {
    this.lookup = lookup;
    asking.execute(this::askAgain);
  }

  /** Those that {@code id} tells. */
  static Groups ofSystem() {
    return new Groups(Groups::ask);
  }

  /** The groups of a person, as they were when last asked for. */
  Set<String> of(String person) {
    return known.getOrDefault(person, Set.of());
  }

  /** Completes when the groups of a person are known. */
  CompletableFuture<Void> learn(String person) {
    return known.containsKey(person)
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.runAsync(() -> look(person), asking);
  }

  private void look(String person) {
    try {
      known.put(person, Set.copyOf(lookup.of(person)));
    } catch (IOException e) {
      LOG.warn("the groups of {} are not known, and permit nothing: {}", person, e.getMessage());
      known.put(person, Set.of());
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

  private static Set<String> ask(String person) throws IOException, InterruptedException {
    Process id =
        new ProcessBuilder("id", "-Gn", "--", person)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    id.getOutputStream().close();
    try {
      if (!id.waitFor(ANSWER_LIMIT_S, TimeUnit.SECONDS)) {
        throw new IOException("the system did not say in time");
      }
      String said = new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      // A user without a name is in no group that has one.
      return id.exitValue() != 0 || said.isEmpty()
          ? Set.of()
          : new TreeSet<>(java.util.List.of(said.split("\\s+")));
    } finally {
      id.destroyForcibly();
    }
  }

  @Override
  public void close() {
    asking.shutdownNow();
  }
}
