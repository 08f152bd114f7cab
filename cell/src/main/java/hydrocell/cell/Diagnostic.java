package hydrocell.cell;

/**
 * One compile error or warning, placed in the cell. Immutable.
 *
 * @param line 1-based line in the cell; 0 when the cell has no place for it
 * @param column 1-based column in UTF-16 units
 * @param endColumn column after the marked text, on the same line
 * @param error false for a warning
 * @param message one or more lines, in words for the user
 */
public record Diagnostic(int line, int column, int endColumn, boolean error, String message) {
  /** The same with one more line. */
  public Diagnostic with(String hint) {
    return new Diagnostic(line, column, endColumn, error, message + "\n" + hint);
  }
}
