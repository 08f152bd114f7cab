package hydrocell.anna;

import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.FramePool;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.anna.wire.RegisterMerge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client of one storage node over one connection, which is opened by the first request and again
 * after it was lost. A reader thread completes the futures. Thread-safe.
 */
public final class NodeClient implements AnnaClient {
  private static final int MAX_IN_FLIGHT = 4096;
  private static final int FRAME_BYTES = Values.CHUNK_BYTES + (4 << 10);
  private static final int FRAMES_KEPT = 12;
  private static final long IDLE_SECONDS = 5;

  private final Endpoint endpoint;
  private final String role;
  private final ReentrantLock connecting = new ReentrantLock();
  private final AtomicLong ids = new AtomicLong();
  private final Semaphore window = new Semaphore(MAX_IN_FLIGHT);
  private final FramePool frames = new FramePool(FRAME_BYTES, FRAMES_KEPT);

  /** Sends what follows an answer, which the reader of answers must not do. */
  private final ThreadPoolExecutor afterAnswers =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("anna-values").factory());

  private volatile @Nullable NodeLink link;
  private volatile byte[] credentials;
  private volatile boolean closed;
  private volatile List<KeyAlias> aliases = List.of();

  /** What {@link #renew} replaced last; what was under way there has long been answered. */
  private @Nullable NodeLink earlier;

  private NodeClient(Endpoint endpoint, String role, byte[] credentials) {
    this.endpoint = endpoint;
    this.role = role;
    this.credentials = credentials.clone();
    afterAnswers.allowCoreThreadTimeOut(true);
  }

  /**
   * One chunk of a value.
   *
   * @param bytes where they lie in the frame
   * @param frame to give back
   * @param pool where to
   */
  record Chunk(ByteBuffer bytes, ByteBuffer frame, FramePool pool) {
    void recycle() {
      pool.recycle(frame);
    }
  }

  /**
   * Connects now, so that a wrong secret or a missing node is known at once.
   *
   * @param credentials the node's secret, or a token: see {@link Access}
   */
  public static NodeClient connect(Endpoint endpoint, String role, byte[] credentials)
      throws IOException {
    NodeClient client = new NodeClient(endpoint, role, credentials);
    client.open();
    return client;
  }

  /** Has some keys lie elsewhere from now on, in place of those that did before. */
  public void alias(List<KeyAlias> now) {
    aliases = List.copyOf(now);
  }

  private Key spelled(Key key) {
    return aliases.isEmpty() ? key : new Key(KeyAlias.toNode(aliases, key.text()));
  }

  private NodeLink open() throws IOException {
    NodeLink ready = link;
    if (ready != null && ready.isOpen()) {
      return ready;
    }
    connecting.lock();
    try {
      NodeLink open = link;
      if (open != null && open.isOpen()) {
        return open;
      }
      if (closed) {
        throw new IOException("this client is closed");
      }
      NodeLink fresh = connect();
      link = fresh;
      return fresh;
    } finally {
      connecting.unlock();
    }
  }

  private NodeLink connect() throws IOException {
    FrameConnection connection = FrameConnection.connect(endpoint);
    try {
      Handshake.open(connection, role, credentials);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
    return NodeLink.start(connection, frames);
  }

  /**
   * Goes on with other credentials, in good time before the node closes the connection of a token
   * that has expired. What is under way is answered on the connection that it was sent on.
   *
   * @throws IOException when the node does not take them now; they are used from now on all the
   *     same
   */
  public void renew(byte[] fresh) throws IOException {
    connecting.lock();
    try {
      credentials = fresh.clone();
      if (closed) {
        return;
      }
      NodeLink next = connect();
      NodeLink replaced = earlier;
      earlier = link;
      link = next;
      if (replaced != null) {
        replaced.close();
      }
    } finally {
      connecting.unlock();
    }
  }

  private <T> CompletableFuture<T> ask(AnnaRequest request, Function<AnnaReply, T> read) {
    long id = ids.incrementAndGet();
    ByteWriter out = new ByteWriter(AnnaRequest.sizeHint(request));
    AnnaRequest.write(out, id, request);
    return send(id, (in, frame) -> expect(AnnaReply.read(in), read), false, out.view());
  }

  private <T> CompletableFuture<T> send(
      long id, NodeLink.Parser<T> parser, boolean keepsFrame, ByteBuffer... frame) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    window.acquireUninterruptibly();
    CompletableFuture<T> released = answer.whenComplete((reply, failure) -> window.release());
    try {
      open().ask(id, answer, parser, keepsFrame, frame);
    } catch (IOException e) {
      answer.completeExceptionally(
          new AnnaException(Reason.UNAVAILABLE, "cannot reach " + endpoint + ": " + e, e));
    }
    return released;
  }

  private static <T> T expect(AnnaReply reply, Function<AnnaReply, T> read) {
    if (reply instanceof AnnaReply.Failed(Reason reason, String message)) {
      throw new AnnaException(reason, message);
    }
    try {
      return read.apply(reply);
    } catch (ClassCastException e) {
      throw new AnnaException(Reason.INTERNAL, "the node answered with " + reply, e);
    }
  }

  @Override
  public CompletableFuture<Read> get(Key key) {
    return ask(new AnnaRequest.Get(spelled(key)), r -> ((AnnaReply.Found) r).read());
  }

  @Override
  public CompletableFuture<Long> version(Key key) {
    return ask(new AnnaRequest.Version(spelled(key)), r -> ((AnnaReply.At) r).version());
  }

  @Override
  public CompletableFuture<Read> getFields(Key key, Set<String> fields) {
    return ask(new AnnaRequest.GetFields(spelled(key), fields), r -> ((AnnaReply.Found) r).read());
  }

  @Override
  public CompletableFuture<Merged> merge(
      Key key, Lattice delta, Durability durability, @Nullable Guard guard) {
    return ask(
        new AnnaRequest.Merge(spelled(key), delta, durability, guard),
        r -> ((AnnaReply.Acknowledged) r).merged());
  }

  @Override
  public CompletableFuture<Void> delete(Collection<Key> keys) {
    return ask(
            new AnnaRequest.Delete(keys.stream().map(this::spelled).toList()),
            AnnaReply.Deleted.class::cast)
        .thenApply(deleted -> null);
  }

  @Override
  public CompletableFuture<KeyPage> scan(String prefix, @Nullable String cursor, int limit) {
    List<KeyAlias> known = aliases;
    return ask(
        new AnnaRequest.Scan(KeyAlias.toNode(known, prefix), cursor == null ? "" : cursor, limit),
        r -> asSpelled(known, ((AnnaReply.Keys) r).page()));
  }

  private static KeyPage asSpelled(List<KeyAlias> aliases, KeyPage page) {
    return aliases.isEmpty()
        ? page
        : new KeyPage(
            page.keys().stream()
                .map(key -> new Key(KeyAlias.toClient(aliases, key.text())))
                .toList(),
            page.next());
  }

  @Override
  public CompletableFuture<Map<String, Long>> stats() {
    return ask(new AnnaRequest.Stats(), r -> ((AnnaReply.Figures) r).values());
  }

  /**
   * Has the node free all that is dead in its logs, however little; figures as of {@link #stats}.
   * The work goes on beside requests for as long as {@code compacting} is not 0.
   */
  public CompletableFuture<Map<String, Long>> compact() {
    return ask(new AnnaRequest.Compact(), r -> ((AnnaReply.Figures) r).values());
  }

  /** Merges a register whose bytes are sent from where they lie; they are gone on return. */
  CompletableFuture<Merged> mergeRegister(
      Key key, Stamp stamp, ByteBuffer value, Durability durability) {
    long id = ids.incrementAndGet();
    ByteWriter head = new ByteWriter();
    RegisterMerge.write(head, id, spelled(key), durability, stamp, value.remaining());
    return send(
        id,
        (in, frame) -> expect(AnnaReply.read(in), r -> ((AnnaReply.Acknowledged) r).merged()),
        false,
        head.view(),
        value);
  }

  /** A chunk, in the frame that brought it. */
  CompletableFuture<Chunk> chunk(Key key) {
    long id = ids.incrementAndGet();
    ByteWriter out = new ByteWriter();
    AnnaRequest.write(out, id, new AnnaRequest.Get(spelled(key)));
    return send(
        id,
        (in, frame) -> {
          ByteBuffer value = AnnaReply.readRegister(in);
          if (value == null) {
            throw new AnnaException(Reason.CORRUPT, key + ": a chunk is missing");
          }
          return new Chunk(value, frame, frames);
        },
        true,
        out.view());
  }

  @Override
  public ValueWriter writeValue(Key key, Durability durability) {
    return new ValueWriter(this, afterAnswers, key, durability);
  }

  @Override
  public CompletableFuture<@Nullable ValueReader> readValue(Key key) {
    return get(key).thenApply(read -> open(key, read));
  }

  /** Whether all parts of a value are there; its bytes are not read. */
  public CompletableFuture<Boolean> isWhole(Key key) {
    return get(key)
        .thenCompose(read -> {
          if (!(read.lattice() instanceof LwwRegister register)) {
            return CompletableFuture.completedFuture(false);
          }
          List<CompletableFuture<Long>> chunks = new ArrayList<>();
          try {
            int count = Values.Header.read(register.value()).chunks();
            for (int i = 0; i < count; i++) {
              chunks.add(version(Values.chunkKey(key, i)));
            }
          } catch (MalformedFrameException e) {
            return CompletableFuture.completedFuture(false);
          }
          return CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new))
              .thenApply(all -> chunks.stream().noneMatch(chunk -> chunk.join() == 0));
        });
  }

  private @Nullable ValueReader open(Key key, Read read) {
    if (!(read.lattice() instanceof LwwRegister register)) {
      return null;
    }
    try {
      return new ValueReader(this, key, Values.Header.read(register.value()));
    } catch (MalformedFrameException e) {
      throw new AnnaException(Reason.CORRUPT, key + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    connecting.lock();
    try {
      closed = true;
      NodeLink replaced = earlier;
      if (replaced != null) {
        replaced.close();
      }
    } finally {
      connecting.unlock();
    }
    NodeLink open = link;
    if (open != null) {
      open.close();
    }
    afterAnswers.shutdown();
  }
}
