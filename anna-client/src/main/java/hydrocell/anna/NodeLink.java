package hydrocell.anna;

import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.FramePool;
import hydrocell.anna.wire.MalformedFrameException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One connection to a node and the answers that are due on it. Its reader thread completes them; it
 * never sends, because a node that waits for its answers to be read reads no requests. Thread-safe.
 */
final class NodeLink implements Closeable {
  private final FrameConnection connection;
  private final FramePool frames;
  private final Map<Long, Due<?>> due = new ConcurrentHashMap<>();

  /** Reads an answer's body; the id was read before. */
  @FunctionalInterface
  interface Parser<T> {
    /**
     * Reads the answer.
     *
     * @param in the body
     * @param frame where the body lies; the parser of an answer that keeps its frame recycles it
     */
    T parse(ByteReader in, ByteBuffer frame) throws MalformedFrameException;
  }

  /** An answer that somebody waits for. */
  private record Due<T>(CompletableFuture<T> future, Parser<T> parser, boolean keepsFrame) {
    void answer(ByteReader in, ByteBuffer frame) throws MalformedFrameException {
      try {
        future.complete(parser.parse(in, frame));
      } catch (AnnaException e) {
        future.completeExceptionally(e);
      } catch (MalformedFrameException e) {
        future.completeExceptionally(
            new AnnaException(
                Reason.INTERNAL, "the node's answer makes no sense: " + e.getMessage(), e));
        throw e;
      }
    }
  }

  private NodeLink(FrameConnection connection, FramePool frames) {
    this.connection = connection;
    this.frames = frames;
  }

  /** Takes over a connection whose handshake is done. */
  static NodeLink start(FrameConnection connection, FramePool frames) {
    NodeLink link = new NodeLink(connection, frames);
    Thread.ofPlatform().daemon().name("anna-replies").start(link::readReplies);
    return link;
  }

  boolean isOpen() {
    return connection.isOpen();
  }

  /** Sends a request; the future fails when the link is lost before its answer came. */
  <T> void ask(
      long id,
      CompletableFuture<T> future,
      Parser<T> parser,
      boolean keepsFrame,
      ByteBuffer... frame) {
    due.put(id, new Due<>(future, parser, keepsFrame));
    try {
      connection.send(frame);
    } catch (IOException e) {
      fail("the connection to the storage node was lost: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      due.remove(id);
      future.completeExceptionally(
          new AnnaException(Reason.LIMIT, "the request is too large: " + e.getMessage(), e));
    }
    if (!connection.isOpen()) {
      fail("the connection to the storage node was lost");
    }
  }

  private void readReplies() {
    String why = "the storage node closed the connection";
    try {
      for (ByteBuffer frame = connection.receive(frames);
          frame != null;
          frame = connection.receive(frames)) {
        ByteReader in = new ByteReader(frame);
        Due<?> waiting = due.remove(in.varint());
        if (waiting != null) {
          waiting.answer(in, frame);
        }
        if (waiting == null || !waiting.keepsFrame) {
          frames.recycle(frame);
        }
      }
    } catch (IOException e) {
      why = "the connection to the storage node was lost: " + e.getMessage();
    } finally {
      fail(why);
    }
  }

  /** Closes the connection and fails everything that is due. */
  void fail(String why) {
    String message = why;
    try {
      connection.close();
    } catch (IOException e) {
      message = why + "; " + e.getMessage();
    }
    AnnaException failure = new AnnaException(Reason.UNAVAILABLE, message);
    for (Long id : List.copyOf(due.keySet())) {
      Due<?> waiting = due.remove(id);
      if (waiting != null) {
        waiting.future.completeExceptionally(failure);
      }
    }
  }

  @Override
  public void close() {
    fail("this client is closed");
  }
}
