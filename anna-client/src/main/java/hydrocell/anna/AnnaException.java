package hydrocell.anna;

/**
 * A request to Anna failed. {@link Reason} says who must act. Futures of {@link AnnaClient}
 * complete exceptionally with this.
 */
public final class AnnaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Numbered on the wire by ordinal; append only. */
  public enum Reason {
    /**
     * No connection, or it was lost: whether a merge was applied is unknown; merging again is safe.
     */
    UNAVAILABLE,
    /** The client may not do this. */
    FORBIDDEN,
    /** A guard did not hold: this writer was declared lost. Nothing was applied. */
    FENCED,
    /** The key holds a lattice of another kind than the delta's. */
    KIND_MISMATCH,
    /** A limit of the node (frame, key, value, queue); the message names it. */
    LIMIT,
    /** The node could not write its log (disk full, read-only): nothing was acknowledged. */
    STORAGE,
    /** The stored bytes fail their checksum. */
    CORRUPT,
    /** The request made no sense to the node. */
    BAD_REQUEST,
    /** A fault of ours inside the node. */
    INTERNAL
  }

  private final Reason reason;

  /** A failure with a message for the person who must act. */
  public AnnaException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A failure with its cause. */
  public AnnaException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Who must act. */
  public Reason reason() {
    return reason;
  }
}
