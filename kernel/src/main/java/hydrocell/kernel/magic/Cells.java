package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command can do with the cell that it stands in. Only for the thread that runs cells. */
public interface Cells {
  /** Shows something below the cell. */
  void show(MimeBundle bundle);

  /**
   * Shows something that is shown anew as it goes on, on any thread.
   *
   * @param id names it from its first showing on
   * @param again whether it was shown before
   */
  void show(MimeBundle bundle, String id, boolean again);

  /**
   * Runs a cell, which may hold commands; what it shows is shown, its result is this cell's.
   *
   * @throws MagicException when it fails, with its error
   */
  void run(String source) throws IOException, MagicException;

  /**
   * Runs cells once more, one after the other, and beside each other where that comes to the same.
   *
   * @throws MagicException when one fails, with its error; those after it do not run then
   */
  void runAgain(List<String> sources) throws IOException, MagicException;

  /** Runs Java of ours beside the cell; its value is nobody's. */
  void aside(String java) throws IOException, MagicException;

  /** Runs a cell and keeps what it says, as far as there is room for it. */
  Kept keep(String source) throws IOException;

  /**
   * What a cell said.
   *
   * @param leftOutBytes how much more there was
   * @param failure what the cell failed with; null when it did not
   */
  record Kept(
      String stdout,
      String stderr,
      List<MimeBundle> shown,
      long leftOutBytes,
      @Nullable MagicException failure) {}

  /** The same for a cell that runs beside those after it: it has been run when it is submitted. */
  void runAsynchronously(String source) throws IOException, MagicException;

  /**
   * Waits for names that asynchronous cells are to write, or, without names, for all these cells.
   *
   * @throws MagicException when one of them failed
   */
  void await(List<String> names) throws IOException, MagicException;

  /**
   * Text of an expression's value; changes nothing.
   *
   * @throws MagicException when it has none
   */
  String evaluate(String expression) throws IOException, MagicException;
}
