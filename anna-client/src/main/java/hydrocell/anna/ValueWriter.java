package hydrocell.anna;

import hydrocell.anna.AnnaClient.Merged;
import hydrocell.anna.AnnaException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;

/**
 * Stores a value while it is being made: every full chunk is sent at once, so a value of any size
 * takes the memory of a few chunks. For one thread.
 */
public final class ValueWriter {
  private static final int CHUNKS_IN_FLIGHT = 12;

  private final NodeClient client;
  private final Executor afterAnswers;
  private final Key key;
  private final Durability durability;
  private final Semaphore inFlight = new Semaphore(CHUNKS_IN_FLIGHT);
  private final List<CompletableFuture<Merged>> acknowledged = new ArrayList<>();
  private final CRC32C crc = new CRC32C();
  private byte[] pending = new byte[0];
  private int pendingBytes;
  private long length;

  ValueWriter(NodeClient client, Executor afterAnswers, Key key, Durability durability) {
    this.client = client;
    this.afterAnswers = afterAnswers;
    this.key = key;
    this.durability = durability;
  }

  /**
   * Takes the bytes between position and limit, and leaves both as they are. The buffer may be used
   * again when this returns. Blocks while too many chunks wait for their acknowledgement.
   */
  public void write(ByteBuffer part) {
    length += part.remaining();
    if (length > AnnaClient.MAX_VALUE_BYTES) {
      throw new AnnaException(
          Reason.LIMIT, "a value of more than " + AnnaClient.MAX_VALUE_BYTES + " bytes");
    }
    crc.update(part.duplicate());
    ByteBuffer rest = part.duplicate();
    while (rest.hasRemaining()) {
      if (pendingBytes == 0 && rest.remaining() >= Values.CHUNK_BYTES) {
        send(rest.slice(rest.position(), Values.CHUNK_BYTES));
        rest.position(rest.position() + Values.CHUNK_BYTES);
      } else {
        gather(rest);
      }
    }
  }

  private void gather(ByteBuffer rest) {
    int take = Math.min(rest.remaining(), Values.CHUNK_BYTES - pendingBytes);
    if (pending.length < pendingBytes + take) {
      int room = Math.max(pendingBytes + take, Math.min(2 * pending.length, Values.CHUNK_BYTES));
      pending = java.util.Arrays.copyOf(pending, room);
    }
    rest.get(pending, pendingBytes, take);
    pendingBytes += take;
    if (pendingBytes == Values.CHUNK_BYTES) {
      send(ByteBuffer.wrap(pending, 0, pendingBytes));
      pendingBytes = 0;
    }
  }

  private void send(ByteBuffer chunk) {
    if (!acknowledged.isEmpty() && acknowledged.getLast().isCompletedExceptionally()) {
      return; // The value cannot become whole any more; finish() says why.
    }
    inFlight.acquireUninterruptibly();
    Key chunkKey = Values.chunkKey(key, acknowledged.size());
    acknowledged.add(
        client
            .mergeRegister(chunkKey, Values.ONCE, chunk, durability)
            .whenComplete((merged, failure) -> inFlight.release()));
  }

  /** How many bytes it was given. */
  public long length() {
    return length;
  }

  /**
   * Ends the value.
   *
   * @return how durable it is; completes when the last chunk and the header are acknowledged
   */
  public CompletableFuture<Durability> finish() {
    int checksum = (int) crc.getValue();
    ByteBuffer last = ByteBuffer.wrap(pending, 0, pendingBytes);
    if (acknowledged.isEmpty() && length <= Values.INLINE_BYTES) {
      return client
          .merge(key, Values.header(length, 0, checksum, List.of(last)), durability)
          .thenApply(Merged::durability);
    }
    if (pendingBytes > 0) {
      send(last);
    }
    var header = Values.header(length, acknowledged.size(), checksum, List.of());
    return CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
        .thenComposeAsync(all -> client.merge(key, header, durability), afterAnswers)
        .thenApply(Merged::durability);
  }

  /** Gives the value up: what was sent of it is removed. */
  public CompletableFuture<Void> abandon() {
    return client.delete(List.of(key));
  }
}
