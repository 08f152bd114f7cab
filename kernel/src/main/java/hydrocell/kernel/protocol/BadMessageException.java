package hydrocell.kernel.protocol;

/**
 * A message that is malformed, wrongly signed or replayed: it is dropped and the kernel goes on.
 */
public final class BadMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong with it. */
  public BadMessageException(String message) {
    super(message);
  }
}
