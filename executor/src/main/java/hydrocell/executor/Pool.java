package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** How long the first cell of a lease may be on its way. */
  private static final long FIRST_CELL_NS = TimeUnit.SECONDS.toNanos(20);

  private static final long RETIRE_NS = TimeUnit.SECONDS.toNanos(10);
  private static final String STOPPING = "the local node is stopping";

  private final HostConfig config;
  private final ExecutorLaunch launch;
  private final Executor loop;
  private final LongSupplier nanoTime;
  private final Consumer<HostReply.LeaseEnded> onLeaseEnded;
  private final Map<String, PooledExecutor> executors = new LinkedHashMap<>();
  private final LeaseQueue queue = new LeaseQueue();

  /** By executor: the request that each is being prepared for. */
  private final Map<String, LeaseQueue.Waiting> adopting = new LinkedHashMap<>();

  private final EndedLeases endedLeases = new EndedLeases();
  private boolean closed;
  private long leasesGiven;
  private int failedStarts;

  Pool(
      HostConfig config,
      Executor loop,
      LongSupplier nanoTime,
      Consumer<HostReply.LeaseEnded> onLeaseEnded) {
    this.config = config;
    this.launch = new ExecutorLaunch(config);
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.onLeaseEnded = onLeaseEnded;
  }

  /** Starts executors until enough are warm or on their way, for those that wait as well. */
  void fill() {
    if (closed) {
      return;
    }
    startDebugged();
    long ready = executors.values().stream().filter(PooledExecutor::isForAnybody).count();
    int wanted = config.warmExecutors() + queue.size() - queue.debugged().size();
    while (ready < wanted && executors.size() < config.maxExecutors()) {
      if (!startOne("")) {
        return;
      }
      ready++;
    }
  }

  /** Starts those that run under a debugger; where every place is taken, a warm one gives way. */
  private void startDebugged() {
    for (LeaseQueue.Waiting each : queue.debugged()) {
      String address = each.request().debugAddress();
      if (executors.values().stream().anyMatch(e -> e.debugAddress.equals(address))) {
        continue;
      }
      if (executors.size() < config.maxExecutors()) {
        startOne(address);
      } else {
        executors.values().stream()
            .filter(e -> e.state == PooledExecutor.State.WARM && e.debugAddress.isEmpty())
            .findFirst()
            .ifPresent(e -> end(e, "a debugged executor needed its place"));
      }
    }
  }

  private boolean startOne(String debugAddress) {
    try {
      PooledExecutor started =
          launch.start(
              debugAddress, nanoTime.getAsLong(), (id, line) -> loop.execute(() -> said(id, line)));
      executors.put(started.id, started);
      started.child.exited().thenAcceptAsync(status -> exited(started.id, status), loop);
      return true;
    } catch (IOException e) {
      LOG.error("cannot start an executor: {}", e.getMessage());
      queue.refuseAll("no executor can be started: " + e.getMessage());
      return false;
    }
  }

  /** Gives a session its executor, at once or when one is ready. */
  void acquire(HostRequest.Acquire request, Consumer<HostReply> reply) {
    PooledExecutor held = of(request.sessionId());
    if (held != null && held.state == PooledExecutor.State.LEASED) {
      reply.accept(leased(request.id(), held, false));
    } else if (held != null) {
      held.waiting.add(answer -> reply.accept(LeaseQueue.renumbered(answer, request.id())));
    } else if (queue.size() >= MAX_WAITING) {
      reply.accept(
          new HostReply.Failed(
              request.id(), MAX_WAITING + " cells wait for an executor already: try later"));
    } else {
      queue.add(new LeaseQueue.Waiting(request, reply));
      makeRoom();
      serve();
    }
  }

  private @Nullable PooledExecutor of(String sessionId) {
    for (PooledExecutor each : executors.values()) {
      if (each.sessionId.equals(sessionId)
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
        .forEach(e -> retire(e, "another notebook needed its place"));
  }

  private void serve() {
    for (PooledExecutor each : List.copyOf(executors.values())) {
      LeaseQueue.Waiting next =
          each.state == PooledExecutor.State.WARM
              ? queue.next(executors.values(), each.debugAddress)
              : null;
      if (next != null) {
        adopt(each, next);
      }
    }
    fill();
  }

  private void adopt(PooledExecutor executor, LeaseQueue.Waiting waiting) {
    executor.state = PooledExecutor.State.ADOPTING;
    leasesGiven++;
    executor.sessionId = waiting.request().sessionId();
    executor.owner = waiting.request().owner();
    adopting.put(executor.id, waiting);
    Map<String, String> lease = new LinkedHashMap<>();
    lease.put("workingDirectory", ChildProperties.escape(waiting.request().workingDirectory()));
    waiting
        .request()
        .environment()
        .forEach((name, value) -> lease.put("env." + name, ChildProperties.escape(value)));
    executor.leaseId = executor.id + "-" + waiting.request().id();
    try {
      executor.child.tell(lease);
    } catch (IOException e) {
      end(executor, "it did not take the lease: " + e.getMessage());
    }
  }

  private HostReply leased(long id, PooledExecutor executor, boolean fresh) {
    return new HostReply.Leased(
        id, executor.leaseId, executor.id, executor.endpoint, executor.token, fresh);
  }

  /** An executor says something. */
  private void said(String id, String line) {
    PooledExecutor executor = executors.get(id);
    if (executor == null || executor.state == PooledExecutor.State.ENDING) {
      return;
    }
    String[] words = line.split(" ", 2);
    switch (words[0]) {
      case "ready" -> {
        executor.endpoint = words.length > 1 ? words[1] : "";
        executor.state = PooledExecutor.State.WARM;
        failedStarts = 0;
        serve();
      }
      case "adopted" -> lease(executor);
      case "cannot" -> {
        // It runs in the host's own folder then, and says so in its log.
        LOG.warn("executor {} {}", id, line);
        lease(executor);
      }
      case "stays" -> {
        executor.state = PooledExecutor.State.LEASED;
        executor.endReason = "";
        executor.idleSinceNs = nanoTime.getAsLong();
      }
      case "busy" -> {
        executor.busy = true;
        executor.used = true;
      }
      case "idle" -> {
        String[] figures = line.split(" ");
        executor.busy = false;
        executor.idleSinceNs = nanoTime.getAsLong();
        executor.unstorable = figures.length > 1 && !figures[1].equals("0");
        executor.threads = figures.length > 2 ? Integer.parseInt(figures[2]) : 0;
        makeRoom();
      }
      default -> LOG.debug("executor {} says {}", id, line);
    }
  }

  private void lease(PooledExecutor executor) {
    executor.state = PooledExecutor.State.LEASED;
    executor.idleSinceNs = nanoTime.getAsLong();
    LeaseQueue.Waiting first = adopting.remove(executor.id);
    if (first != null) {
      first.reply().accept(leased(first.request().id(), executor, true));
    }
    List<Consumer<HostReply>> others = new ArrayList<>(executor.waiting);
    executor.waiting.clear();
    others.forEach(reply -> reply.accept(leased(0, executor, false)));
  }

  /** Ends a lease once nothing runs; its end is told to {@code reply}. */
  void release(HostRequest.Release request, Consumer<HostReply> reply) {
    end(request.id(), request.leaseId(), "its notebook gave it back", reply);
  }

  /**
   * Kills a lease's process, whatever it does. A kernel asks for this also when the process died by
   * itself: for a moment its own end may come first, and tell why.
   */
  void replace(HostRequest.Replace request, Consumer<HostReply> reply) {
    CompletableFuture.delayedExecutor(OWN_END_MS, TimeUnit.MILLISECONDS, loop)
        .execute(() -> end(request.id(), request.leaseId(), "it was replaced", reply));
  }

  private void end(long id, String leaseId, String reason, Consumer<HostReply> reply) {
    for (PooledExecutor each : executors.values()) {
      if (each.leaseId.equals(leaseId)) {
        each.waitingForEnd.add(
            ended -> reply.accept(new HostReply.LeaseEnded(id, leaseId, each.endReason)));
        end(each, reason);
        return;
      }
    }
    reply.accept(new HostReply.LeaseEnded(id, leaseId, endedLeases.reasonOf(leaseId)));
  }

  /** Ends a lease that is idle, unless its next cell is there already. */
  private void retire(PooledExecutor executor, String reason) {
    executor.state = PooledExecutor.State.RETIRING;
    executor.endReason = reason;
    executor.retiringSinceNs = nanoTime.getAsLong();
    try {
      executor.child.tell(Map.of(ChildProperties.RETIRE, reason));
    } catch (IOException e) {
      end(executor, reason);
    }
  }

  private void end(PooledExecutor executor, String reason) {
    if (executor.state != PooledExecutor.State.ENDING) {
      executor.state = PooledExecutor.State.ENDING;
      executor.endReason = reason;
    }
    executor.child.kill();
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
    if (!executor.debugAddress.isEmpty()) {
      // Its debugger waited for this one alone.
      queue.refuse(
          executor.debugAddress,
          "the executor under the debugger ended (%s): see %s"
              .formatted(PooledExecutor.endOf(status), logOf(id)));
    }
    boolean surprise =
        executor.state != PooledExecutor.State.ENDING
            && executor.state != PooledExecutor.State.RETIRING;
    if (surprise) {
      executor.endReason = PooledExecutor.endOf(status);
      LOG.warn("executor {} ended: {}", id, executor.endReason);
    }
    if (executor.state == PooledExecutor.State.STARTING
        && executor.debugAddress.isEmpty()
        && ++failedStarts > 3) {
      queue.refuseAll(
          "executors do not start (%s): see %s".formatted(executor.endReason, logOf(id)));
    }
    executor.waiting.forEach(reply ->
        reply.accept(new HostReply.Failed(0, "its executor ended: " + executor.endReason)));
    HostReply.LeaseEnded ended = new HostReply.LeaseEnded(0, executor.leaseId, executor.endReason);
    endedLeases.add(executor.leaseId, executor.endReason);
    executor.waitingForEnd.forEach(reply -> reply.accept(ended));
    if (!executor.leaseId.isEmpty()) {
      onLeaseEnded.accept(ended);
    }
    if (closed) {
      queue.refuseAll(STOPPING);
    } else if (failedStarts <= 3) {
      serve();
    }
  }

  private Path logOf(String id) {
    return config.logs().resolve("executor-" + id + ".log");
  }

  /** Ends the leases that have been idle too long. */
  void endIdle() {
    long now = nanoTime.getAsLong();
    for (PooledExecutor each : List.copyOf(executors.values())) {
      long idleNs = now - each.idleSinceNs;
      boolean leased =
          each.state == PooledExecutor.State.LEASED
              && !each.busy
              && (each.used || idleNs > FIRST_CELL_NS);
      if (leased && each.isDisposable() && idleNs > config.idleLease().toNanos()) {
        retire(each, "idle");
      } else if (leased && idleNs > config.longLease().toNanos()) {
        retire(each, "idle for long; what could not be stored went with it");
      } else if (each.state == PooledExecutor.State.RETIRING
          && now - each.retiringSinceNs > RETIRE_NS) {
        end(each, each.endReason);
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
