package hydrocell.kernel.magic;

import hydrocell.cell.ErrorReport;
import java.util.List;

/** A command cannot do what it was asked; the message says why. */
public final class MagicException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient ErrorReport report;

  /** With words for the user. */
  public MagicException(String message) {
    this(
        new ErrorReport(
            "MagicError", message, List.of("\u001B[31;1mMagicError\u001B[0m: " + message)));
  }

  /** A cell that the command had run failed with this error. */
  public MagicException(ErrorReport report) {
    super(report.message());
    this.report = report;
  }

  /** What the client is told. */
  public ErrorReport report() {
    return report;
  }

  @Override
  public String getMessage() {
    return report.message();
  }
}
