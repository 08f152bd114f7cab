package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.KeyAlias;
import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.TheirSession;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the kernel: store, executor host and compile service of the local node.
 * Connects when first needed, and again after the node or the compile service died. Thread-safe.
 */
final class Backend implements AutoCloseable {
  private static final long ANSWER_LIMIT_MS = 60_000;

  /** What ends the waiting of a thread that runs cells. */
  private static final ThreadLocal<@Nullable CompletableFuture<Void>> INTERRUPTION =
      new ThreadLocal<>();

  private final LocalNode node;
  private final String writer;
  private final Consumer<HostReply.LeaseEnded> onLeaseEnded;

  /** By request: who is told of its place in the queue. */
  private final Map<Long, Consumer<HostReply.Queued>> inQueue = new ConcurrentHashMap<>();

  /** By request: who is told how far the libraries are that it fetches. */
  private final Map<Long, Consumer<Resolution.Underway>> downloads = new ConcurrentHashMap<>();

  private @Nullable Connected connected;
  private volatile @Nullable TheirSession theirs;
  private final CompilerLink compiler = new CompilerLink(this, HostRequest.CompileService::new);
  private final CompilerLink processing =
      new CompilerLink(this, HostRequest.ProcessingCompileService::new);
  private int generation;

  /** One life of the node. */
  private record Connected(
      NodeFile file, NodeClient anna, Link<HostRequest, HostReply> host, int generation) {}

  /**
   * What stands behind a kernel.
   *
   * @param writer what the kernel calls itself in sessions
   */
  Backend(LocalNode node, String writer, Consumer<HostReply.LeaseEnded> onLeaseEnded) {
    this.node = node;
    this.writer = writer;
    this.onLeaseEnded = onLeaseEnded;
  }

  private synchronized Connected connected() throws IOException {
    Connected open = connected;
    if (open != null && open.host.isOpen()) {
      return open;
    }
    closeAll();
    NodeFile file = node.findOrStart();
    FrameConnection hostConnection;
    try {
      hostConnection = FrameConnection.connect(file.executorHost());
    } catch (IOException e) {
      file = node.startInstead(file);
      hostConnection = FrameConnection.connect(file.executorHost());
    }
    open = connected(file, hostConnection);
    connected = open;
    return open;
  }

  /** Whole, or nothing of it stays open: the host counts connections, and each has a thread. */
  private Connected connected(NodeFile file, FrameConnection hostConnection) throws IOException {
    try {
      Handshake.open(hostConnection, "kernel", file.secret());
    } catch (IOException | RuntimeException e) {
      hostConnection.close();
      throw e;
    }
    Link<HostRequest, HostReply> host =
        Link.over(
            hostConnection,
            "host-replies",
            HostRequest.class,
            HostReply.class,
            HostReply::id,
            this::unasked);
    try {
      host.ask(id -> new HostRequest.Introduce(id, writer));
      return new Connected(file, store(file), host, ++generation);
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  /** Keys of another person's session lie with that person from now on; null: of one's own. */
  synchronized void in(@Nullable TheirSession session) {
    theirs = session;
    Connected open = connected;
    if (open != null) {
      open.anna.alias(aliases());
    }
  }

  private List<KeyAlias> aliases() {
    TheirSession session = theirs;
    return session == null ? List.of() : session.aliases();
  }

  private NodeClient store(NodeFile file) throws IOException {
    try {
      NodeClient client = NodeClient.connect(file.anna(), "kernel", file.annaSecret());
      client.alias(aliases());
      return client;
    } catch (IOException e) {
      throw file.severalPeople() ? node.refused(file, e) : e;
    }
  }

  private void unasked(HostReply reply) {
    if (reply instanceof HostReply.LeaseEnded ended) {
      onLeaseEnded.accept(ended);
    } else if (reply instanceof HostReply.Queued queued) {
      Consumer<HostReply.Queued> waiting = inQueue.get(queued.requestId());
      if (waiting != null) {
        waiting.accept(queued);
      }
    } else if (reply instanceof HostReply.Downloading downloading) {
      Consumer<Resolution.Underway> waiting = downloads.get(downloading.requestId());
      if (waiting != null) {
        waiting.accept(downloading.underway());
      }
    }
  }

  /** Which life of the node this is; changes when it was started again. */
  int generation() throws IOException {
    return connected().generation;
  }

  /** The store. */
  AnnaClient anna() throws IOException {
    return connected().anna;
  }

  /** The store, where it is connected: nothing is started for this. */
  synchronized @Nullable AnnaClient annaIfOpen() {
    Connected open = connected;
    return open != null && open.host.isOpen() ? open.anna : null;
  }

  /** Whether the store serves several people, who have rights to what is others'. */
  boolean severalPeople() throws IOException {
    return connected().file.severalPeople();
  }

  /** Where executors find the store, and what they must present. */
  NodeFile nodeFile() throws IOException {
    return connected().file;
  }

  /** Asks the executor host; a refusal becomes an exception with its words. */
  <R extends HostReply> R host(Class<R> expected, LongFunction<HostRequest> request)
      throws IOException {
    return expect(expected, await(ask(request)));
  }

  /** Asks the executor host without waiting for its answer. */
  CompletableFuture<HostReply> ask(LongFunction<HostRequest> request) throws IOException {
    return connected().host.ask(request);
  }

  /** Asks for a lease; {@code onQueued} is told where the request stands while it has to wait. */
  CompletableFuture<HostReply> askInQueue(
      LongFunction<HostRequest> request, Consumer<HostReply.Queued> onQueued) throws IOException {
    return ask(request, inQueue, onQueued);
  }

  /** Asks for libraries; {@code onUnderway} is told how far that is while it takes long. */
  CompletableFuture<HostReply> resolve(
      ResolveRequest wanted, Consumer<Resolution.Underway> onUnderway) throws IOException {
    return ask(id -> new HostRequest.Resolve(id, wanted), downloads, onUnderway);
  }

  private <T> CompletableFuture<HostReply> ask(
      LongFunction<HostRequest> request, Map<Long, Consumer<T>> listeners, Consumer<T> listener)
      throws IOException {
    AtomicLong number = new AtomicLong();
    return ask(
            id -> {
              number.set(id);
              listeners.put(id, listener);
              return request.apply(id);
            })
        .whenComplete((reply, failure) -> listeners.remove(number.get()));
  }

  /** The answer as what it should be; a refusal becomes an exception with its words. */
  static <R extends HostReply> R expect(Class<R> expected, HostReply reply) throws IOException {
    if (reply instanceof HostReply.Failed failed) {
      throw new IOException(failed.reason());
    }
    return expected.cast(reply);
  }

  /** Asks the compile service, and the one with annotation processors if that is needed. */
  CompletableFuture<CompileReply> compile(LongFunction<CompileRequest> wanted) throws IOException {
    TheirSession session = theirs;
    LongFunction<CompileRequest> request =
        session == null ? wanted : id -> wanted.apply(id).in(session.toString());
    return compiler
        .ask(request)
        .thenComposeAsync(reply ->
            reply instanceof CompileReply.ProcessorsNeeded
                ? processing.ask(request)
                : CompletableFuture.completedFuture(reply));
  }

  /** Whether the compile service can be asked without reaching for it first. */
  boolean reachesCompiler() {
    return compiler.isOpen();
  }

  /** Work whose waiting for replies can be interrupted. */
  interface Work {
    /** Does it. */
    void run() throws IOException;
  }

  /** Does something in which this thread waits for replies only until the interruption comes. */
  static void interruptibly(CompletableFuture<Void> interruption, Work work) throws IOException {
    INTERRUPTION.set(interruption);
    try {
      work.run();
    } finally {
      INTERRUPTION.remove();
    }
  }

  /** Waits for a reply, not for ever. */
  static <T> T await(CompletableFuture<T> future) throws IOException {
    CompletableFuture<Void> interruption = INTERRUPTION.get();
    try {
      if (interruption != null && !future.isDone()) {
        CompletableFuture.anyOf(future.exceptionally(e -> null), interruption)
            .get(ANSWER_LIMIT_MS, TimeUnit.MILLISECONDS);
        if (!future.isDone()) {
          throw new IOException("interrupted while the local node did not answer");
        }
      }
      return future.get(ANSWER_LIMIT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IOException(cause == null ? "failed" : String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new IOException("the local node did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the kernel is stopping", e);
    }
  }

  /** Lets go of connections that do not answer; the next request finds or starts the node. */
  synchronized void reconnect() {
    closeAll();
  }

  private void closeAll() {
    Connected open = connected;
    if (open != null) {
      open.host.close();
      open.anna.close();
      connected = null;
    }
    compiler.close();
    processing.close();
  }

  @Override
  public synchronized void close() {
    closeAll();
  }
}
