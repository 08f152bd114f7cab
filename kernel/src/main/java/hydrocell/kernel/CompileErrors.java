package hydrocell.kernel;

import hydrocell.cell.Diagnostic;
import hydrocell.cell.message.CompileReply;
import java.util.ArrayList;
import java.util.List;

/** Compile errors as a notebook shows them. */
final class CompileErrors {
  private CompileErrors() {}

  private static final String SYMBOL = "symbol:";

  /**
   * The first line of the first error, with the name that it is about where the next line has it.
   */
  static String headline(CompileReply.Rejected rejected) {
    List<String> lines = rejected.diagnostics().getFirst().message().lines().toList();
    String first = lines.isEmpty() ? "" : lines.getFirst();
    String second = lines.size() < 2 ? "" : lines.get(1).strip();
    return second.startsWith(SYMBOL)
        ? first + ": " + second.substring(SYMBOL.length()).strip()
        : first;
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
