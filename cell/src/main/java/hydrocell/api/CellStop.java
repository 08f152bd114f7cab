package hydrocell.api;

/**
 * Delivered into the threads of an interrupted cell, at whatever instruction they are. Code of the
 * session never catches it: its handlers are rewritten to let it pass.
 */
public final class CellStop extends Error {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace of its own: it is made by the thread that interrupts. */
  public CellStop() {
    super("the cell was interrupted", null, false, true);
  }
}
