package hydrocell.anna;

import hydrocell.anna.lattice.Lattice;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Anna. Requests are pipelined: a caller starts as many as it likes and waits for
 * their futures, which fail with {@link AnnaException} only. Thread-safe. Callbacks attached to a
 * future run on the client's reader thread and must not block it.
 *
 * <p>After a lost connection every pending future fails with {@code UNAVAILABLE}, and the next
 * request connects again.
 */
public interface AnnaClient extends Closeable {
  /** Longest value that {@link #writeValue} takes. */
  long MAX_VALUE_BYTES = 2L << 30;

  /**
   * What is stored under a key.
   *
   * @param lattice null when the key holds nothing
   * @param version changes by one with every merge that changed the key; equal versions mean equal
   *     content; after a restart of the node it starts elsewhere; 0 when the key holds nothing
   */
  record Read(@Nullable Lattice lattice, long version) {}

  /**
   * An acknowledged merge.
   *
   * @param changed whether the stored lattice grew
   * @param version the key's version afterwards, as in {@link Read}
   * @param durability what was reached; never less than asked for
   */
  record Merged(boolean changed, long version, Durability durability) {}

  /**
   * One page of keys.
   *
   * @param keys in no order
   * @param next opaque cursor for the next page; null at the end
   */
  record KeyPage(List<Key> keys, @Nullable String next) {}

  /** Reads the lattice under a key. */
  CompletableFuture<Read> get(Key key);

  /** The key's version alone, as in {@link Read}; cheap for any size. */
  CompletableFuture<Long> version(Key key);

  /** Reads some fields of the map lattice under a key; absent fields are left out. */
  CompletableFuture<Read> getFields(Key key, Set<String> fields);

  /** Merges a delta into the lattice under a key, creating it if there is none. */
  CompletableFuture<Merged> merge(
      Key key, Lattice delta, Durability durability, @Nullable Guard guard);

  /** Merges without a guard. */
  default CompletableFuture<Merged> merge(Key key, Lattice delta, Durability durability) {
    return merge(key, delta, durability, null);
  }

  /**
   * Removes keys and, for keys of values, all their chunks. Keys that hold nothing are no error.
   */
  CompletableFuture<Void> delete(Collection<Key> keys);

  /**
   * Lists keys that start with a prefix; the cursor is null at first. A value is listed once, also
   * one of which only some chunks were stored before its writer died.
   */
  CompletableFuture<KeyPage> scan(String prefix, @Nullable String cursor, int limit);

  /** Begins to store an immutable value under a fresh key. */
  ValueWriter writeValue(Key key, Durability durability);

  /**
   * Stores an immutable value under a fresh key, as {@link #writeValue} does.
   *
   * @return how durable it is; completes when the last chunk and the header are acknowledged
   */
  default CompletableFuture<Durability> putValue(
      Key key, List<ByteBuffer> parts, Durability durability) {
    ValueWriter writer = writeValue(key, durability);
    parts.forEach(writer::write);
    return writer.finish();
  }

  /**
   * Stores an immutable value in one piece, which must fit a request. Under a key that names it by
   * its content this is the one form that a client with {@code ADDRESSED} may write.
   */
  default CompletableFuture<Merged> putWhole(Key key, byte[] value, Durability durability) {
    return merge(key, Values.whole(value), durability);
  }

  /** Opens a value; null when there is none. Its chunks are fetched while it is read. */
  CompletableFuture<@Nullable ValueReader> readValue(Key key);

  /** Figures of the node, such as {@code keys}, {@code memory.bytes}, {@code disk.bytes}. */
  CompletableFuture<java.util.Map<String, Long>> stats();

  /** Closes the connection; pending futures fail. */
  @Override
  void close();
}
