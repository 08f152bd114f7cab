package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Takes the imports, methods and types out of a cell; what is left are its statements, at the
 * places where they stood. A declaration can begin only where a statement can, and none of what may
 * follow a closing brace inside an expression looks like one, so tokens are enough to find them.
 */
final class CellSplitter {
  private static final Set<String> MODIFIERS =
      Set.of(
          "public",
          "protected",
          "private",
          "static",
          "final",
          "abstract",
          "native",
          "synchronized",
          "transient",
          "volatile",
          "strictfp",
          "default",
          "sealed");
  private static final Set<String> OF_FIELDS =
      Set.of("public", "protected", "private", "static", "transient", "volatile");
  private static final Set<String> NO_TYPE =
      Set.of(
          "new",
          "return",
          "throw",
          "yield",
          "else",
          "assert",
          "case",
          "do",
          "goto",
          "package",
          "import",
          "if",
          "while",
          "for",
          "switch",
          "try",
          "catch",
          "finally",
          "break",
          "continue",
          "synchronized",
          "instanceof",
          "this",
          "super",
          "class",
          "interface",
          "enum");

  private final String source;
  private final List<Token> tokens;
  private final List<Declaration> imports = new ArrayList<>();
  private final List<Declaration> methods = new ArrayList<>();
  private final List<Declaration> types = new ArrayList<>();
  private final StringBuilder statements;

  /**
   * What a cell is made of.
   *
   * @param imports in order; the text ends before the semicolon
   * @param methods in order
   * @param types in order
   * @param statements the source with everything else blanked out
   */
  record Parts(
      List<Declaration> imports,
      List<Declaration> methods,
      List<Declaration> types,
      String statements) {}

  private CellSplitter(String source) {
    this.source = source;
    this.tokens = Token.scan(source);
    this.statements = new StringBuilder(source);
  }

  static Parts split(String source) {
    return new CellSplitter(source).run();
  }

  private Parts run() {
    int at = 0;
    boolean fresh = true;
    while (at < tokens.size()) {
      Token token = tokens.get(at);
      if (token.depth() == 0 && fresh) {
        int next = declarationEnd(at);
        if (next > at) {
          at = next;
          continue;
        }
      }
      fresh =
          token.depth() == 0 && (token.is(";") || token.is("}") || (token.is(":") && isLabel(at)));
      at++;
    }
    return new Parts(imports, methods, SealedTypes.complete(types), statements.toString());
  }

  private boolean isLabel(int at) {
    return at > 0
        && tokens.get(at - 1).isWord()
        && (at == 1 || tokens.get(at - 2).is(";") || tokens.get(at - 2).is("}"));
  }

  /**
   * Takes the declaration out that begins here; the index after it, or {@code at} if there is none.
   */
  private int declarationEnd(int at) {
    if (tokens.get(at).is("import")) {
      return takeImport(at);
    }
    int body = skipModifiers(at);
    if (body >= tokens.size()) {
      return at;
    }
    if (isTypeStart(body)) {
      int name = tokens.get(body).is("@") ? body + 2 : body + 1;
      return take(types, Kind.TYPE, at, body, name, braceAfter(name));
    }
    int name = methodName(body);
    if (name < 0) {
      blankModifiers(at, body);
      return at;
    }
    return take(methods, Kind.METHOD, at, body, name, braceAfter(name));
  }

  /** A variable of a cell may have the modifiers of a field, which those of a method may not. */
  private void blankModifiers(int from, int to) {
    for (Token token : tokens.subList(from, to)) {
      if (token.depth() == 0 && OF_FIELDS.contains(token.text())) {
        blank(token.start(), token.end());
      }
    }
  }

  private int takeImport(int at) {
    int end = at + 1;
    while (end < tokens.size() && !tokens.get(end).is(";")) {
      end++;
    }
    int stop = end < tokens.size() ? tokens.get(end).end() : source.length();
    StringBuilder what = new StringBuilder();
    for (Token word : tokens.subList(at + 1, end)) {
      what.append(word.text());
      if (word.isWord() && (word.is("static") || word.is("module"))) {
        what.append(' ');
      }
    }
    int start = tokens.get(at).start();
    imports.add(
        new Declaration(
            new Name(Kind.IMPORT, what.toString()), source.substring(start, stop), start, 0, ""));
    blank(start, stop);
    return end + 1;
  }

  private int skipModifiers(int at) {
    int next = at;
    while (next < tokens.size()) {
      Token token = tokens.get(next);
      if (token.is("@") && next + 1 < tokens.size() && !tokens.get(next + 1).is("interface")) {
        next = skipAnnotation(next + 1);
      } else if (token.is("non") && next + 2 < tokens.size() && tokens.get(next + 2).is("sealed")) {
        next += 3;
      } else if (token.is("synchronized")
          && next + 1 < tokens.size()
          && tokens.get(next + 1).is("(")) {
        return at;
      } else if (token.isWord() && MODIFIERS.contains(token.text())) {
        next++;
      } else {
        break;
      }
    }
    return next;
  }

  private int skipAnnotation(int name) {
    return Modifiers.annotationEnd(tokens, name) + 1;
  }

  private boolean isTypeStart(int at) {
    Token token = tokens.get(at);
    boolean named = at + 1 < tokens.size() && tokens.get(at + 1).isWord();
    if (token.is("@")) {
      return named && tokens.get(at + 1).is("interface");
    }
    if (token.is("record")) {
      return named
          && at + 2 < tokens.size()
          && (tokens.get(at + 2).is("(") || tokens.get(at + 2).is("<"));
    }
    return named && (token.is("class") || token.is("interface") || token.is("enum"));
  }

  /** Index of the name of the method that begins here; -1 when none does. */
  private int methodName(int at) {
    int next = at;
    if (tokens.get(next).is("<")) {
      next = closingAngle(next) + 1;
    }
    if (next >= tokens.size()
        || !tokens.get(next).isWord()
        || NO_TYPE.contains(tokens.get(next).text())) {
      return -1;
    }
    next++;
    while (next < tokens.size()) {
      Token token = tokens.get(next);
      if (token.is(".") && next + 1 < tokens.size() && tokens.get(next + 1).isWord()) {
        next += 2;
      } else if (token.is("<")) {
        next = closingAngle(next) + 1;
      } else if (token.is("[") && next + 1 < tokens.size() && tokens.get(next + 1).is("]")) {
        next += 2;
      } else {
        break;
      }
    }
    if (next + 1 >= tokens.size() || !tokens.get(next).isWord() || !tokens.get(next + 1).is("(")) {
      return -1;
    }
    int after = closing(next + 1) + 1;
    while (after + 1 < tokens.size()
        && tokens.get(after).is("[")
        && tokens.get(after + 1).is("]")) {
      after += 2;
    }
    boolean method =
        after < tokens.size() && (tokens.get(after).is("{") || tokens.get(after).is("throws"));
    return method ? next : -1;
  }

  private int closingAngle(int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.is("<")) {
        depth++;
      } else if (token.is(">") && --depth == 0) {
        return i;
      } else if (token.is(";") || token.is("{") || token.is("(")) {
        return i;
      }
    }
    return tokens.size() - 1;
  }

  private int closing(int open) {
    int depth = tokens.get(open).depth();
    for (int i = open + 1; i < tokens.size(); i++) {
      if (tokens.get(i).depth() == depth) {
        return i;
      }
    }
    return tokens.size() - 1;
  }

  /** Index of the brace that closes the body after {@code from}; the last token when none does. */
  private int braceAfter(int from) {
    for (int i = from; i < tokens.size(); i++) {
      if (tokens.get(i).is("{") && tokens.get(i).depth() == 0) {
        return closing(i);
      }
    }
    return tokens.size() - 1;
  }

  private int take(List<Declaration> into, Kind kind, int at, int body, int name, int last) {
    int start = tokens.get(at).start();
    int bodyStart = tokens.get(body).start();
    int end = tokens.get(last).end();
    into.add(
        new Declaration(
            new Name(kind, tokens.get(name).text()),
            source.substring(start, end),
            start,
            bodyStart - start,
            source.substring(start, bodyStart),
            Comments.before(source, start)));
    blank(start, end);
    return last + 1;
  }

  private void blank(int start, int end) {
    for (int i = start; i < end; i++) {
      if (statements.charAt(i) != '\n') {
        statements.setCharAt(i, ' ');
      }
    }
  }

  /** The words of a source that could be names. */
  static Set<String> words(String source) {
    Set<String> words = new java.util.LinkedHashSet<>();
    for (Token token : Token.scan(source)) {
      if (token.isWord()) {
        words.add(token.text());
      }
    }
    return words;
  }
}
