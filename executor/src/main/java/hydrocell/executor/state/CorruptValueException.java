package hydrocell.executor.state;

/** Stored bytes are not a value that this build wrote, or a newer build wrote them. */
public class CorruptValueException extends Exception {
  private static final long serialVersionUID = 1L;

  CorruptValueException(String message) {
    super(message);
  }

  CorruptValueException(String message, Throwable cause) {
    super(message, cause);
  }
}
