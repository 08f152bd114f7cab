package hydrocell.anna.wire;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * Where a process listens: {@code unix:/path} or {@code tcp:host:port}. Immutable.
 *
 * @param text the spelling in files and messages
 */
public record Endpoint(String text) {
  private static final String UNIX = "unix:";
  private static final String TCP = "tcp:";

  /** Checks the spelling. */
  public Endpoint {
    if (!text.startsWith(UNIX) && !text.matches("tcp:.+:\\d{1,5}")) {
      throw new IllegalArgumentException("not an endpoint (unix:/path or tcp:host:port): " + text);
    }
  }

  /** A Unix domain socket in the file system. */
  public static Endpoint unix(Path path) {
    return new Endpoint(UNIX + path.toAbsolutePath());
  }

  /** A TCP port. */
  public static Endpoint tcp(String host, int port) {
    return new Endpoint(TCP + host + ":" + port);
  }

  /** Whether this is a Unix domain socket. */
  public boolean isUnix() {
    return text.startsWith(UNIX);
  }

  /** The socket file; only for a Unix domain socket. */
  public Path path() {
    if (!isUnix()) {
      throw new IllegalStateException(text + " has no path");
    }
    return Path.of(text.substring(UNIX.length()));
  }

  /** {@code host:port}; only for a TCP port. */
  public String hostAndPort() {
    if (isUnix()) {
      throw new IllegalStateException(text + " has no port");
    }
    return text.substring(TCP.length());
  }

  /** The address to connect to or to bind. */
  public SocketAddress address() {
    if (isUnix()) {
      return UnixDomainSocketAddress.of(path());
    }
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(TCP.length(), colon), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return text;
  }
}
