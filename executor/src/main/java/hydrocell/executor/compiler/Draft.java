package hydrocell.executor.compiler;

import java.util.List;
import java.util.Set;

/**
 * A cell that is being written, with the name at the cursor marked so that it is found again in
 * javac's trees. What the line leaves open is closed, lest javac read it together with the next
 * one. Immutable.
 */
final class Draft {
  /** What the name at the cursor ends with. */
  static final String MARK = "$cursor$";

  /** What a line may begin with that goes on with the one before. */
  private static final Set<String> GOES_ON =
      Set.of(
          ".",
          ")",
          "]",
          "}",
          ",",
          ";",
          ":",
          "::",
          "?",
          "->",
          "+",
          "-",
          "*",
          "/",
          "%",
          "=",
          "<",
          ">",
          "&",
          "|",
          "^",
          "{",
          "(",
          "instanceof",
          "extends",
          "implements",
          "permits",
          "throws");

  private final String head;
  private final String typed;
  private final String text;
  private final List<Token> tokens;
  private final int marked;

  private Draft(String head, String typed, String tail) {
    this.head = head;
    this.typed = typed;
    String plain = head + typed + MARK + tail;
    List<Token> scanned = Token.scan(plain);
    int at = markedIn(scanned);
    String ending = at < 0 ? "" : ending(scanned, at, plain);
    this.text = ending.isEmpty() ? plain : head + typed + MARK + ending + tail;
    this.tokens = ending.isEmpty() ? scanned : Token.scan(text);
    this.marked = at;
  }

  /** The cell with the cursor there, in UTF-16 units. */
  static Draft at(String source, int cursor) {
    int start = cursor;
    while (start > 0 && Character.isJavaIdentifierPart(source.charAt(start - 1))) {
      start--;
    }
    int end = cursor;
    while (end < source.length() && Character.isJavaIdentifierPart(source.charAt(end))) {
      end++;
    }
    return new Draft(
        source.substring(0, start), source.substring(start, cursor), source.substring(end));
  }

  /** The same without what stands behind the cursor. */
  Draft cut() {
    return new Draft(head, typed, "");
  }

  private static int markedIn(List<Token> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isWord() && tokens.get(i).text().endsWith(MARK)) {
        return i;
      }
    }
    return -1;
  }

  /** What ends the statement at the cursor when the next line does not go on with it. */
  private static String ending(List<Token> tokens, int at, String text) {
    Token mark = tokens.get(at);
    if (at + 1 >= tokens.size() || (at > 0 && tokens.get(at - 1).is("@"))) {
      return "";
    }
    Token next = tokens.get(at + 1);
    boolean sameLine = text.indexOf('\n', mark.end()) > next.start() - 1;
    if (sameLine || text.indexOf('\n', mark.end()) < 0 || GOES_ON.contains(next.text())) {
      return "";
    }
    Brackets all = Brackets.of(tokens);
    List<Token> unclosed =
        Brackets.of(tokens.subList(0, at)).innermostWithoutBraces().stream()
            .filter(bracket -> !all.isClosed(bracket))
            .toList();
    return Brackets.closing(unclosed) + ";";
  }

  /** The cell with its mark. */
  String text() {
    return text;
  }

  /** Where the word at the cursor begins. */
  int start() {
    return head.length();
  }

  /** The word as far as the cursor. */
  String typed() {
    return typed;
  }

  /** Whether the cursor is in code: not in a comment, a string or a number. */
  boolean isCode() {
    return marked >= 0 && tokens.get(marked).text().equals(typed + MARK);
  }

  /** Whether arguments stand behind the word already. */
  boolean isCalled() {
    return follows("(");
  }

  /** Whether this symbol is the next thing in the line. */
  boolean follows(String symbol) {
    if (marked + 1 >= tokens.size() || !tokens.get(marked + 1).is(symbol)) {
      return false;
    }
    return text.substring(tokens.get(marked).end(), tokens.get(marked + 1).start()).indexOf('\n')
        < 0;
  }

  /** The token that many places before the word; a space when there is none. */
  String before(int places) {
    return marked - places < 0 ? " " : tokens.get(marked - places).text();
  }

  /**
   * The words and symbols of the import declaration that the cursor is in, after {@code import} and
   * before the word; null when it is in none.
   */
  @org.jspecify.annotations.Nullable
  List<String> importPath() {
    int at = marked - 1;
    while (at >= 0 && (tokens.get(at).isWord() || tokens.get(at).is("."))) {
      if (tokens.get(at).is("import")) {
        return tokens.subList(at + 1, marked).stream().map(Token::text).toList();
      }
      at--;
    }
    return null;
  }
}
