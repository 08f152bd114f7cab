package hydrocell.kernel.magic;

/** A command cannot do what it was asked; the message says why. */
public final class MagicException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String text;

  /** With words for the user. */
  public MagicException(String message) {
    super(message);
    this.text = message;
  }

  @Override
  public String getMessage() {
    return text;
  }
}
