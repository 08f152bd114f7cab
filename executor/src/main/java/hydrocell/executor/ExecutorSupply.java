package hydrocell.executor;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When executors are started, and when warm ones are given back: for who waits, ahead of who is
 * expected, and within the machine's memory. Owned by the host's thread, as {@link Pool} is.
 */
final class ExecutorSupply {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorSupply.class);
  private static final int MAX_WARM = 8;

  /** A warm executor takes a tenth of this: together they take a tenth of the machine at most. */
  private static final long BYTES_PER_WARM = 1L << 30;

  private static final long WARM_KEPT_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long AHEAD_AFTER_LEASE_NS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final int FEW_PROCESSORS = 4;

  private final HostConfig config;
  private final ExecutorStarter starter;
  private final Map<String, PooledExecutor> executors;
  private final LeaseQueue queue;
  private final LongSupplier nanoTime;
  private final Consumer<PooledExecutor> onStarted;
  private final BiConsumer<PooledExecutor, String> end;
  private final WarmTarget warm;
  private long holdsBackUntilNs;

  /** What is kept warm: what most ask for, for the folder of the notebook that came last. */
  private ExecutorShape usualShape;

  private boolean memoryShort;
  private boolean canStart = true;
  private long failedStarts;

  /**
   * A supply.
   *
   * @param executors those of the pool; a view
   * @param onStarted takes a fresh one
   * @param end ends one, for a reason
   */
  ExecutorSupply(
      HostConfig config,
      ExecutorStarter starter,
      Map<String, PooledExecutor> executors,
      LeaseQueue queue,
      LongSupplier nanoTime,
      Consumer<PooledExecutor> onStarted,
      BiConsumer<PooledExecutor, String> end) {
    this.config = config;
    this.starter = starter;
    this.executors = executors;
    this.queue = queue;
    this.nanoTime = nanoTime;
    this.onStarted = onStarted;
    this.end = end;
    holdsBackUntilNs = nanoTime.getAsLong();
    usualShape = config.limits().usual().shape("", "");
    warm =
        new WarmTarget(
            config.warmExecutors(),
            (int) Math.min(MAX_WARM, config.memory().machine().memoryBytes() / BYTES_PER_WARM));
  }

  /** Whether the machine has less free memory than the pool should leave. */
  boolean isMemoryShort() {
    return memoryShort;
  }

  /** Whether the system let the last process be started. */
  boolean canStart() {
    return canStart;
  }

  /** How many processes the system did not let be started. */
  long failedStarts() {
    return failedStarts;
  }

  /** An executor of this shape is asked for. */
  void arrived(ExecutorShape shape) {
    warm.arrived(nanoTime.getAsLong());
    usualShape = config.limits().usual().shape("", shape.notebook());
  }

  /** An executor took this long to become warm. */
  void ready(long tookNs) {
    warm.started(tookNs);
  }

  /**
   * One was leased. On a machine with few processors the next one that starts ahead would take its
   * time from the first cell of this lease: it begins a little later. For how long, in nanoseconds.
   */
  long holdBack() {
    long forNs = config.memory().machine().processors() > FEW_PROCESSORS ? 0 : AHEAD_AFTER_LEASE_NS;
    holdsBackUntilNs = nanoTime.getAsLong() + forNs;
    return forNs;
  }

  /** Starts executors until enough are warm or on their way, for those that wait as well. */
  void fill() {
    Map<ExecutorShape, Long> missing = new LinkedHashMap<>(queue.shapes());
    missing.merge(usualShape, ahead(), Long::sum);
    int starting = 0;
    for (PooledExecutor each : executors.values()) {
      starting += each.state == PooledExecutor.State.STARTING ? 1 : 0;
      if (each.state == PooledExecutor.State.WARM || each.state == PooledExecutor.State.STARTING) {
        missing.merge(each.shape, -1L, Long::sum);
      }
    }
    for (Map.Entry<ExecutorShape, Long> each : missing.entrySet()) {
      for (long left = each.getValue(); left > 0; left--) {
        if (starting >= startsAtOnce() || !hasPlace(each.getKey())) {
          break;
        }
        startOne(each.getKey());
        starting++;
      }
    }
  }

  private int warmWanted() {
    // Nothing can be shown to a sandbox later on.
    boolean nobodyKnown = config.isolation().sandbox() != null && usualShape.notebook().isEmpty();
    return memoryShort || nobodyKnown ? 0 : warm.wanted(nanoTime.getAsLong());
  }

  /** How many there should be that nobody waits for. */
  private long ahead() {
    return nanoTime.getAsLong() - holdsBackUntilNs < 0 ? 0 : warmWanted();
  }

  /** More would only be ready later, all of them. */
  private int startsAtOnce() {
    return memoryShort ? 1 : config.memory().machine().processors() + 1;
  }

  /** Looks at the machine's memory: where it is short, warm executors are given back. */
  void watchMemory() {
    memoryShort = config.memory().isShort();
    long spare =
        executors.values().stream().filter(e -> e.state == PooledExecutor.State.WARM).count()
            - queue.size()
            - warmWanted();
    for (PooledExecutor each : List.copyOf(executors.values())) {
      boolean rested = nanoTime.getAsLong() - each.idleSinceNs > WARM_KEPT_NS || memoryShort;
      if (spare > 0 && each.state == PooledExecutor.State.WARM && rested) {
        end.accept(each, memoryShort ? "the machine is short of memory" : "it was not needed");
        spare--;
      }
    }
  }

  /**
   * Whether one more may be started; a warm one that nobody waits for gives way to another shape.
   */
  private boolean hasPlace(ExecutorShape shape) {
    if (executors.size() < config.maxExecutors()) {
      return true;
    }
    if (queue.waitsFor(shape)) {
      executors.values().stream()
          .filter(e -> e.state == PooledExecutor.State.WARM && !queue.waitsFor(e.shape))
          .findFirst()
          .ifPresent(e -> end.accept(e, "its place was needed"));
    }
    return false;
  }

  private void startOne(ExecutorShape shape) {
    try {
      onStarted.accept(starter.start(shape, nanoTime.getAsLong()));
      canStart = true;
    } catch (IOException e) {
      canStart = false;
      failedStarts++;
      LOG.error("cannot start an executor: {}", e.getMessage());
      queue.refuseAll("no executor can be started: " + e.getMessage());
    }
  }
}
