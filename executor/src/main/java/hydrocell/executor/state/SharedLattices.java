package hydrocell.executor.state;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.api.shared.Lattices;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUpdates;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared lattices in one executor. The first use in a cell reads the lattice; what cells change is
 * gathered until the next commit takes it along ({@link SharedUpdates}) and is merged into the
 * lattices when the commit has landed. Thread-safe.
 */
public final class SharedLattices implements Lattices {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLattices.class);
  private static final AtomicInteger WRITERS = new AtomicInteger();

  private final AnnaClient anna;
  private final SessionKeys keys;
  private final String owner;
  private final String executorId;

  /** What the running cell has read, with its own changes in it. */
  private final Map<Key, Lattice> seen = new HashMap<>();

  /** What is to go with the next commit. */
  private final Map<Key, Lattice> changes = new HashMap<>();

  /** What a commit carried and could not be merged into the lattices yet. */
  private final Map<Key, Lattice> unpublished = new HashMap<>();

  /** Commits whose changes are in the lattices for certain. */
  private final Set<Stamp> published = new HashSet<>();

  private boolean lookedForLeft;
  private String writer;
  private long counter;
  private int bytes;

  /**
   * The lattices for cells of one session.
   *
   * @param owner the person who runs the cells
   */
  public SharedLattices(AnnaClient anna, SessionKeys keys, String owner, String executorId) {
    this.anna = anna;
    this.keys = keys;
    this.owner = owner;
    this.executorId = executorId;
    this.writer = newWriter();
  }

  private String newWriter() {
    return executorId + "." + WRITERS.incrementAndGet();
  }

  /** A cell begins: it reads everything anew. */
  synchronized void begin() {
    seen.clear();
    lookedForLeft = false;
  }

  @Override
  public String resolve(String name) {
    return SharedName.parse(name, owner).toString();
  }

  @Override
  public synchronized <L extends Lattice, R> R look(
      String name, Class<L> kind, Supplier<L> bottom, Function<L, R> question) {
    return question.apply(read(name, kind, bottom));
  }

  @Override
  public synchronized <L extends Lattice> void change(
      String name, Class<L> kind, Supplier<L> bottom, Change<L> change) {
    L lattice = read(name, kind, bottom);
    L delta = change.delta(lattice, new Myself());
    int size = SharedUpdates.sizeOf(delta);
    if (bytes + size > SharedUpdates.MAX_BYTES) {
      // A counter that is added to again and again is still one number.
      bytes = changes.values().stream().mapToInt(SharedUpdates::sizeOf).sum();
    }
    if (bytes + size > SharedUpdates.MAX_BYTES) {
      throw new IllegalStateException(
          "this cell changes more than %d bytes of what is shared: split it into several cells"
              .formatted(SharedUpdates.MAX_BYTES));
    }
    Key key = SharedName.parse(name, owner).lattice();
    Lattice mine = changes.get(key);
    if (mine == null) {
      changes.put(key, delta.copy());
    } else {
      mine.merge(delta);
    }
    bytes += size;
    lattice.merge(delta);
  }

  private final class Myself implements By {
    @Override
    public String writer() {
      return writer;
    }

    @Override
    public String person() {
      return owner;
    }

    @Override
    public Stamp stampAfter(long last) {
      counter = Math.max(counter, last) + 1;
      return new Stamp(counter, writer, 0);
    }
  }

  private <L extends Lattice> L read(String name, Class<L> kind, Supplier<L> bottom) {
    Key key = SharedName.parse(name, owner).lattice();
    Lattice known = seen.get(key);
    if (known == null) {
      try {
        publishLeft();
        known = anna.get(key).join().lattice();
      } catch (RuntimeException e) {
        throw new IllegalStateException(
            "%s cannot be read now: %s".formatted(name, ValueStore.cause(e).getMessage()), e);
      }
      known = known == null ? bottom.get().copy() : known;
      check(name, kind, known);
      for (Map<Key, Lattice> own : java.util.List.of(unpublished, changes)) {
        Lattice mine = own.get(key);
        if (mine != null) {
          known.merge(mine);
        }
      }
      seen.put(key, known);
    }
    check(name, kind, known);
    return kind.cast(known);
  }

  private static void check(String name, Class<?> kind, Lattice found) {
    if (!kind.isInstance(found)) {
      throw new IllegalStateException(
          "%s is shared as a %s already: use another name"
              .formatted(name, found.getClass().getSimpleName()));
    }
  }

  /** Merges what an executor of this session left when it died after its commit. */
  private void publishLeft() {
    if (lookedForLeft) {
      return;
    }
    try {
      Map<Stamp, SharedUpdates> found =
          SharedUpdates.in(
              anna.getFields(keys.manifest(), Set.of(SharedUpdates.field())).join().lattice());
      published.retainAll(found.keySet());
      for (Map.Entry<Stamp, SharedUpdates> each : found.entrySet()) {
        if (!published.contains(each.getKey())) {
          publishLeft(each.getValue());
          published.add(each.getKey());
        }
      }
      lookedForLeft = true;
    } catch (MalformedFrameException e) {
      throw new AnnaException(
          AnnaException.Reason.CORRUPT, "shared updates cannot be read: " + e.getMessage(), e);
    }
  }

  /** Who has no more room for a name does not keep others from what they use beside it. */
  private void publishLeft(SharedUpdates left) throws MalformedFrameException {
    try {
      left.publishLeft(anna).join();
    } catch (RuntimeException e) {
      if (ValueStore.cause(e).reason() != AnnaException.Reason.LIMIT) {
        throw e;
      }
      left.lattices().forEach(this::carry);
    }
  }

  /** What the next commit carries; null when there is nothing. */
  synchronized @Nullable SharedUpdates take() {
    if (changes.isEmpty()) {
      return null;
    }
    changes.forEach(this::carry);
    changes.clear();
    bytes = 0;
    return SharedUpdates.of(unpublished);
  }

  /** The next commits carry a change until it is merged. */
  private void carry(Key key, Lattice delta) {
    Lattice earlier = unpublished.putIfAbsent(key, delta);
    if (earlier != null) {
      earlier.merge(delta);
    }
  }

  /** The commit that carries this has landed; why others do not see it, or null when they do. */
  synchronized @Nullable String publish(SharedUpdates updates, Stamp commit) {
    try {
      updates.publish(anna).join();
      published.add(commit);
      unpublished.clear();
      return null;
    } catch (MalformedFrameException | RuntimeException e) {
      AnnaException.Reason reason = ValueStore.cause(e).reason();
      LOG.warn("shared updates were not merged", e);
      if (reason == AnnaException.Reason.UNAVAILABLE
          || reason == AnnaException.Reason.STORAGE
          || reason == AnnaException.Reason.LIMIT) {
        return "what this cell shares is saved; others see it after the next cell that uses anything shared (%s)"
            .formatted(ValueStore.cause(e).getMessage());
      }
      published.add(commit);
      unpublished.clear();
      return "some of what this cell shares is lost: " + ValueStore.cause(e).getMessage();
    }
  }

  /** What was gathered is not to be committed. */
  synchronized void drop() {
    changes.clear();
    seen.clear();
    bytes = 0;
  }

  /**
   * A commit failed, or nobody knows whether it landed: what it carried is merged when it is found
   * in the manifest. What follows is another writer's, so that the two never meet.
   */
  synchronized void failed() {
    drop();
    unpublished.clear();
    writer = newWriter();
    lookedForLeft = false;
  }
}
