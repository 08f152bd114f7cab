package hydrocell.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The string of Java that a cursor stands in.
 *
 * @param start of its text, after the quote, in UTF-16 units
 * @param typed its text as far as the cursor
 */
record StringLiteral(int start, String typed) {
  /** The string around a place; null when that is not in one, or in a text block. */
  static @Nullable StringLiteral at(String code, int cursor) {
    int at = 0;
    while (at < cursor) {
      int end;
      if (code.startsWith("//", at)) {
        end = after(code, "\n", at);
      } else if (code.startsWith("/*", at)) {
        end = after(code, "*/", at + 2);
      } else if (code.startsWith("\"\"\"", at)) {
        end = closed(code, "\"\"\"", at + 3);
      } else if (code.charAt(at) == '"') {
        end = closed(code, "\"", at + 1);
        if (end > cursor) {
          String typed = code.substring(at + 1, cursor);
          return typed.contains("\\") ? null : new StringLiteral(at + 1, typed);
        }
      } else {
        end = code.charAt(at) == '\'' ? closed(code, "'", at + 1) : at + 1;
      }
      at = end;
    }
    return null;
  }

  private static int after(String code, String what, int from) {
    int found = code.indexOf(what, from);
    return found < 0 ? code.length() + 1 : found + what.length();
  }

  /** The place after a closing quote, or after the line's end where there is none. */
  private static int closed(String code, String quote, int from) {
    int at = from;
    while (at < code.length()) {
      if (code.startsWith(quote, at)) {
        return at + quote.length();
      }
      if (code.charAt(at) == '\n' && quote.length() == 1) {
        return at + 1;
      }
      at += code.charAt(at) == '\\' ? 2 : 1;
    }
    return code.length() + 1;
  }
}
