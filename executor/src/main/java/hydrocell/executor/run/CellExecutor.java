package hydrocell.executor.run;

import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.api.CellRuntime;
import hydrocell.cell.local.CauseText;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.Messages;
import hydrocell.cell.message.ToExecutor;
import hydrocell.cell.message.ToExecutor.Attach;
import hydrocell.cell.message.ToExecutor.Execute;
import hydrocell.executor.ChildProperties;
import hydrocell.executor.state.SessionState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the cells of one session, one after the other. Each kernel connection has a receive loop
 * ({@link #serve}); cells go through a bounded queue to the work thread ({@link CellWork}).
 */
public final class CellExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(CellExecutor.class);
  private static final int MAX_WAITING = 256;
  private static final long FLUSH_LIMIT_S = 5;

  private final String executorId;
  private final byte[] token;
  private final CellThreads threads = new CellThreads();
  private final Gates gates = new Gates();
  private final Outbox outbox = new Outbox();
  private final Traces traces = new Traces();
  private final @Nullable ThreadStopper stopper;
  private final CellRun.Services services;
  private final NameQueries queries = new NameQueries(threads);
  private final BlockingQueue<CellRun> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final List<CellRun> runs = new CopyOnWriteArrayList<>();
  private final CellWork work;
  private final NativeStreams streams;
  private volatile @Nullable CellSession session;
  private boolean retired;

  /**
   * An executor that belongs to no session yet.
   *
   * @param token what kernels must present
   * @param streams those of the process itself
   */
  CellExecutor(String executorId, byte[] token, HostLine host, NativeStreams streams) {
    this.executorId = executorId;
    this.streams = streams;
    this.token = token.clone();
    stopper = ThreadStopper.find();
    services =
        new CellRun.Services(
            threads,
            gates,
            outbox,
            traces,
            new Interrupter(stopper)::stop,
            new SpareFiles(),
            new SpareMemory(),
            () -> streams.drain(this::nativeOutput));
    work = new CellWork(waiting, runs, threads, gates, host, () -> session);
  }

  /** Redirects the process's streams, binds the runtime and starts the threads. Once. */
  void start() {
    CellRuntime.bind(new RuntimeBinding(threads, gates, this::state));
    System.setOut(new CellStreams(CellOutput.Channel.OUT, streams.log(), threads));
    System.setErr(new CellStreams(CellOutput.Channel.ERR, streams.log(), threads));
    System.setIn(new CellInput(threads));
    Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
    outbox.start();
    streams.start(this::nativeOutput);
    work.start();
  }

  /** What native code wrote belongs to the cell that runs, or ran last: nobody knows better. */
  private void nativeOutput(CellOutput.Channel channel, byte[] bytes, int length) {
    CellRun run = threads.running();
    if (run == null) {
      streams.log().write(bytes, 0, length);
    } else {
      run.write(channel, bytes, 0, length);
    }
  }

  /** What this process may use, for what is said of errors. */
  LimitHints limits() {
    return traces.limits();
  }

  /** Loads what the first cell would otherwise wait for. */
  public void warm() throws Exception {
    WarmUp.run(stopper);
  }

  private void uncaught(Thread thread, Throwable thrown) {
    CellRun run = threads.current();
    if (run != null && !Traces.isStop(thrown)) {
      run.uncaught(thread, thrown);
    } else if (run == null) {
      try {
        LOG.error("a thread of ours died: {}: {}", thread, CauseText.of(thrown));
      } finally {
        // Without it cells would wait for ever; and where no memory is left, neither is any for the
        // log.
        Runtime.getRuntime().halt(ChildProperties.BROKEN_STATUS);
      }
    }
  }

  private SessionState state() {
    CellSession attached = session;
    if (attached == null) {
      throw new IllegalStateException("no session is attached");
    }
    return attached.state();
  }

  /** Serves one kernel until it goes; runs it left go on. */
  public void serve(FrameConnection connection) {
    Link link = new Link(connection);
    try {
      Handshake.accept(connection, token);
      long epoch = -1;
      for (ToExecutor message = Messages.receive(connection, ToExecutor.class);
          message != null;
          message = Messages.receive(connection, ToExecutor.class)) {
        if (message instanceof Attach attach) {
          attach(attach, link);
          epoch = attach.epoch();
        } else if (epoch < 0) {
          throw new IOException("a kernel must attach first");
        } else {
          take(message, epoch, link);
        }
      }
    } catch (IOException e) {
      LOG.info("a kernel's connection ended: {}", e.getMessage());
    } finally {
      link.close();
      leave(link);
    }
  }

  private synchronized void attach(Attach attach, Link link) throws IOException {
    CellSession attached = session;
    if (attached == null) {
      session = new CellSession(attach, executorId, traces, queries::ask);
    } else if (!attached.sessionId().equals(attach.sessionId())) {
      throw new IOException("this executor belongs to another session");
    }
    outbox.act(() -> greet(link));
  }

  /** Goes on with a fresh token for the storage node. */
  void renew(byte[] annaToken) {
    CellSession attached = session;
    if (attached != null) {
      attached.renew(annaToken);
    }
  }

  /** On the output thread: runs whose kernel is gone belong to this one from now on. */
  private void greet(Link link) {
    CellRun adopted = null;
    for (CellRun run : runs) {
      if (run.route().adopt(link)) {
        adopted = run;
      }
    }
    link.send(
        new FromExecutor.Attached(
            executorId, ProcessHandle.current().pid(), adopted == null ? 0 : adopted.requestId()));
    if (adopted != null) {
      adopted.route().replay();
    }
  }

  private void take(ToExecutor message, long epoch, Link link) {
    switch (message) {
      case Execute request -> execute(request, epoch, link);
      case ToExecutor.Interrupt interrupt -> {
        CellRun run = find(link, interrupt.requestId());
        if (run != null) {
          run.interrupt();
        }
      }
      case ToExecutor.InputReply reply -> {
        CellRun run = find(link, reply.requestId());
        if (run != null) {
          run.stdin().answer(reply.line());
        }
      }
      case ToExecutor.Names names -> queries.answer(names);
      case ToExecutor.WantFigures wanted ->
          outbox.say(link::send, new FromExecutor.Figures(wanted.queryId(), figures()));
      case Attach attach -> throw new IllegalStateException("taken by serve: " + attach);
    }
  }

  private void execute(Execute request, long epoch, Link link) {
    CellSession attached = session;
    if (attached == null) {
      return;
    }
    if (!link.isFirst(request.requestId())) {
      LOG.warn("{} was asked for twice; it runs once", request.cellName());
      return;
    }
    Route route =
        new Route(
            request.requestId(),
            link,
            request.asynchronous() != null,
            (output, end) -> attached.keep(request, output, end));
    CellRun run = new CellRun(request, epoch, route, services);
    synchronized (runs) {
      if (retired) {
        // The kernel sees that the cell has not begun, and asks for another executor.
        link.close();
        return;
      }
      runs.add(run);
    }
    if (!waiting.offer(run)) {
      runs.remove(run);
      run.finish(
          CellWork.refused(run, "Busy", "more than %d cells wait already".formatted(MAX_WAITING)));
    }
  }

  private @Nullable CellRun find(Link link, long requestId) {
    for (CellRun run : runs) {
      if (run.requestId() == requestId && run.route().link() == link) {
        return run;
      }
    }
    return null;
  }

  /** A kernel is gone: nobody answers its runs, and what has not begun never will. */
  private void leave(Link link) {
    queries.abandon();
    for (CellRun run : List.copyOf(runs)) {
      if (run.route().link() == link) {
        run.stdin().close();
        if (waiting.remove(run)) {
          runs.remove(run);
        }
      }
    }
  }

  /**
   * Takes no cell any more, if none is here. What was said to kernels has left then.
   *
   * @return whether this process may end
   */
  boolean retire() throws InterruptedException {
    synchronized (runs) {
      if (!runs.isEmpty() || work.isSaving()) {
        return false;
      }
      retired = true;
    }
    CountDownLatch said = new CountDownLatch(1);
    outbox.act(said::countDown);
    return said.await(FLUSH_LIMIT_S, TimeUnit.SECONDS);
  }

  private Map<String, Long> figures() {
    Runtime runtime = Runtime.getRuntime();
    CellSession attached = session;
    return Map.of(
        "heap.used.bytes",
        runtime.totalMemory() - runtime.freeMemory(),
        "heap.limit.bytes",
        runtime.maxMemory(),
        "threads.user",
        (long) threads.alive(),
        "names.loaded",
        attached == null ? 0L : (long) attached.state().namesLoaded());
  }
}
