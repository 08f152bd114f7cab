package hydrocell.executor.state;

import hydrocell.anna.AnnaException;

/** A cell ran and its changes could not be committed: nothing of it is in the state. */
public final class CommitFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final AnnaException.Reason reason;

  CommitFailedException(AnnaException.Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What failed: {@code FENCED} means that another kernel declared this writer lost. */
  public AnnaException.Reason reason() {
    return reason;
  }
}
