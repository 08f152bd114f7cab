package hydrocell.anna.wire;

import java.io.IOException;

/** The peer sent bytes that no correct peer sends; the connection they came on must be closed. */
public final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Names what was wrong with the bytes. */
  public MalformedFrameException(String message) {
    super(message);
  }
}
