package hydrocell.kernel.debug;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expression that is evaluated by reading a suspended JVM, in which nothing runs: names, fields,
 * elements, literals, arithmetic, comparisons, and those methods that only read what {@link
 * Readings} knows how to read. Everything else is refused with words for the user. Immutable.
 *
 * <p>Values are what JDI gives for objects, and otherwise Java's own boxes and strings.
 */
final class Expression {
  private static final int MAX_CHARS = 2_000;
  private static final int MAX_DEPTH = 50;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?[lLdDfF]?)"
              + "|(?<word>\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)"
              + "|(?<text>\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)+')"
              + "|(?<sign>\\|\\||&&|==|!=|<=|>=|[-+*/%<>!().,\\[\\]]))");

  private static final List<List<String>> OPERATORS =
      List.of(
          List.of("||"),
          List.of("&&"),
          List.of("==", "!="),
          List.of("<", ">", "<=", ">="),
          List.of("+", "-"),
          List.of("*", "/", "%"));

  private static final Map<String, Object> CONSTANTS = Map.of("true", true, "false", false);

  private final Node root;

  private Expression(Node root) {
    this.root = root;
  }

  /** It cannot be evaluated; the message says why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** Where names have values. */
  interface Names {
    /** The value of a name. */
    @Nullable Object value(String name) throws RefusedException;
  }

  private interface Node {
    @Nullable Object value(Names names) throws RefusedException;
  }

  /** Reads an expression. */
  static Expression parse(String text) throws RefusedException {
    if (text.isBlank() || text.length() > MAX_CHARS) {
      throw new RefusedException("an expression has 1 to %,d characters".formatted(MAX_CHARS));
    }
    Parser parser = new Parser(tokens(text.strip()));
    Node root = parser.binary(0);
    if (!parser.peek().isEmpty()) {
      throw refused(parser.peek());
    }
    return new Expression(root);
  }

  /** Its value now. */
  @Nullable Object value(Names names) throws RefusedException {
    return root.value(names);
  }

  private static RefusedException refused(String token) {
    return new RefusedException(
        "'%s' is not understood here: the debugger reads values and runs no code, so it knows names,"
                .formatted(token)
            + " fields, elements, arithmetic, comparisons, and size(), get(…), length(), charAt(…),"
            + " isEmpty(), equals(…), name() and a record's parts");
  }

  private static List<String> tokens(String text) throws RefusedException {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw refused(text.substring(at).strip());
      }
      tokens.add(matcher.group().strip());
      at = matcher.end();
    }
    return tokens;
  }

  private static final class Parser {
    private final List<String> tokens;
    private int at;
    private int depth;

    Parser(List<String> tokens) {
      this.tokens = tokens;
    }

    String peek() {
      return at < tokens.size() ? tokens.get(at) : "";
    }

    private String next() {
      String token = peek();
      at++;
      return token;
    }

    private boolean take(String sign) {
      boolean there = peek().equals(sign);
      at += there ? 1 : 0;
      return there;
    }

    private void expect(String sign) throws RefusedException {
      if (!take(sign)) {
        throw new RefusedException(
            "'%s' is missing before '%s'".formatted(sign, peek().isEmpty() ? "the end" : peek()));
      }
    }

    Node binary(int level) throws RefusedException {
      if (level == OPERATORS.size()) {
        return unary();
      }
      Node left = binary(level + 1);
      while (OPERATORS.get(level).contains(peek())) {
        left = binary(left, next(), binary(level + 1));
      }
      return left;
    }

    private static Node binary(Node left, String operator, Node right) {
      return switch (operator) {
        case "||" ->
            names -> Operations.truth(left.value(names)) || Operations.truth(right.value(names));
        case "&&" ->
            names -> Operations.truth(left.value(names)) && Operations.truth(right.value(names));
        default -> names -> Operations.of(operator, left.value(names), right.value(names));
      };
    }

    private Node unary() throws RefusedException {
      if (++depth > MAX_DEPTH) {
        throw new RefusedException("the expression is nested too deeply");
      }
      try {
        if (take("!")) {
          Node of = unary();
          return names -> !Operations.truth(of.value(names));
        }
        if (take("-")) {
          Node of = unary();
          return names -> Operations.of("-", 0, of.value(names));
        }
        return selected(primary());
      } finally {
        depth--;
      }
    }

    private Node primary() throws RefusedException {
      String token = next();
      if (token.equals("(")) {
        Node inside = binary(0);
        expect(")");
        return inside;
      }
      char first = token.isEmpty() ? ' ' : token.charAt(0);
      if (Character.isDigit(first)) {
        Object number = Literal.number(token);
        return names -> number;
      }
      if (first == '"' || first == '\'') {
        Object text = Literal.text(token);
        return names -> text;
      }
      if (!Character.isJavaIdentifierStart(first) || peek().equals("(")) {
        throw token.isEmpty()
            ? new RefusedException("the expression ends too early")
            : refused(token);
      }
      if (CONSTANTS.containsKey(token) || token.equals("null")) {
        Object constant = CONSTANTS.get(token);
        return names -> constant;
      }
      return names -> names.value(token);
    }

    private Node selected(Node of) throws RefusedException {
      Node all = of;
      while (true) {
        if (take(".")) {
          all = member(all, next());
        } else if (take("[")) {
          Node array = all;
          Node index = binary(0);
          expect("]");
          all = names -> Readings.element(array.value(names), index.value(names));
        } else {
          return all;
        }
      }
    }

    private Node member(Node of, String name) throws RefusedException {
      if (name.isEmpty() || !Character.isJavaIdentifierStart(name.charAt(0))) {
        throw refused(name);
      }
      if (!take("(")) {
        return names -> Readings.field(of.value(names), name);
      }
      if (take(")")) {
        return names -> Readings.call(of.value(names), name);
      }
      Node argument = binary(0);
      expect(")");
      return names -> Readings.call(of.value(names), name, argument.value(names));
    }
  }
}
