package hydrocell.kernel;

import java.io.IOException;

/** The session that a notebook has opened is not there for it any more; the message says so. */
final class SharingEndedException extends IOException {
  private static final long serialVersionUID = 1L;

  SharingEndedException(String message) {
    super(message);
  }
}
