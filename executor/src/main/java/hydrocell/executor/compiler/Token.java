package hydrocell.executor.compiler;

import java.util.ArrayList;
import java.util.List;

/**
 * A token of Java, as much as splitting a cell needs. Comments and white space are left out.
 *
 * @param kind what it is
 * @param text its spelling
 * @param start where it begins, in UTF-16 units
 * @param end where it ends
 * @param depth how many brackets of any kind are open around it
 */
record Token(Kind kind, String text, int start, int end, int depth) {
  enum Kind {
    WORD,
    LITERAL,
    SYMBOL,
    /** A string, comment or character literal that the source does not close. */
    UNCLOSED
  }

  boolean is(String symbol) {
    return kind != Kind.LITERAL && text.equals(symbol);
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }

  /** Takes a source apart. Never fails: what is not closed is one last token. */
  static List<Token> scan(String source) {
    List<Token> tokens = new ArrayList<>();
    int depth = 0;
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      int end;
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      } else if (source.startsWith("//", at)) {
        int line = source.indexOf('\n', at);
        at = line < 0 ? source.length() : line;
        continue;
      } else if (source.startsWith("/*", at)) {
        int close = source.indexOf("*/", at + 2);
        if (close < 0) {
          tokens.add(new Token(Kind.UNCLOSED, "/*", at, source.length(), depth));
          return tokens;
        }
        at = close + 2;
        continue;
      } else if (c == '"' || c == '\'') {
        end = literalEnd(source, at);
        Kind kind = end < 0 ? Kind.UNCLOSED : Kind.LITERAL;
        int stop = end < 0 ? source.length() : end;
        tokens.add(new Token(kind, source.substring(at, stop), at, stop, depth));
        at = stop;
        continue;
      } else if (Character.isJavaIdentifierStart(c)) {
        end = at + 1;
        while (end < source.length() && Character.isJavaIdentifierPart(source.charAt(end))) {
          end++;
        }
        tokens.add(new Token(Kind.WORD, source.substring(at, end), at, end, depth));
        at = end;
        continue;
      } else if (Character.isDigit(c)) {
        end = numberEnd(source, at);
        tokens.add(new Token(Kind.LITERAL, source.substring(at, end), at, end, depth));
        at = end;
        continue;
      }
      if (c == ')' || c == ']' || c == '}') {
        depth = Math.max(0, depth - 1);
      }
      end = source.startsWith("->", at) || source.startsWith("::", at) ? at + 2 : at + 1;
      tokens.add(new Token(Kind.SYMBOL, source.substring(at, end), at, end, depth));
      if (c == '(' || c == '[' || c == '{') {
        depth++;
      }
      at = end;
    }
    return tokens;
  }

  private static int numberEnd(String source, int start) {
    int end = start + 1;
    while (end < source.length()) {
      char c = source.charAt(end);
      boolean exponentSign =
          (c == '+' || c == '-')
              && "eEpP".indexOf(source.charAt(end - 1)) >= 0
              && !source.startsWith("0x", start);
      if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !exponentSign) {
        break;
      }
      end++;
    }
    return end;
  }

  /** End of a string, text block or character; -1 when it is not closed. */
  private static int literalEnd(String source, int start) {
    boolean block = source.startsWith("\"\"\"", start);
    String quote = block ? "\"\"\"" : source.substring(start, start + 1);
    int at = start + quote.length();
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '\\') {
        at += 2;
      } else if (source.startsWith(quote, at)) {
        return at + quote.length();
      } else if (c == '\n' && !block) {
        return -1;
      } else {
        at++;
      }
    }
    return -1;
  }
}
