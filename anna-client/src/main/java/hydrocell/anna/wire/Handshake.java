package hydrocell.anna.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The first frame in each direction of every connection between Hydrocell's processes: the client
 * says who it is and proves that it knows the secret; the server welcomes or refuses. Drawn in this
 * package's description.
 */
public final class Handshake {
  /** Raised when messages change; peers of different protocols refuse each other. */
  public static final int PROTOCOL = 1;

  /** The longest hello; who has not proved anything yet is given no more memory. */
  public static final int MAX_HELLO_BYTES = 4096;

  /** How long a client may take to say hello. */
  public static final long HELLO_LIMIT_MS = 10_000;

  private static final int MAGIC = 0x48594331;

  private Handshake() {}

  /**
   * What a client says of itself.
   *
   * @param role what kind of process it is, such as {@code kernel}
   * @param build the version of its code
   * @param access what it may do
   */
  public record Hello(String role, String build, Access access) {}

  /**
   * Says hello and waits for the welcome. Throws {@link RefusedException} with the server's reason.
   */
  public static void open(FrameConnection connection, String role, byte[] credentials)
      throws IOException {
    connection.send(hello(role, credentials));
    ByteBuffer reply = connection.receive();
    if (reply == null) {
      throw new RefusedException("the server closed the connection during the handshake");
    }
    ByteReader in = new ByteReader(reply);
    if (in.u8() != 0) {
      throw new RefusedException(in.text());
    }
  }

  /** The frame that says hello. */
  static ByteWriter hello(String role, byte[] credentials) {
    return new ByteWriter()
        .u32(MAGIC)
        .varint(PROTOCOL)
        .text(role)
        .bytes(credentials)
        .text(Build.here().id());
  }

  /**
   * Checks whose process the client is, and its first frame; sends the welcome or the refusal.
   *
   * @throws RefusedException after the refusal was sent; the caller closes the connection
   */
  public static Hello accept(FrameConnection connection, byte[] secret) throws IOException {
    AtomicBoolean said = new AtomicBoolean();
    CompletableFuture.delayedExecutor(HELLO_LIMIT_MS, TimeUnit.MILLISECONDS, Runnable::run)
        .execute(() -> closeUnless(said, connection));
    try {
      connection.requireOwnUser();
      ByteBuffer first = connection.receiveAtMost(MAX_HELLO_BYTES);
      said.set(true);
      if (first == null) {
        throw new RefusedException("the client closed before it said hello");
      }
      Hello hello = check(first, presented -> requireSecret(presented, secret));
      connection.send(welcome());
      return hello;
    } catch (RefusedException e) {
      connection.send(refusal(e.getMessage()));
      throw e;
    } finally {
      said.set(true);
    }
  }

  private static void closeUnless(AtomicBoolean said, FrameConnection connection) {
    if (!said.get()) {
      try {
        connection.close();
      } catch (IOException e) {
        // Then the thread that waits for its hello finds out.
        said.set(true);
      }
    }
  }

  /**
   * Reads and checks a hello of a client that knows the secret, or has a token of somebody who
   * does; for servers that are not built on {@link FrameConnection}.
   *
   * @param nowMs the time, since 1970
   */
  public static Hello check(ByteBuffer frame, byte[] secret, long nowMs) throws RefusedException {
    return check(frame, presented -> secret, nowMs);
  }

  /** As above, where it depends on the client which secret it must know. */
  public static Hello check(ByteBuffer frame, Secrets secrets, long nowMs) throws RefusedException {
    return check(frame, presented -> Access.of(presented, secrets.expected(presented), nowMs));
  }

  /** Tells which secret a client must know. */
  public interface Secrets {
    /**
     * The secret.
     *
     * @param presented what the client presents, which proves nothing yet
     */
    byte[] expected(byte[] presented) throws RefusedException;
  }

  /** Finds out what somebody may do by what they present. */
  private interface Gate {
    Access admit(byte[] presented) throws RefusedException;
  }

  private static Access requireSecret(byte[] presented, byte[] secret) throws RefusedException {
    if (!MessageDigest.isEqual(secret, presented)) {
      throw new RefusedException("wrong secret");
    }
    return Access.ALL;
  }

  /** A hello as it was said, of which nothing has been checked but its form. */
  record Opening(String role, byte[] credentials, String build) {}

  private static Hello check(ByteBuffer frame, Gate gate) throws RefusedException {
    Opening opening = read(frame);
    return new Hello(opening.role, opening.build, gate.admit(opening.credentials));
  }

  /** Reads a hello. */
  static Opening read(ByteBuffer frame) throws RefusedException {
    try {
      ByteReader in = new ByteReader(frame);
      if (in.u32() != MAGIC) {
        throw new RefusedException("not a Hydrocell client");
      }
      long protocol = in.varint();
      if (protocol != PROTOCOL) {
        throw new RefusedException(
            "this process speaks protocol %d and the client %d; stop the older one with `hydrocell stop`"
                .formatted(PROTOCOL, protocol));
      }
      Opening opening = new Opening(in.text(), in.bytes(), in.text());
      in.end();
      return opening;
    } catch (MalformedFrameException e) {
      throw new RefusedException("malformed hello: " + e.getMessage());
    }
  }

  /** The frame that welcomes. */
  public static ByteWriter welcome() {
    return new ByteWriter().u8(0).text(Build.here().id());
  }

  /** The frame that refuses. */
  public static ByteWriter refusal(String reason) {
    return new ByteWriter().u8(1).text(reason);
  }

  /** The other side does not talk to us; the message says why. */
  public static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    /** With the reason in the words the user will see. */
    public RefusedException(String reason) {
      super(reason);
      this.reason = reason;
    }

    @Override
    public String getMessage() {
      return reason;
    }
  }
}
