package hydrocell.anna;

import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.MalformedFrameException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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
  private static final int CHUNKS_IN_FLIGHT = 16;

  private final Endpoint endpoint;
  private final String role;
  private final byte[] secret;
  private final ReentrantLock connecting = new ReentrantLock();
  private final AtomicLong ids = new AtomicLong();
  private final Semaphore window = new Semaphore(MAX_IN_FLIGHT);
  private volatile @Nullable Link link;
  private volatile boolean closed;

  private NodeClient(Endpoint endpoint, String role, byte[] secret) {
    this.endpoint = endpoint;
    this.role = role;
    this.secret = secret.clone();
  }

  /** One connection and the futures that wait on it. */
  private record Link(
      FrameConnection connection, Map<Long, CompletableFuture<AnnaReply>> pending) {}

  /** Connects now, so that a wrong secret or a missing node is known at once. */
  public static NodeClient connect(Endpoint endpoint, String role, byte[] secret)
      throws IOException {
    NodeClient client = new NodeClient(endpoint, role, secret);
    client.open();
    return client;
  }

  private Link open() throws IOException {
    connecting.lock();
    try {
      Link open = link;
      if (open != null && open.connection.isOpen()) {
        return open;
      }
      if (closed) {
        throw new IOException("this client is closed");
      }
      FrameConnection connection = FrameConnection.connect(endpoint);
      try {
        Handshake.open(connection, role, secret);
      } catch (IOException e) {
        connection.close();
        throw e;
      }
      Link fresh = new Link(connection, new ConcurrentHashMap<>());
      link = fresh;
      Thread.ofPlatform().daemon().name("anna-replies").start(() -> readReplies(fresh));
      return fresh;
    } finally {
      connecting.unlock();
    }
  }

  private void readReplies(Link from) {
    String why = "the storage node closed the connection";
    try {
      for (ByteBuffer frame = from.connection.receive();
          frame != null;
          frame = from.connection.receive()) {
        ByteReader in = new ByteReader(frame);
        CompletableFuture<AnnaReply> waiting = from.pending.remove(in.varint());
        AnnaReply reply = AnnaReply.read(in);
        if (waiting != null) {
          waiting.complete(reply);
        }
      }
    } catch (IOException e) {
      why = "the connection to the storage node was lost: " + e.getMessage();
    }
    fail(from, why);
  }

  private static void fail(Link lost, String why) {
    try {
      lost.connection.close();
    } catch (IOException e) {
      why = why + "; " + e.getMessage();
    }
    AnnaException failure = new AnnaException(Reason.UNAVAILABLE, why);
    for (Long id : List.copyOf(lost.pending.keySet())) {
      CompletableFuture<AnnaReply> waiting = lost.pending.remove(id);
      if (waiting != null) {
        waiting.completeExceptionally(failure);
      }
    }
  }

  private <T> CompletableFuture<T> ask(AnnaRequest request, Function<AnnaReply, T> read) {
    CompletableFuture<AnnaReply> waiting = new CompletableFuture<>();
    window.acquireUninterruptibly();
    CompletableFuture<T> answer =
        waiting.whenComplete((reply, failure) -> window.release()).thenApply(r -> expect(r, read));
    long id = ids.incrementAndGet();
    try {
      Link open = open();
      open.pending.put(id, waiting);
      ByteWriter out = new ByteWriter(AnnaRequest.sizeHint(request));
      AnnaRequest.write(out, id, request);
      try {
        open.connection.send(out);
      } catch (IOException e) {
        fail(open, "the connection to the storage node was lost: " + e.getMessage());
      }
      if (!open.connection.isOpen()) {
        fail(open, "the connection to the storage node was lost");
      }
    } catch (IOException e) {
      waiting.completeExceptionally(
          new AnnaException(Reason.UNAVAILABLE, "cannot reach " + endpoint + ": " + e, e));
    } catch (IllegalArgumentException e) {
      waiting.completeExceptionally(
          new AnnaException(Reason.LIMIT, "the request is too large: " + e.getMessage(), e));
    }
    return answer;
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
    return ask(new AnnaRequest.Get(key), r -> ((AnnaReply.Found) r).read());
  }

  @Override
  public CompletableFuture<Long> version(Key key) {
    return ask(new AnnaRequest.Version(key), r -> ((AnnaReply.At) r).version());
  }

  @Override
  public CompletableFuture<Read> getFields(Key key, Set<String> fields) {
    return ask(new AnnaRequest.GetFields(key, fields), r -> ((AnnaReply.Found) r).read());
  }

  @Override
  public CompletableFuture<Merged> merge(
      Key key, Lattice delta, Durability durability, @Nullable Guard guard) {
    return ask(
        new AnnaRequest.Merge(key, delta, durability, guard),
        r -> ((AnnaReply.Acknowledged) r).merged());
  }

  @Override
  public CompletableFuture<Void> delete(Collection<Key> keys) {
    return ask(new AnnaRequest.Delete(List.copyOf(keys)), AnnaReply.Deleted.class::cast)
        .thenApply(deleted -> null);
  }

  @Override
  public CompletableFuture<KeyPage> scan(String prefix, @Nullable String cursor, int limit) {
    return ask(
        new AnnaRequest.Scan(prefix, cursor == null ? "" : cursor, limit),
        r -> ((AnnaReply.Keys) r).page());
  }

  @Override
  public CompletableFuture<Map<String, Long>> stats() {
    return ask(new AnnaRequest.Stats(), r -> ((AnnaReply.Figures) r).values());
  }

  @Override
  public CompletableFuture<Durability> putValue(
      Key key, List<ByteBuffer> parts, Durability durability) {
    long length = parts.stream().mapToLong(ByteBuffer::remaining).sum();
    if (length > MAX_VALUE_BYTES) {
      return CompletableFuture.failedFuture(
          new AnnaException(
              Reason.LIMIT, "a value of " + length + " bytes; at most " + MAX_VALUE_BYTES));
    }
    int crc = Values.crc(parts);
    if (length <= Values.INLINE_BYTES) {
      return merge(key, Values.header(length, 0, crc, parts), durability)
          .thenApply(Merged::durability);
    }
    Semaphore chunksInFlight = new Semaphore(CHUNKS_IN_FLIGHT);
    List<CompletableFuture<Merged>> acknowledged = new ArrayList<>();
    ChunkCutter cutter = new ChunkCutter(parts);
    for (byte[] chunk = cutter.next(); chunk != null; chunk = cutter.next()) {
      chunksInFlight.acquireUninterruptibly();
      Key chunkKey = Values.chunkKey(key, acknowledged.size());
      acknowledged.add(
          merge(chunkKey, Values.chunk(chunk), durability)
              .whenComplete((merged, failure) -> chunksInFlight.release()));
    }
    int chunks = acknowledged.size();
    return CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
        .thenCompose(all -> merge(key, Values.header(length, chunks, crc, List.of()), durability))
        .thenApply(Merged::durability);
  }

  @Override
  public CompletableFuture<@Nullable List<ByteBuffer>> getValue(Key key) {
    return get(key)
        .thenCompose(read -> {
          if (!(read.lattice() instanceof LwwRegister register)) {
            return CompletableFuture.completedFuture(null);
          }
          try {
            return getChunks(key, Values.Header.read(register.value()));
          } catch (MalformedFrameException e) {
            return CompletableFuture.failedFuture(
                new AnnaException(Reason.CORRUPT, key + ": " + e.getMessage(), e));
          }
        });
  }

  private CompletableFuture<@Nullable List<ByteBuffer>> getChunks(Key key, Values.Header header) {
    if (header.chunks() == 0) {
      return CompletableFuture.completedFuture(verified(key, header, List.of(header.inline())));
    }
    List<CompletableFuture<ByteBuffer>> chunks = new ArrayList<>();
    for (int i = 0; i < header.chunks(); i++) {
      chunks.add(get(Values.chunkKey(key, i)).thenApply(read -> chunkOf(key, read)));
    }
    return CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> verified(key, header, chunks.stream().map(CompletableFuture::join).toList()));
  }

  private static ByteBuffer chunkOf(Key key, Read read) {
    if (read.lattice() instanceof LwwRegister register) {
      return ByteBuffer.wrap(register.value());
    }
    throw new AnnaException(Reason.CORRUPT, key + ": a chunk is missing");
  }

  private static List<ByteBuffer> verified(Key key, Values.Header header, List<ByteBuffer> chunks) {
    long length = chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    if (length != header.length() || Values.crc(chunks) != header.crc()) {
      throw new AnnaException(Reason.CORRUPT, key + ": the stored bytes fail their checksum");
    }
    return chunks;
  }

  @Override
  public void close() {
    closed = true;
    Link open = link;
    if (open != null) {
      fail(open, "this client is closed");
    }
  }
}
