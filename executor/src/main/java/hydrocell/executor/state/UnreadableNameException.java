package hydrocell.executor.state;

import hydrocell.cell.Name;

/**
 * A name that a cell needs cannot be read: the cell must not run. The message is for the user and
 * says which name, why, and which cell to run again.
 */
public final class UnreadableNameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Name name;

  UnreadableNameException(Name name, String message) {
    super(message, null, false, true);
    this.name = name;
  }

  /** The name. */
  public Name name() {
    return name;
  }
}
