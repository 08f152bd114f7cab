package hydrocell.storage;

import hydrocell.anna.wire.Endpoint;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a storage node runs. Immutable.
 *
 * @param folder where the logs lie; made private to this user
 * @param endpoint where it listens; port 0 takes a free one
 * @param secret what clients must present
 * @param shards how many event loops own keys
 * @param segmentBytes after which a log starts a new segment
 * @param maxConnections how many clients at once
 * @param maxFrameBytes largest request
 * @param forceIntervalMs how often logs are forced to the device
 * @param people where the people are kept whom it serves, for a node that serves several; null for
 *     one that serves its own user
 * @param quotaBytes most that each of them may store
 */
public record StorageConfig(
    Path folder,
    Endpoint endpoint,
    byte[] secret,
    int shards,
    long segmentBytes,
    int maxConnections,
    int maxFrameBytes,
    long forceIntervalMs,
    @Nullable Path people,
    long quotaBytes) {

  /** A node that serves its own user. */
  public StorageConfig(
      Path folder,
      Endpoint endpoint,
      byte[] secret,
      int shards,
      long segmentBytes,
      int maxConnections,
      int maxFrameBytes,
      long forceIntervalMs) {
    this(
        folder,
        endpoint,
        secret,
        shards,
        segmentBytes,
        maxConnections,
        maxFrameBytes,
        forceIntervalMs,
        null,
        Long.MAX_VALUE);
  }

  /** What a local node uses. */
  public static StorageConfig local(Path folder, Endpoint endpoint, byte[] secret) {
    return new StorageConfig(folder, endpoint, secret, 2, 64L << 20, 2048, 16 << 20, 1000);
  }

  /** What a node uses that serves everybody on the machine; it has no secret of its own. */
  public static StorageConfig shared(Path folder, Endpoint endpoint, Path people, long quotaBytes) {
    return new StorageConfig(
        folder, endpoint, new byte[0], 2, 64L << 20, 8192, 16 << 20, 1000, people, quotaBytes);
  }
}
