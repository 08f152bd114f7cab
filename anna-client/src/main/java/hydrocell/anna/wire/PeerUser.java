package hydrocell.anna.wire;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Which user of the operating system sits at the other end of a Unix domain socket, as the system
 * itself says ({@code SO_PEERCRED}). The folders of our sockets are closed to others already; this
 * holds when somebody has opened them. Thread-safe.
 */
public final class PeerUser {
  /** The option to ask an accepted channel for; not every system has it, and TCP never. */
  public static final SocketOption<UnixDomainPrincipal> OPTION = ExtendedSocketOptions.SO_PEERCRED;

  private PeerUser() {}

  /**
   * Checks an accepted channel. Where the system does not tell who the peer is, nothing is checked:
   * the secret is, in any case.
   *
   * @throws Handshake.RefusedException when the peer is another user
   */
  static void requireOwn(SocketChannel channel) throws IOException {
    if (channel.supportedOptions().contains(OPTION)) {
      requireOwn(channel.getOption(OPTION));
    }
  }

  /**
   * Checks what a channel says of its peer.
   *
   * @throws Handshake.RefusedException when the peer is another user than this process
   */
  public static void requireOwn(UnixDomainPrincipal peer) throws IOException {
    if (!peer.user().equals(Own.USER)) {
      throw new Handshake.RefusedException(
          "this process belongs to user %s and the client to user %s; everybody runs a node of their own"
              .formatted(Own.USER.getName(), peer.user().getName()));
    }
  }

  /** This process's user by number, as the system calls users that have no name. */
  public static String ownNumber() {
    return Long.toString(new UnixSystem().getUid());
  }

  /** Asked of the system once: the user's name may be missing, so it is the number that counts. */
  private static final class Own {
    static final UserPrincipal USER = find();

    private static UserPrincipal find() {
      try {
        return FileSystems.getDefault()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(Long.toString(new UnixSystem().getUid()));
      } catch (IOException e) {
        throw new IllegalStateException("the system does not know this process's user", e);
      }
    }
  }
}
