package hydrocell.executor.state;

/** A value was written by an earlier version of its type and does not fit the present one. */
public final class StaleValueException extends Exception {
  private static final long serialVersionUID = 1L;

  StaleValueException(String message) {
    super(message);
  }
}
