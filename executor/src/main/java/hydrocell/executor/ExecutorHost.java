package hydrocell.executor;

import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.FrameListener;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Messages;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases cell executors to kernels, and keeps one compile service running. Connections hand
 * requests to the host's one thread, which owns the {@link Pool}; a reply is sent by whoever
 * completes it. Thread-safe.
 */
public final class ExecutorHost implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorHost.class);
  private static final long TICK_MS = 1_000;
  private static final long LOOK_MS = 250;
  private static final long TELL_MS = 500;
  private static final long ANSWER_LIMIT_MS = 10_000;
  private static final long COLLECT_S = Long.getLong("hydrocell.collect.seconds", 60);

  private final HostConfig config;
  private final Runnable stop;
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("executor-host").factory());

  /** The connections of kernels, with the writers that speak on them. */
  private final Map<FrameConnection, String> kernels = new ConcurrentHashMap<>();

  private final ExecutorService filing =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("scratch-folders").factory());
  private final Pool pool;
  private final ExecutorWatch watch;
  private final CompileServiceProcess compiler;
  private final CompileServiceProcess processing;
  private final ResolverProcess resolver;
  private final FrameListener listener;

  private final NodeClient anna;
  private final Metering metering;
  private final QuietCollector quietCollector;
  private final ScheduledExecutorService collecting =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("value-collector").factory());

  private ExecutorHost(HostConfig config, Runnable stop) throws IOException {
    this.config = config;
    this.stop = stop;
    this.anna = NodeClient.connect(config.anna(), "executor host", config.annaSecret());
    this.metering = new Metering(anna);
    this.pool =
        new Pool(
            config,
            loop,
            System::nanoTime,
            this::tellAll,
            ended -> filing.execute(() -> clearAfter(ended)),
            metering::charge);
    this.watch = new ExecutorWatch(pool, loop, filing);
    this.compiler = new CompileServiceProcess(config, loop, false);
    this.processing = new CompileServiceProcess(config, loop, true);
    this.resolver = new ResolverProcess(config);
    this.quietCollector = new QuietCollector(anna, new NoLeases(), InstantSource.system());
    new LostValues(anna).note();
    this.listener = FrameListener.start(config.listen(), "host", this::serve);
  }

  /** Starts the host and its processes; {@code stop} is run when somebody asks the node to stop. */
  public static ExecutorHost start(HostConfig config, Runnable stop) throws IOException {
    ScratchFolders.clear(config.scratch());
    Path run = config.run();
    if (run != null) {
      ScratchFolders.clear(Sandbox.runs(run));
    }
    ExecutorHost host = new ExecutorHost(config, stop);
    host.loop.execute(host.compiler::ensure);
    host.loop.execute(host.pool::fill);
    host.loop.scheduleWithFixedDelay(host.pool::endIdle, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    host.loop.scheduleWithFixedDelay(
        host.pool::watchMemory, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    host.loop.scheduleWithFixedDelay(
        host.pool::tellPlaces, TELL_MS, TELL_MS, TimeUnit.MILLISECONDS);
    host.loop.scheduleWithFixedDelay(host.watch::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    host.collecting.scheduleWithFixedDelay(host::collect, COLLECT_S, COLLECT_S, TimeUnit.SECONDS);
    return host;
  }

  private void clearAfter(PooledExecutor ended) {
    ProcessFigures.killGroup(ended.child.pid());
    if (ended.run != null) {
      try {
        ended.child.awaitEmpty();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      ScratchFolders.keep(
          ended.scratch.resolve(ExecutorStarter.CRASH),
          config.logs().resolve("executor-crash-" + ended.id + ".log"));
      ScratchFolders.remove(ended.run);
    }
    ScratchFolders.remove(ended.scratch);
  }

  /** A moment without leases, as the pool knows it. */
  private final class NoLeases implements QuietCollector.Quiet {
    private long leasesAtBegin;

    @Override
    public boolean begin() {
      Long given = onLoop(() -> pool.isLeased() ? -1 : pool.leasesGiven(), -1L);
      boolean somethingHappened = given != leasesAtBegin;
      leasesAtBegin = given;
      return given >= 0 && somethingHappened;
    }

    @Override
    public boolean end(Runnable deletion) {
      return onLoop(
          () -> {
            if (pool.leasesGiven() != leasesAtBegin) {
              return false;
            }
            deletion.run();
            return true;
          },
          false);
    }
  }

  private void collect() {
    try {
      int deleted = new ValueCollector(anna).collect() + quietCollector.collect();
      LOG.debug("{} keys that nothing can reach were deleted", deleted);
    } catch (IOException | RuntimeException e) {
      LOG.warn("values could not be collected: {}", e.toString());
    }
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return listener.endpoint();
  }

  /** Whether a kernel is connected or a cell runs. */
  public boolean inUse() {
    return !kernels.isEmpty() || Boolean.TRUE.equals(onLoop(pool::isBusy, Boolean.TRUE));
  }

  /** How it fares; null when its thread does not answer. */
  public @Nullable HostFigures figures() {
    return onLoop(() -> Optional.of(figuresNow()), Optional.<HostFigures>empty()).orElse(null);
  }

  private HostFigures figuresNow() {
    List<HostReply.ProcessStatus> processes = new ArrayList<>(compiler.status());
    processes.addAll(processing.status());
    Map<String, Long> states = new TreeMap<>();
    for (HostReply.ProcessStatus executor : pool.status()) {
      states.merge(executor.state(), 1L, Long::sum);
      processes.add(executor);
    }
    PoolCounters counters = pool.counters();
    return new HostFigures(
        kernels.size(),
        states,
        config.maxExecutors(),
        processes.stream().mapToLong(HostReply.ProcessStatus::residentBytes).sum(),
        pool.queue().size(),
        pool.queue().oldestWaitNs(System.nanoTime()),
        counters.waits(),
        counters.starts(),
        pool.failedStarts(),
        counters.losses(),
        counters.beyondLimits(),
        pool.isMemoryShort(),
        pool.canLease(),
        compiler.compiles() + processing.compiles(),
        compiler.compiledBefore() + processing.compiledBefore(),
        compiler.canCompile(),
        processing.canCompile());
  }

  private <T> T onLoop(Callable<T> question, T otherwise) {
    try {
      return loop.submit(question).get(ANSWER_LIMIT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      LOG.warn("the host did not answer itself: {}", e.toString());
      return otherwise;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return otherwise;
    }
  }

  private void serve(FrameConnection connection) {
    Consumer<HostReply> reply = answer -> send(connection, answer);
    try {
      Handshake.Hello hello = Handshake.accept(connection, config.secret());
      if (hello.role().equals("kernel")) {
        kernels.put(connection, "");
      }
      for (HostRequest request = Messages.receive(connection, HostRequest.class);
          request != null;
          request = Messages.receive(connection, HostRequest.class)) {
        HostRequest asked = request;
        if (asked instanceof HostRequest.Introduce kernel) {
          kernels.put(connection, kernel.writer());
        }
        loop.execute(() -> answerSafely(asked, reply));
      }
    } catch (IOException | RejectedExecutionException e) {
      LOG.info("a connection ended: {}", e.getMessage());
    } finally {
      leave(reply);
      kernels.remove(connection);
    }
  }

  private void leave(Consumer<HostReply> reply) {
    try {
      loop.execute(() -> pool.queue().leave(reply));
    } catch (RejectedExecutionException e) {
      LOG.debug("the host is closing, and nobody waits any more");
    }
  }

  /** A fault of ours is an answer, too: nobody waits for ever. */
  private void answerSafely(HostRequest request, Consumer<HostReply> reply) {
    try {
      answer(request, reply);
    } catch (RuntimeException e) {
      LOG.error("a request failed inside the host", e);
      reply.accept(
          new HostReply.Failed(
              request.id(), "the executor host failed (%s): its log says more".formatted(e)));
    }
  }

  private void answer(HostRequest request, Consumer<HostReply> reply) {
    switch (request) {
      case HostRequest.Acquire acquire -> pool.acquire(acquire, reply);
      case HostRequest.Release release -> pool.release(release, reply);
      case HostRequest.Replace replace -> pool.replace(replace, reply);
      case HostRequest.Resolve wanted -> resolver.resolve(wanted, reply);
      case HostRequest.CompileService wanted -> compiler.whenReady(wanted.id(), reply);
      case HostRequest.ProcessingCompileService wanted -> processing.whenReady(wanted.id(), reply);
      case HostRequest.Status status -> {
        List<HostReply.ProcessStatus> processes = new ArrayList<>(compiler.status());
        processes.addAll(processing.status());
        processes.addAll(pool.status());
        reply.accept(
            new HostReply.HostStatus(
                status.id(),
                kernels.size(),
                processes,
                List.copyOf(kernels.values()),
                config.isolation().state()));
      }
      case HostRequest.Withdraw withdrawn -> {
        pool.queue().withdraw(reply, withdrawn.requestId());
        reply.accept(new HostReply.Done(withdrawn.id()));
      }
      case HostRequest.Collect wanted ->
          collecting.execute(() -> {
            collect();
            reply.accept(new HostReply.Done(wanted.id()));
          });
      case HostRequest.Introduce kernel -> reply.accept(new HostReply.Done(kernel.id()));
      case HostRequest.Stop stopping -> {
        reply.accept(new HostReply.Done(stopping.id()));
        Thread.ofPlatform().name("stop").start(stop);
      }
    }
  }

  private static void send(FrameConnection connection, HostReply reply) {
    try {
      Messages.send(connection, HostReply.class, reply);
    } catch (IOException e) {
      LOG.info("a kernel did not take its answer: {}", e.getMessage());
    }
  }

  private void tellAll(HostReply.LeaseEnded ended) {
    kernels.keySet().forEach(kernel -> send(kernel, ended));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    collecting.shutdownNow();
    resolver.close();
    List<Child> children = new ArrayList<>(onLoop(pool::close, List.of()));
    children.addAll(onLoop(compiler::close, List.of()));
    children.addAll(onLoop(processing::close, List.of()));
    children.forEach(Child::endInput);
    try {
      for (Child child : children) {
        child.awaitEnd();
        ProcessFigures.killGroup(child.pid());
      }
      // Not before: a sandbox dies with the thread that started it.
      loop.shutdown();
      loop.awaitTermination(ANSWER_LIMIT_MS, TimeUnit.MILLISECONDS);
      filing.shutdown();
      filing.awaitTermination(ANSWER_LIMIT_MS, TimeUnit.MILLISECONDS);
      ScratchFolders.clear(config.scratch());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      metering.close();
      anna.close();
    }
  }
}
