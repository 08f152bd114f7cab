package hydrocell.kernel.magic;

/**
 * Reads Java as far as it takes to know, after each line, whether a statement could begin there:
 * comments, strings, text blocks and brackets. Not thread-safe.
 */
final class JavaScan {
  private static final String TEXT_BLOCK = "\"\"\"";

  /** What may stand last in a line that goes on below. */
  private static final String GOES_ON = "=+-*/%&|^<>!?:,.(~";

  private boolean inComment;
  private boolean inTextBlock;
  private int open;
  private char last = ';';

  /** Reads whole lines. */
  void read(String text) {
    int at = 0;
    while (at < text.length()) {
      at = inComment ? skipTo("*/", text, at) : inTextBlock ? textBlock(text, at) : code(text, at);
    }
  }

  private int skipTo(String end, String text, int from) {
    int found = text.indexOf(end, from);
    inComment = found < 0;
    return found < 0 ? text.length() : found + end.length();
  }

  private int textBlock(String text, int from) {
    for (int at = from; at < text.length(); at++) {
      if (text.charAt(at) == '\\') {
        at++;
      } else if (text.startsWith(TEXT_BLOCK, at)) {
        inTextBlock = false;
        return at + TEXT_BLOCK.length();
      }
    }
    return text.length();
  }

  private int code(String text, int at) {
    if (text.startsWith("//", at)) {
      int end = text.indexOf('\n', at);
      return end < 0 ? text.length() : end;
    } else if (text.startsWith("/*", at)) {
      inComment = true;
      return at + 2;
    } else if (text.startsWith(TEXT_BLOCK, at)) {
      inTextBlock = true;
      last = '"';
      return at + TEXT_BLOCK.length();
    }
    char c = text.charAt(at);
    if (c == '"' || c == '\'') {
      last = c;
      return literal(text, at + 1, c);
    }
    if (c == '(' || c == '[' || c == '{') {
      open++;
    } else if (c == ')' || c == ']' || c == '}') {
      open--;
    }
    if (!Character.isWhitespace(c)) {
      last = c;
    }
    return at + 1;
  }

  private static int literal(String text, int from, char quote) {
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == quote || c == '\n') {
        return at + 1;
      }
    }
    return text.length();
  }

  /** Whether the next line begins in a comment, a text block or a bracket. */
  boolean isInside() {
    return inComment || inTextBlock || open > 0;
  }

  /** Whether the next line begins a statement. */
  boolean isBetweenStatements() {
    return !isInside() && (last == ';' || last == '}');
  }

  /** Whether what was read may be a whole expression without its semicolon. */
  boolean mayEnd() {
    return !isInside() && GOES_ON.indexOf(last) < 0;
  }
}
