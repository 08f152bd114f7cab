package hydrocell.executor.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which brackets of a source are open. A brace that closes also closes the parentheses inside it
 * that nobody closed: so an unfinished line does not reach beyond its block. Immutable.
 */
final class Brackets {
  private final List<Token> open;
  private final Set<Token> neverClosed;
  private final boolean mismatched;

  private Brackets(List<Token> open, Set<Token> neverClosed, boolean mismatched) {
    this.open = open;
    this.neverClosed = neverClosed;
    this.mismatched = mismatched;
  }

  /** Brackets of these tokens. */
  static Brackets of(List<Token> tokens) {
    Deque<Token> open = new ArrayDeque<>();
    Set<Token> neverClosed = new HashSet<>();
    boolean mismatched = false;
    for (Token token : tokens) {
      if (isOpening(token)) {
        open.addLast(token);
      } else if (isClosing(token)) {
        String wanted = token.is(")") ? "(" : token.is("]") ? "[" : "{";
        boolean known = open.stream().anyMatch(each -> each.is(wanted));
        mismatched |= !known || !open.getLast().is(wanted);
        if (known && (wanted.equals("{") || open.getLast().is(wanted))) {
          while (!open.getLast().is(wanted)) {
            neverClosed.add(open.removeLast());
          }
          open.removeLast();
        }
      }
    }
    neverClosed.addAll(open);
    return new Brackets(List.copyOf(open), neverClosed, mismatched);
  }

  static boolean isOpening(Token token) {
    return token.is("(") || token.is("[") || token.is("{");
  }

  static boolean isClosing(Token token) {
    return token.is(")") || token.is("]") || token.is("}");
  }

  /** Brackets that are open at the end, the outermost first. */
  List<Token> open() {
    return open;
  }

  /** Whether the source closes this bracket where it should. */
  boolean isClosed(Token bracket) {
    return !neverClosed.contains(bracket);
  }

  /** Whether some bracket closes another one than it should, or none. */
  boolean mismatched() {
    return mismatched;
  }

  /** What closes these brackets, given the outermost first. */
  static String closing(List<Token> brackets) {
    StringBuilder text = new StringBuilder();
    for (Token bracket : brackets.reversed()) {
      text.append(bracket.is("(") ? ")" : bracket.is("[") ? "]" : ";}");
    }
    return text.toString();
  }

  /** The brackets around the last token that are no braces, as far as the next brace. */
  List<Token> innermostWithoutBraces() {
    List<Token> found = new ArrayList<>();
    for (Token bracket : open.reversed()) {
      if (bracket.is("{")) {
        break;
      }
      found.addFirst(bracket);
    }
    return found;
  }
}
