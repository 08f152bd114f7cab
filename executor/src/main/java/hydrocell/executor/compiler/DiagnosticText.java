package hydrocell.executor.compiler;

import hydrocell.cell.Diagnostic;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;

/** What javac says, in the cell's own lines and the user's own names. */
final class DiagnosticText {
  private DiagnosticText() {}

  /**
   * A diagnostic placed in the cell.
   *
   * @param start offset in the cell; -1 when it has no place there
   * @param end offset after the marked text
   */
  static Diagnostic at(String source, int start, int end, String message) {
    if (start < 0) {
      return new Diagnostic(0, 0, 0, true, message);
    }
    int at = Math.min(start, source.length());
    int lineStart = source.lastIndexOf('\n', at - 1) + 1;
    int newline = source.indexOf('\n', at);
    int lineEnd = newline < 0 ? source.length() : newline;
    int line = 1 + (int) source.substring(0, lineStart).chars().filter(c -> c == '\n').count();
    int column = at - lineStart + 1;
    int endColumn = Math.max(column + 1, Math.min(end, lineEnd) - lineStart + 1);
    String shown = source.substring(lineStart, lineEnd).replace("\r", "").replace('\t', ' ');
    String caret = " ".repeat(column - 1) + "^" + "~".repeat(Math.max(0, endColumn - column - 1));
    return new Diagnostic(line, column, endColumn, true, message + "\n" + shown + "\n" + caret);
  }

  /** The message alone, without generated names and places. */
  static String message(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    return said.getMessage(Locale.ROOT)
        .lines()
        .filter(line -> !line.strip().startsWith("location: class") || !line.contains("$"))
        .map(GeneratedNames::clean)
        .map(line -> line.replaceAll("\\bjava\\.(lang|util)\\.(?=[A-Z])", ""))
        .map(line -> line.strip().replaceAll("^(symbol|location): +", "$1: "))
        .collect(Collectors.joining("\n"));
  }

  /** Whether the message says that a name is not known. */
  static boolean isUnresolved(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    String code = String.valueOf(said.getCode());
    return code.startsWith("compiler.err.cant.resolve") || code.equals("compiler.err.doesnt.exist");
  }

  /** The name that is not known; empty when the message names none. */
  static String unresolvedName(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    return said.getMessage(Locale.ROOT)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("symbol:"))
        .map(line -> line.replaceAll("^symbol: *\\w+ +([\\w$]+).*$", "$1"))
        .findFirst()
        .orElse("");
  }
}
