package hydrocell.kernel;

/** A shared name, or one version of it, cannot be used so; the message says why, for the user. */
public class NotUsableException extends Exception {
  private static final long serialVersionUID = 1L;

  NotUsableException(String message) {
    super(message);
  }
}
