package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import java.io.IOException;

/** What a command can do with the cell that it stands in. Only for the thread that runs cells. */
public interface Cells {
  /** Shows something below the cell. */
  void show(MimeBundle bundle);

  /**
   * Runs a cell, which may hold commands; what it shows is shown, its result is this cell's.
   *
   * @throws MagicException when it fails, with its error
   */
  void run(String source) throws IOException, MagicException;

  /**
   * Text of an expression's value; changes nothing.
   *
   * @throws MagicException when it has none
   */
  String evaluate(String expression) throws IOException, MagicException;
}
