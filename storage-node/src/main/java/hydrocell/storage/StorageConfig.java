package hydrocell.storage;

import hydrocell.anna.wire.Endpoint;
import java.nio.file.Path;

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
 */
public record StorageConfig(
    Path folder,
    Endpoint endpoint,
    byte[] secret,
    int shards,
    long segmentBytes,
    int maxConnections,
    int maxFrameBytes,
    long forceIntervalMs) {
  /** What a local node uses. */
  public static StorageConfig local(Path folder, Endpoint endpoint, byte[] secret) {
    return new StorageConfig(folder, endpoint, secret, 2, 64L << 20, 2048, 16 << 20, 1000);
  }
}
