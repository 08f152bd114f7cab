package hydrocell.executor.compiler;

import hydrocell.cell.Diagnostic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;

/** What javac says, in the cell's own lines and the user's own names. */
final class DiagnosticText {
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+) does not exist");

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
        .filter(line -> !line.contains("(use --enable-preview"))
        .map(GeneratedNames::clean)
        .map(line -> line.replaceAll("\\bjava\\.(lang|util)\\.(?=[A-Z])", ""))
        .map(line -> line.strip().replaceAll("^(symbol|location): +", "$1: "))
        .collect(Collectors.joining("\n"));
  }

  /** The class whose unit a diagnostic is about; empty when it is about none. */
  static String unitOf(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    JavaFileObject file = said.getSource();
    return file == null
        ? ""
        : file.toUri().getPath().substring(1).replace(".java", "").replace('/', '.');
  }

  /** Whether the message says that a name is not known. */
  static boolean isUnresolved(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    return String.valueOf(said.getCode()).startsWith("compiler.err.cant.resolve")
        || !packageOf(said).isEmpty();
  }

  /** Whether it is about a name alone, which a later cell may define, and not about a member. */
  static boolean mayBeDefinedLater(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    if (!isUnresolved(said)) {
      return false;
    }
    String missing = packageOf(said);
    return missing.isEmpty()
        ? !isMember(said)
        : !missing.contains(".") && Character.isUpperCase(missing.charAt(0));
  }

  /** Whether the name stands behind a dot. */
  static boolean isMember(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    JavaFileObject file = said.getSource();
    if (file == null) {
      return false;
    }
    try {
      CharSequence text = file.getCharContent(true);
      long at = said.getPosition();
      return at >= 0 && at < text.length() && ".:".indexOf(text.charAt((int) at)) >= 0;
    } catch (IOException e) {
      throw new UncheckedIOException("sources in memory cannot fail", e);
    }
  }

  /** The package that does not exist; empty when the message is about something else. */
  static String packageOf(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    Matcher matcher = PACKAGE.matcher(said.getMessage(Locale.ROOT));
    return matcher.find() ? matcher.group(1) : "";
  }

  /** The name that is not known; empty when the message names none. */
  static String unresolvedName(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    return said.getMessage(Locale.ROOT)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("symbol:"))
        .map(line -> line.replaceAll("^symbol: *\\w+ +([\\w$\\p{L}]+).*$", "$1"))
        .findFirst()
        .orElseGet(() -> packageOf(said).replaceFirst("\\..*", ""));
  }
}
