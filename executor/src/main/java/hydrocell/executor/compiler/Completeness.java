package hydrocell.executor.compiler;

import hydrocell.cell.message.CompileReply;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whether a cell could be run as it is, and how its next line is indented when it goes on. What is
 * complete parses; what only lacks an end parses with one of a few endings; all else is invalid.
 */
final class Completeness {
  private static final String UNIT = "    ";

  /** What may be missing at the end, likely ones first. */
  private static final List<String> ENDINGS =
      List.of(
          " x;",
          ";",
          "{}",
          " {}",
          "(){}",
          " f() {}",
          " void f() {}",
          " X {}",
          " X;",
          "();",
          " while (true);",
          " finally {}",
          " x: ;",
          "> x;",
          ">> x;",
          "[0];",
          " java.util.List;");

  private final String source;
  private final List<Token> tokens;
  private final Predicate<String> parses;

  private Completeness(String source, List<Token> tokens, Predicate<String> parses) {
    this.source = source;
    this.tokens = tokens;
    this.parses = parses;
  }

  static CompileReply.Completeness of(long id, String source, Javac javac) {
    List<Token> tokens = Token.scan(source);
    Completeness completeness = new Completeness(source, tokens, text -> parses(text, javac));
    String status = completeness.status();
    return new CompileReply.Completeness(
        id, status, status.equals("incomplete") ? completeness.indent() : "");
  }

  private static boolean parses(String text, Javac javac) {
    CellSplitter.Parts parts = CellSplitter.split(text);
    return Statements.parse(parts.statements(), javac, false).errors().isEmpty();
  }

  private String status() {
    if (tokens.isEmpty()) {
      return "complete";
    }
    Token last = tokens.getLast();
    Brackets brackets = Brackets.of(tokens);
    if (last.kind() == Token.Kind.UNCLOSED) {
      return isLong(last) ? "incomplete" : "invalid";
    }
    if (brackets.mismatched()) {
      return "invalid";
    }
    if (!brackets.open().isEmpty()) {
      return "incomplete";
    }
    boolean startsMore = beginsStatement();
    if (!startsMore && parses.test(source)) {
      return "complete";
    }
    return startsMore || ENDINGS.stream().anyMatch(each -> parses.test(source + "\n" + each))
        ? "incomplete"
        : "invalid";
  }

  /** A comment or text block, which may have more lines. */
  private static boolean isLong(Token unclosed) {
    return unclosed.text().startsWith("/*") || unclosed.text().startsWith("\"\"\"");
  }

  /**
   * Whether a statement or declaration has only begun: an empty statement would make it complete
   * for javac, as in {@code if (x)}.
   */
  private boolean beginsStatement() {
    Token last = tokens.getLast();
    boolean goesOn =
        last.is("else") || last.is("do") || last.is("->") || last.is("=") || last.is(":");
    if (goesOn || isAnnotation() || lacksBody() || isOpenType()) {
      return true;
    }
    if (!last.is(")")) {
      return false;
    }
    int open = tokens.size() - 2;
    while (open >= 0 && tokens.get(open).depth() > last.depth()) {
      open--;
    }
    return open > 0
        && List.of("if", "for", "while").contains(tokens.get(open - 1).text())
        && !endsDo(open - 1);
  }

  /** Whether a declaration is there as far as its body, or an import as far as a dot. */
  private boolean lacksBody() {
    CellSplitter.Parts parts = CellSplitter.split(source);
    return Stream.concat(parts.types().stream(), parts.methods().stream())
            .anyMatch(each -> Token.scan(each.text()).stream().noneMatch(t -> t.is("{")))
        || parts.imports().stream()
            .map(each -> each.name().text())
            .anyMatch(text -> text.isEmpty() || text.endsWith(".") || text.endsWith(" "));
  }

  /** {@code List<String} reads like a comparison, but types are not compared. */
  private boolean isOpenType() {
    int angles = 0;
    for (Token token : tokens.reversed()) {
      String text = token.text();
      boolean typeName =
          token.isWord()
              && Character.isUpperCase(text.charAt(0))
              && (text.length() == 1 || text.chars().anyMatch(Character::isLowerCase));
      if (token.is("<")) {
        angles++;
      } else if (token.is(">")) {
        angles--;
      } else if (!typeName && !token.is(",") && !token.is("?") && !token.is(".")) {
        break;
      }
    }
    return angles > 0;
  }

  /** Whether a {@code while} ends a loop that began with {@code do}. */
  private boolean endsDo(int at) {
    return tokens.get(at).is("while")
        && at > 0
        && tokens.get(at - 1).is("}")
        && tokens.stream().anyMatch(token -> token.depth() == 0 && token.is("do"));
  }

  private boolean isAnnotation() {
    int at = tokens.size() - 1;
    if (tokens.get(at).is(")")) {
      while (at > 0 && tokens.get(at - 1).depth() > 0) {
        at--;
      }
      at -= 2;
    }
    while (at > 1 && tokens.get(at).isWord() && tokens.get(at - 1).is(".")) {
      at -= 2;
    }
    return at > 0 && tokens.get(at).isWord() && tokens.get(at - 1).is("@");
  }

  /** What the next line begins with. */
  private String indent() {
    Token last = tokens.getLast();
    String line = lineAt(source.stripTrailing().length());
    if (last.kind() == Token.Kind.UNCLOSED) {
      if (last.text().startsWith("/*")) {
        return leading(line)
            + (line.strip().startsWith("/*") ? " * " : line.strip().startsWith("*") ? "* " : "");
      }
      boolean first = source.lastIndexOf('\n') < last.start();
      return leading(line) + (first ? unit() : "");
    }
    List<Token> open = Brackets.of(tokens).open();
    if (!open.isEmpty()) {
      String inside = leading(lineAt(open.getLast().start())) + unit();
      boolean goesOn = !isStatementEnd(last) && open.getLast() != last && open.getLast().is("{");
      return goesOn && !isAnnotation() ? inside + (beginsMember(last) ? "" : unit()) : inside;
    }
    return isAnnotation() ? leading(line) : leading(firstLineOfStatement()) + unit();
  }

  private static boolean isStatementEnd(Token token) {
    return token.is(";") || token.is("}") || token.is("{") || token.is(":");
  }

  private static boolean beginsMember(Token last) {
    return last.is(",");
  }

  /** The line in which the last statement outside all brackets begins. */
  private String firstLineOfStatement() {
    for (int i = tokens.size() - 2; i >= 0; i--) {
      Token token = tokens.get(i);
      if (token.depth() == 0 && (token.is(";") || token.is("}"))) {
        return lineAt(tokens.get(i + 1).start());
      }
    }
    return lineAt(tokens.getFirst().start());
  }

  private String lineAt(int offset) {
    int start = source.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
    int end = source.indexOf('\n', start);
    return source.substring(start, end < 0 ? source.length() : end);
  }

  private static String leading(String line) {
    return line.substring(0, line.length() - line.stripLeading().length());
  }

  /** How far the cell indents: the least that one of its lines does. */
  private String unit() {
    String least = "";
    for (String line : source.lines().toList()) {
      String leading = leading(line);
      boolean code = !line.isBlank() && !line.strip().startsWith("*");
      if (code && !leading.isEmpty() && (least.isEmpty() || leading.length() < least.length())) {
        least = leading;
      }
    }
    return least.isEmpty() ? UNIT : least;
  }
}
