package hydrocell.kernel;

import hydrocell.cell.Diagnostic;
import hydrocell.cell.message.CompileReply;
import java.util.ArrayList;
import java.util.List;

/** Compile errors as a notebook shows them. */
final class CompileErrors {
  private CompileErrors() {}

  /** The first line of the first error. */
  static String headline(CompileReply.Rejected rejected) {
    return rejected.diagnostics().getFirst().message().lines().findFirst().orElse("");
  }

  /** All errors, each with its place. */
  static List<String> trace(int cellNumber, CompileReply.Rejected rejected) {
    List<String> lines = new ArrayList<>();
    for (Diagnostic each : rejected.diagnostics()) {
      String place =
          each.line() == 0
              ? "cell [" + cellNumber + "]"
              : "cell [%d]:%d:%d".formatted(cellNumber, each.line(), each.column());
      lines.add(
          "\u001B[34m"
              + place
              + "\u001B[0m \u001B[31m"
              + each.message().replaceFirst("\n", "\u001B[0m\n"));
    }
    return lines;
  }
}
