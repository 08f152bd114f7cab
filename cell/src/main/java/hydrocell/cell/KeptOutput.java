package hydrocell.cell;

/**
 * What a cell printed and how it ended when no kernel listened any more. Immutable; stored in Anna.
 *
 * @param cellName such as {@code cell [3]}
 * @param cellNumber execution count
 * @param text what it printed, bounded
 * @param outcome how it ended
 * @param told whether a kernel has said so
 */
public record KeptOutput(
    String cellName, int cellNumber, String text, CellOutcome outcome, boolean told) {
  /** The same, once a kernel has said so. */
  public KeptOutput asTold() {
    return new KeptOutput(cellName, cellNumber, text, outcome, true);
  }
}
