package hydrocell.storage;

import hydrocell.anna.wire.Endpoint;
import hydrocell.storage.net.PersonTokens;
import hydrocell.storage.net.StoreCertificate;
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
 * @param remote how they come from other machines; null where they do not
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
    long quotaBytes,
    @Nullable Remote remote) {

  /**
   * How people come from other machines.
   *
   * @param endpoint where the node listens for them, TCP; port 0 takes a free one
   * @param certificate the file of its {@link StoreCertificate}
   * @param tokens the folder of its {@link PersonTokens}
   * @param tokensAgainMs how often it looks whether those who are there may stay
   */
  public record Remote(Endpoint endpoint, Path certificate, Path tokens, long tokensAgainMs) {}

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
        Long.MAX_VALUE,
        null);
  }

  /** What a local node uses. */
  public static StorageConfig local(Path folder, Endpoint endpoint, byte[] secret) {
    return new StorageConfig(folder, endpoint, secret, 2, 64L << 20, 2048, 16 << 20, 1000);
  }

  /** What a node uses that serves everybody on the machine; it has no secret of its own. */
  public static StorageConfig shared(Path folder, Endpoint endpoint, Path people, long quotaBytes) {
    return shared(folder, endpoint, people, quotaBytes, null);
  }

  /** As above, of one that serves people on other machines, too. */
  public static StorageConfig shared(
      Path folder, Endpoint endpoint, Path people, long quotaBytes, @Nullable Remote remote) {
    return new StorageConfig(
        folder,
        endpoint,
        new byte[0],
        2,
        64L << 20,
        8192,
        16 << 20,
        1000,
        people,
        quotaBytes,
        remote);
  }
}
