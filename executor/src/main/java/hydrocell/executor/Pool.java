package hydrocell.executor;

import hydrocell.cell.Limit;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executors of this host and who leases them. Owned by the host's thread: {@code loop} is the
 * only thread that calls anything here, and what processes say is handed to it. An executor is
 * leased to one session, and its process ends with the lease.
 */
final class Pool {
  private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
  private static final int MAX_WAITING = 1_000;
  private static final long OWN_END_MS = 60;

  /** After more of them in a row those who wait are refused. */
  private static final int FAILED_STARTS_BORNE = 3;

  private static final long START_NS = TimeUnit.MINUTES.toNanos(3);
  private static final long RETIRE_NS = TimeUnit.SECONDS.toNanos(10);
  private static final String STOPPING = "the local node is stopping";

  private final HostConfig config;
  private final Executor loop;
  private final LongSupplier nanoTime;
  private final LeaseTokens tokens;
  private final Consumer<Metering.Charge> onCost;
  private final LeaseEndings endings;
  private final ExecutorSupply supply;
  private final Map<String, PooledExecutor> executors = new LinkedHashMap<>();
  private final LeaseQueue queue = new LeaseQueue();

  /** By executor: the request that each is being prepared for. */
  private final Map<String, LeaseQueue.Waiting> adopting = new LinkedHashMap<>();

  private final PoolCounters counters = new PoolCounters();
  private boolean closed;
  private long leasesGiven;
  private int failedStarts;

  Pool(
      HostConfig config,
      Executor loop,
      LongSupplier nanoTime,
      Consumer<HostReply.LeaseEnded> onLeaseEnded,
      Consumer<PooledExecutor> onProcessEnded,
      Consumer<Metering.Charge> onCost) {
    this.config = config;
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.tokens = LeaseTokens.of(config.annaSecret(), config.severalPeople());
    this.onCost = onCost;
    this.endings = new LeaseEndings(nanoTime, onLeaseEnded, onProcessEnded, onCost);
    this.supply =
        new ExecutorSupply(
            config,
            new ExecutorStarter(config, (id, line) -> loop.execute(() -> said(id, line))),
            executors,
            queue,
            nanoTime,
            this::started,
            endings::end);
  }

  /** Starts executors as they are needed. */
  void fill() {
    if (!closed) {
      supply.fill();
    }
  }

  /** Looks at the machine's memory: where it is short, warm executors are given back. */
  void watchMemory() {
    supply.watchMemory();
  }

  private void started(PooledExecutor executor) {
    executors.put(executor.id, executor);
    counters.started();
    executor.child.exited().thenAcceptAsync(status -> exited(executor.id, status), loop);
  }

  /** Gives a session its executor, at once or when one is ready. */
  void acquire(HostRequest.Acquire request, Consumer<HostReply> reply) {
    PooledExecutor held = of(request);
    LeaseQueue.Waiting waiting =
        LeaseQueue.Waiting.of(request, config, reply, nanoTime.getAsLong());
    String refusal = config.isolation().refusal(request.debugAddress());
    if (held != null && held.state == PooledExecutor.State.LEASED) {
      reply.accept(held.leased(request.id(), false, tokens));
    } else if (held != null) {
      held.waiting.add(waiting);
    } else if (refusal != null) {
      reply.accept(new HostReply.Failed(request.id(), refusal));
    } else if (queue.size() >= MAX_WAITING) {
      reply.accept(
          new HostReply.Failed(
              request.id(), MAX_WAITING + " cells wait for an executor already: try later"));
    } else {
      supply.arrived(waiting.shape());
      queue.add(waiting);
      makeRoom();
      serve();
    }
  }

  /** Who waits for executors. */
  LeaseQueue queue() {
    return queue;
  }

  /** Tells those who have waited for a while where they stand. */
  void tellPlaces() {
    queue.tellPlaces(executors.values(), nanoTime.getAsLong());
  }

  private @Nullable PooledExecutor of(HostRequest.Acquire request) {
    for (PooledExecutor each : executors.values()) {
      if (each.isOf(request)
          && each.state != PooledExecutor.State.ENDING
          && each.state != PooledExecutor.State.RETIRING) {
        return each;
      }
    }
    return null;
  }

  /**
   * Where every place is taken, leases that are idle give way, the one that has been idle longest
   * first: as many as wait for a place and have none coming.
   */
  private void makeRoom() {
    if (executors.size() < config.maxExecutors()) {
      return;
    }
    long coming =
        executors.values().stream()
            .filter(e ->
                switch (e.state) {
                  case STARTING, WARM, RETIRING, ENDING -> true;
                  case ADOPTING, LEASED -> false;
                })
            .count();
    executors.values().stream()
        .filter(PooledExecutor::givesWay)
        .sorted(Comparator.comparingLong(e -> e.idleSinceNs))
        .limit(Math.max(0, queue.size() - coming))
        .toList()
        .forEach(e -> endings.retire(e, "another notebook needed its place"));
  }

  private void serve() {
    for (PooledExecutor each : List.copyOf(executors.values())) {
      LeaseQueue.Waiting next =
          each.state == PooledExecutor.State.WARM
              ? queue.next(executors.values(), each.shape)
              : null;
      if (next != null) {
        adopt(each, next);
      }
    }
    fill();
  }

  private void adopt(PooledExecutor executor, LeaseQueue.Waiting waiting) {
    leasesGiven++;
    CompletableFuture.delayedExecutor(supply.holdBack(), TimeUnit.NANOSECONDS, loop)
        .execute(this::fill);
    executor.adopts(waiting);
    adopting.put(executor.id, waiting);
    try {
      Map<String, String> terms = waiting.terms();
      terms.putAll(config.isolation().terms(waiting.granted().limits()));
      executor.child.tell(terms);
    } catch (IOException e) {
      endings.end(executor, "it did not take the lease: " + e.getMessage());
    }
  }

  /** An executor says something. */
  private void said(String id, String line) {
    PooledExecutor executor = executors.get(id);
    if (executor == null || executor.state == PooledExecutor.State.ENDING) {
      return;
    }
    String[] words = line.split(" ", 2);
    if (!executor.maySay(words[0])) {
      // A cell can write on this line as well.
      endings.end(executor, "it said " + words[0] + " out of turn");
      return;
    }
    switch (words[0]) {
      case "ready" -> ready(executor, words.length > 1 ? words[1] : "");
      case "adopted" -> lease(executor);
      case "cannot" -> {
        LOG.warn("executor {} {}", id, line);
        executor.notices = notices(executor);
        lease(executor);
      }
      case "stays" -> {
        executor.state = PooledExecutor.State.LEASED;
        executor.endReason = "";
        executor.idleSinceNs = nanoTime.getAsLong();
      }
      case "busy" -> executor.begins(line.split(" "), nanoTime.getAsLong());
      case "ran" -> {
        executor.running = null;
        onCost.accept(RunningCost.ended(executor.sessionId, executor.owner, line.split(" ")));
      }
      case "idle" -> {
        executor.rests(line.split(" "), nanoTime.getAsLong());
        makeRoom();
      }
      default -> LOG.debug("executor {} says {}", id, line);
    }
  }

  /** Those of an executor that did not take all of its lease: its folder cannot be entered. */
  private List<String> notices(PooledExecutor executor) {
    LeaseQueue.Waiting waiting = adopting.get(executor.id);
    return waiting == null ? executor.notices : waiting.notices(config.isolation());
  }

  private void ready(PooledExecutor executor, String endpoint) {
    executor.endpoint = endpoint;
    executor.state = PooledExecutor.State.WARM;
    supply.ready(nanoTime.getAsLong() - executor.idleSinceNs);
    executor.idleSinceNs = nanoTime.getAsLong();
    failedStarts = 0;
    serve();
  }

  private void lease(PooledExecutor executor) {
    executor.state = PooledExecutor.State.LEASED;
    executor.idleSinceNs = nanoTime.getAsLong();
    executor.renewTokenAtMs = tokens.renewAtMs();
    LeaseQueue.Waiting first = adopting.remove(executor.id);
    if (first != null) {
      counters.leased(nanoTime.getAsLong() - first.sinceNs());
      first.reply().accept(executor.leased(first.request().id(), true, tokens));
    }
    List<LeaseQueue.Waiting> others = List.copyOf(executor.waiting);
    executor.waiting.clear();
    others.forEach(
        each -> each.reply().accept(executor.leased(each.request().id(), false, tokens)));
  }

  /** Ends a lease once nothing runs; its end is told to {@code reply}. */
  void release(HostRequest.Release request, Consumer<HostReply> reply) {
    endings.end(
        executors.values(), request.id(), request.leaseId(), "its notebook gave it back", reply);
  }

  /**
   * Kills a lease's process, whatever it does. A kernel asks for this also when the process died by
   * itself: for a moment its own end may come first, and tell why.
   */
  void replace(HostRequest.Replace request, Consumer<HostReply> reply) {
    CompletableFuture.delayedExecutor(OWN_END_MS, TimeUnit.MILLISECONDS, loop)
        .execute(() ->
            endings.end(
                executors.values(), request.id(), request.leaseId(), "it was replaced", reply));
  }

  /** Ends an executor whose cell went beyond a limit. */
  void endBeyond(PooledExecutor executor, Limit limit, String what) {
    if (executor.state != PooledExecutor.State.ENDING && executor.limits != null) {
      executor.endLimit = limit.spelling();
      counters.beyondLimit();
      String reason = what + ": " + limit.advice(executor.limits.of(limit));
      LOG.warn("executor {} goes beyond {}: {}", executor.id, limit.spelling(), what);
      endings.end(executor, reason);
    }
  }

  private void exited(String id, int status) {
    PooledExecutor executor = executors.remove(id);
    if (executor == null) {
      return;
    }
    LeaseQueue.Waiting cut = adopting.remove(id);
    if (cut != null) {
      // It never held anything of the session: another executor will do.
      queue.addFirst(cut);
    }
    if (executor.shape.isDebugged()) {
      // Its debugger waited for this one alone.
      queue.refuse(
          executor.shape,
          "the executor under the debugger ended (%s): see %s"
              .formatted(PooledExecutor.endOf(status), logOf(id)));
    }
    boolean surprise =
        executor.state != PooledExecutor.State.ENDING
            && executor.state != PooledExecutor.State.RETIRING;
    if (surprise) {
      executor.endReason = PooledExecutor.endOf(status);
      LOG.warn("executor {} ended: {}", id, executor.endReason);
      counters.surprisedBy(executor);
    }
    if (executor.state == PooledExecutor.State.STARTING
        && !executor.shape.isDebugged()
        && ++failedStarts > FAILED_STARTS_BORNE) {
      queue.refuseAll(
          "executors do not start (%s): see %s".formatted(executor.endReason, logOf(id)));
    }
    endings.ended(executor);
    if (closed) {
      queue.refuseAll(STOPPING);
    } else if (failedStarts <= FAILED_STARTS_BORNE) {
      serve();
    }
  }

  private Path logOf(String id) {
    return config.logs().resolve("executor-" + id + ".log");
  }

  /** Ends the leases that have been idle too long; renews the tokens of others. */
  void endIdle() {
    long now = nanoTime.getAsLong();
    for (PooledExecutor each : List.copyOf(executors.values())) {
      each.renewToken(tokens);
      String idle = each.whyIdle(now, config, supply.isMemoryShort());
      if (idle != null) {
        endings.retire(each, idle);
      } else if (each.state == PooledExecutor.State.RETIRING
          && now - each.retiringSinceNs > RETIRE_NS) {
        endings.end(each, each.endReason);
      } else if (each.state == PooledExecutor.State.STARTING && now - each.idleSinceNs > START_NS) {
        // It keeps its place from others; its end counts as a failed start.
        each.child.kill();
      }
    }
    fill();
  }

  /** How many leases were given; tells whether there was one in between. */
  long leasesGiven() {
    return leasesGiven;
  }

  /** Whether a session has an executor, or had one that is still ending. */
  boolean isLeased() {
    return executors.values().stream().anyMatch(e -> !e.sessionId.isEmpty());
  }

  boolean isBusy() {
    return executors.values().stream().anyMatch(e -> e.busy) || !queue.isEmpty();
  }

  /** Those whose sessions may be running something now. */
  List<PooledExecutor> active() {
    return executors.values().stream().filter(PooledExecutor::isActive).toList();
  }

  /** Whether executors start. */
  boolean canLease() {
    return failedStarts <= FAILED_STARTS_BORNE && supply.canStart();
  }

  /** What has happened so far. */
  PoolCounters counters() {
    return counters;
  }

  /** How many executors ended before they were ready, or could not be started at all. */
  long failedStarts() {
    return counters.failedStarts() + supply.failedStarts();
  }

  /** Whether the machine has less free memory than it should. */
  boolean isMemoryShort() {
    return supply.isMemoryShort();
  }

  List<HostReply.ProcessStatus> status() {
    return executors.values().stream().map(PooledExecutor::status).toList();
  }

  /** Starts no more and refuses who waits; the processes, to be ended. */
  List<Child> close() {
    closed = true;
    queue.refuseAll(STOPPING);
    return executors.values().stream().map(e -> e.child).toList();
  }
}
