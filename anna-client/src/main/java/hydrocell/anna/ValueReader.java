package hydrocell.anna;

import hydrocell.anna.AnnaException.Reason;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a value chunk after chunk, a few ahead of the reader, in memory that is used again. For
 * one thread. The checksum is compared after the last chunk: until {@link #next} has returned null
 * the bytes may be damaged.
 */
public final class ValueReader implements Closeable {
  private static final int CHUNKS_AHEAD = 8;

  private final NodeClient client;
  private final Key key;
  private final Values.Header header;
  private final CRC32C crc = new CRC32C();
  private final ArrayDeque<CompletableFuture<NodeClient.Chunk>> ahead = new ArrayDeque<>();
  private NodeClient.@Nullable Chunk lent;
  private int asked;
  private int given;
  private long givenBytes;

  ValueReader(NodeClient client, Key key, Values.Header header) {
    this.client = client;
    this.key = key;
    this.header = header;
  }

  /** Length of the whole value in bytes. */
  public long length() {
    return header.length();
  }

  /**
   * The next bytes, valid until the next call; null at the end.
   *
   * @throws AnnaException when a chunk is missing or damaged, or the node cannot be reached
   */
  public @Nullable ByteBuffer next() {
    giveBack();
    int parts = Math.max(1, header.chunks());
    if (given == parts) {
      if (givenBytes != header.length() || (int) crc.getValue() != header.crc()) {
        throw new AnnaException(Reason.CORRUPT, key + ": the stored bytes fail their checksum");
      }
      return null;
    }
    ByteBuffer bytes = header.chunks() == 0 ? header.inline() : nextChunk();
    given++;
    givenBytes += bytes.remaining();
    crc.update(bytes.duplicate());
    return bytes;
  }

  /** Asks for the first chunks, or for the next ones, without waiting. */
  public void fetchAhead() {
    while (asked < header.chunks() && ahead.size() < CHUNKS_AHEAD) {
      ahead.add(client.chunk(Values.chunkKey(key, asked++)));
    }
  }

  private ByteBuffer nextChunk() {
    fetchAhead();
    try {
      NodeClient.Chunk chunk = ahead.remove().join();
      lent = chunk;
      return chunk.bytes();
    } catch (CompletionException e) {
      throw e.getCause() instanceof AnnaException failure
          ? failure
          : new AnnaException(Reason.INTERNAL, key + " could not be read: " + e.getCause(), e);
    }
  }

  private void giveBack() {
    NodeClient.Chunk chunk = lent;
    if (chunk != null) {
      lent = null;
      chunk.recycle();
    }
  }

  /** The whole value as one array; only before the first {@link #next}. */
  public byte[] readAll() {
    byte[] all = new byte[Math.toIntExact(header.length())];
    int at = 0;
    for (ByteBuffer part = next(); part != null; part = next()) {
      int length = part.remaining();
      if (length > all.length - at) {
        throw new AnnaException(Reason.CORRUPT, key + ": there is more of it than its header says");
      }
      part.get(all, at, length);
      at += length;
    }
    return all;
  }

  /** Gives back what is still lent or on its way. */
  @Override
  public void close() {
    giveBack();
    ahead.forEach(chunk -> chunk.thenAccept(NodeClient.Chunk::recycle));
    ahead.clear();
  }
}
