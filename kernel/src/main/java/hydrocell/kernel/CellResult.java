package hydrocell.kernel;

import hydrocell.cell.ErrorReport;
import hydrocell.cell.MimeBundle;
import org.jspecify.annotations.Nullable;

/** What came of a cell, as the client is told. */
sealed interface CellResult {
  /** It ran; {@code value} is null when there is nothing to show. */
  record Ok(@Nullable MimeBundle value) implements CellResult {}

  /** It did not compile, threw, was interrupted or lost. */
  record Failed(ErrorReport error) implements CellResult {}
}
