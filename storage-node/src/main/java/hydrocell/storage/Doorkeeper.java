package hydrocell.storage;

import hydrocell.anna.wire.Handshake;
import hydrocell.storage.net.ClientUser;
import hydrocell.storage.net.Frames;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which connections there are, and whose keys each of them means. Thread-safe.
 *
 * @param people whom the node serves; null where it serves its own user
 * @param peers says who is at the other end of a socket of this machine
 */
record Doorkeeper(
    StorageConfig config,
    @Nullable People people,
    Function<Channel, @Nullable String> peers,
    ShardLoop[] shards,
    ChannelGroup connections) {
  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);

  /** One person can have that part of all connections. */
  private static final int PEOPLE_AT_ONCE = 8;

  /** Whether there is room for a connection, which is counted then. */
  boolean hasRoom(Channel channel) {
    if (connections.size() >= config.maxConnections()) {
      LOG.warn("refused a connection: there are {} already", connections.size());
      channel.close();
      return false;
    }
    connections.add(channel);
    return true;
  }

  /** A client of this machine. */
  void accept(Channel channel) {
    if (!hasRoom(channel)) {
      return;
    }
    People everybody = people;
    if (everybody == null) {
      if (ClientUser.isOwn(channel)) {
        frames(channel);
        serve(channel, new KeySpace.OnePerson(config.secret()));
      } else {
        channel.close();
      }
      return;
    }
    String person = peers.apply(channel);
    if (person == null) {
      LOG.warn("refused a client: the system does not say who it is");
      channel.close();
    } else if (isCounted(channel, person, everybody)) {
      frames(channel);
      serve(channel, new PersonKeys(person, everybody, null));
      readWhenKnown(channel, person, everybody);
    }
  }

  /**
   * A client of another machine, of whom it is known who they are; its frames are read already.
   *
   * @param secret of the person's node
   */
  void acceptRemote(Channel channel, String person, byte[] secret) {
    People everybody = people;
    if (everybody == null) {
      throw new IllegalStateException("this node serves its own user alone");
    }
    if (isCounted(channel, person, everybody)) {
      serve(channel, new PersonKeys(person, everybody, secret));
      readWhenKnown(channel, person, everybody);
    }
  }

  private boolean isCounted(Channel channel, String person, People everybody) {
    if (!everybody.connected(person, config.maxConnections() / PEOPLE_AT_ONCE)) {
      LOG.warn("refused a connection: {} has too many already", person);
      channel.close();
      return false;
    }
    channel.closeFuture().addListener(closed -> everybody.disconnected(person));
    return true;
  }

  /** What it says is read once its groups are known. */
  private static void readWhenKnown(Channel channel, String person, People everybody) {
    channel.config().setAutoRead(false);
    everybody
        .groups()
        .learn(person)
        .whenComplete((known, failure) ->
            channel.eventLoop().execute(() -> channel.config().setAutoRead(true)));
  }

  private static void frames(Channel channel) {
    channel.pipeline().addLast(Frames.decoder(Handshake.MAX_HELLO_BYTES));
  }

  private void serve(Channel channel, KeySpace space) {
    channel
        .pipeline()
        .addLast(new RequestHandler(space, shards, config.maxFrameBytes(), InstantSource.system()));
  }
}
