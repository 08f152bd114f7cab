package hydrocell.executor.compiler;

import hydrocell.cell.message.CompileReply;
import java.util.List;
import java.util.Set;

/** Whether a source could be run as it is, by its tokens and javac's parser alone. */
final class Completeness {
  private static final String INDENT = "  ";
  private static final Set<String> GO_ON =
      Set.of(
          "=", "+", "-", "*", "/", "%", "&", "|", "^", "<", ">", "?", ":", ",", ".", "->", "::",
          "@", "!", "~");

  private Completeness() {}

  static CompileReply.Completeness of(long id, String source, Javac javac) {
    List<Token> tokens = Token.scan(source);
    if (tokens.isEmpty()) {
      return new CompileReply.Completeness(id, "complete", "");
    }
    Token last = tokens.getLast();
    int open = openBrackets(tokens);
    boolean unclosed =
        last.kind() == Token.Kind.UNCLOSED
            && (last.text().startsWith("/*") || last.text().startsWith("\"\"\""));
    if (unclosed || open > 0) {
      return new CompileReply.Completeness(id, "incomplete", INDENT.repeat(Math.max(0, open)));
    }
    if (open < 0 || last.kind() == Token.Kind.UNCLOSED) {
      return new CompileReply.Completeness(id, "invalid", "");
    }
    boolean increment =
        tokens.size() > 1
            && (last.is("+") || last.is("-"))
            && tokens.get(tokens.size() - 2).is(last.text());
    if (GO_ON.contains(last.text()) && last.kind() == Token.Kind.SYMBOL && !increment) {
      return new CompileReply.Completeness(id, "incomplete", INDENT);
    }
    CellSplitter.Parts parts = CellSplitter.split(source);
    Statements statements = Statements.parse(parts.statements(), javac, false);
    if (statements.errors().isEmpty()) {
      return new CompileReply.Completeness(id, "complete", "");
    }
    boolean endsEarly =
        statements.errors().stream()
            .anyMatch(e ->
                e.message().contains("illegal start of") && e.endColumn() > 0 && atEnd(e, source));
    return new CompileReply.Completeness(id, endsEarly ? "incomplete" : "invalid", "");
  }

  private static boolean atEnd(hydrocell.cell.Diagnostic error, String source) {
    return error.line() >= source.stripTrailing().lines().count()
        && error.column() > source.stripTrailing().lines().reduce("", (a, b) -> b).length();
  }

  private static int openBrackets(List<Token> tokens) {
    int open = 0;
    for (Token token : tokens) {
      if (token.is("(") || token.is("[") || token.is("{")) {
        open++;
      } else if (token.is(")") || token.is("]") || token.is("}")) {
        open--;
      }
    }
    return open;
  }
}
