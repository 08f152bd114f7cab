package hydrocell.kernel;

import hydrocell.cell.SharedName;

/** A version was replaced, and its value or a class collected, while it was read. */
final class ReplacedException extends NotUsableException {
  private static final long serialVersionUID = 1L;

  ReplacedException(SharedName shared) {
    super("%s was replaced while it was read: try again".formatted(shared));
  }
}
