package hydrocell.kernel;

import hydrocell.anna.wire.FrameConnection;
import hydrocell.cell.message.Messages;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which each request gets one reply with its id; what comes unasked goes to a
 * listener. A lost connection fails every request. Thread-safe.
 *
 * @param <Q> requests
 * @param <R> replies
 */
final class Link<Q, R> implements AutoCloseable {
  private final FrameConnection connection;
  private final Class<Q> requests;
  private final Map<Long, CompletableFuture<R>> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private volatile @Nullable IOException lost;

  private Link(FrameConnection connection, Class<Q> requests) {
    this.connection = connection;
    this.requests = requests;
  }

  /** Takes over a connection after its handshake and starts to read replies. */
  static <Q, R> Link<Q, R> over(
      FrameConnection connection,
      String name,
      Class<Q> requests,
      Class<R> replies,
      ToLongFunction<R> idOf,
      Consumer<R> unasked) {
    Link<Q, R> link = new Link<>(connection, requests);
    Thread.ofPlatform().daemon().name(name).start(() -> link.read(replies, idOf, unasked));
    return link;
  }

  private void read(Class<R> replies, ToLongFunction<R> idOf, Consumer<R> unasked) {
    IOException why = new IOException("the other side closed the connection");
    try {
      for (R reply = Messages.receive(connection, replies);
          reply != null;
          reply = Messages.receive(connection, replies)) {
        CompletableFuture<R> waiting = pending.remove(idOf.applyAsLong(reply));
        if (waiting != null) {
          waiting.complete(reply);
        } else {
          unasked.accept(reply);
        }
      }
    } catch (IOException e) {
      why = e;
    }
    lost = why;
    close();
    for (Long id : java.util.List.copyOf(pending.keySet())) {
      CompletableFuture<R> waiting = pending.remove(id);
      if (waiting != null) {
        waiting.completeExceptionally(why);
      }
    }
  }

  /** Sends the request made with a fresh id. */
  CompletableFuture<R> ask(LongFunction<Q> request) {
    long id = ids.incrementAndGet();
    CompletableFuture<R> waiting = new CompletableFuture<>();
    pending.put(id, waiting);
    try {
      Messages.send(connection, requests, request.apply(id));
    } catch (IOException e) {
      pending.remove(id);
      waiting.completeExceptionally(e);
    }
    if (lost != null && pending.remove(id) != null) {
      waiting.completeExceptionally(new IOException("the connection was lost"));
    }
    return waiting;
  }

  boolean isOpen() {
    return lost == null && connection.isOpen();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      lost = e;
    }
  }
}
