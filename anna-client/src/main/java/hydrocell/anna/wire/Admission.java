package hydrocell.anna.wire;

import hydrocell.anna.wire.Handshake.RefusedException;
import java.nio.ByteBuffer;

/**
 * What a person's node says to a shared store on another machine, on each connection before the
 * hello of the client that it is for: who its person is, by a token of the store's operator, and by
 * which secret that person's tokens for cells are signed. Drawn in this package's description.
 *
 * @param token what the operator gave the person
 * @param secret of the person's node
 */
public record Admission(byte[] token, byte[] secret) {
  private static final String ROLE = "machine";
  private static final int FORMAT = 1;

  /** The frame that asks for admission. */
  public ByteWriter hello() {
    return Handshake.hello(
        ROLE, new ByteWriter().u8(FORMAT).bytes(token).bytes(secret).toByteArray());
  }

  /** Reads what {@link #hello} wrote. */
  public static Admission read(ByteBuffer frame) throws RefusedException {
    Handshake.Opening opening = Handshake.read(frame);
    if (!opening.role().equals(ROLE)) {
      throw new RefusedException(
          "this is a store for several machines: clients come through their person's node");
    }
    try {
      ByteReader in = new ByteReader(ByteBuffer.wrap(opening.credentials()));
      int format = in.u8();
      if (format != FORMAT) {
        throw new RefusedException("asking for admission has format " + format);
      }
      Admission admission = new Admission(in.bytes(), in.bytes());
      in.end();
      return admission;
    } catch (MalformedFrameException e) {
      throw new RefusedException("malformed admission: " + e.getMessage());
    }
  }

  /** The frame that admits a person. */
  public static ByteWriter admitted(String person) {
    return Handshake.welcome().text(person);
  }

  /**
   * Whom the store has admitted.
   *
   * @throws RefusedException with the store's reason, when it has not
   */
  public static String person(ByteBuffer reply) throws RefusedException {
    try {
      ByteReader in = new ByteReader(reply);
      if (in.u8() != 0) {
        throw new RefusedException(in.text());
      }
      in.text(); // The store's build.
      return in.text();
    } catch (MalformedFrameException e) {
      throw new RefusedException("the store's answer makes no sense: " + e.getMessage());
    }
  }
}
