package hydrocell.storage.net;

import hydrocell.anna.wire.PeerUser;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose process is at the other end of a Unix socket, as the operating system says. */
public final class ClientUser {
  private static final Logger LOG = LoggerFactory.getLogger(ClientUser.class);

  private ClientUser() {}

  /** The user's name; null when the system does not tell. */
  public static @Nullable String name(Channel channel) {
    UnixDomainPrincipal peer = channel.config().getOption(NioChannelOption.of(PeerUser.OPTION));
    return peer == null ? null : peer.user().getName();
  }

  /** Whether it is a process of this user, or the system does not tell; TCP never does. */
  public static boolean isOwn(Channel channel) {
    if (!(channel instanceof NioDomainSocketChannel)) {
      return true;
    }
    UnixDomainPrincipal peer = channel.config().getOption(NioChannelOption.of(PeerUser.OPTION));
    try {
      if (peer != null) {
        PeerUser.requireOwn(peer);
      }
      return true;
    } catch (IOException e) {
      LOG.warn("refused a client: {}", e.getMessage());
      return false;
    }
  }
}
