package hydrocell.executor.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The modifiers and annotations of a declaration, taken apart. */
final class Modifiers {
  private Modifiers() {}

  /**
   * A modifier or an annotation with its arguments.
   *
   * @param start where it begins in the modifiers
   * @param end where it ends
   */
  record Part(String text, int start, int end) {}

  /** The annotations, and those of the words that are to be kept; in order. */
  static List<Part> kept(String modifiers, Set<String> words) {
    List<Part> kept = new ArrayList<>();
    List<Token> tokens = Token.scan(modifiers);
    for (int at = 0; at < tokens.size(); at++) {
      int last = at;
      boolean annotation = tokens.get(at).is("@");
      if (annotation) {
        last = annotationEnd(tokens, at + 1);
      } else if (tokens.get(at).is("non") && at + 2 < tokens.size()) {
        last = at + 2;
      }
      int start = tokens.get(at).start();
      int end = tokens.get(last).end();
      String text = modifiers.substring(start, end);
      if (annotation || words.contains(text.replaceAll("\\s", ""))) {
        kept.add(new Part(text, start, end));
      }
      at = last;
    }
    return kept;
  }

  /** Index of the last token of an annotation whose name begins here. */
  static int annotationEnd(List<Token> tokens, int name) {
    int last = Math.min(name, tokens.size() - 1);
    while (last + 2 < tokens.size() && tokens.get(last + 1).is(".")) {
      last += 2;
    }
    if (last + 1 >= tokens.size() || !tokens.get(last + 1).is("(")) {
      return last;
    }
    int depth = tokens.get(last + 1).depth();
    for (int i = last + 2; i < tokens.size(); i++) {
      if (tokens.get(i).depth() == depth) {
        return i;
      }
    }
    return tokens.size() - 1;
  }
}
