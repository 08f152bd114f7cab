package hydrocell.executor.compiler;

import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/**
 * The statements of a cell: which variables they declare, where the result stands, and how they are
 * written as the body of a method. All offsets are the cell's.
 */
final class Statements {
  private static final String HEAD = "class W { Object run() throws Throwable {";

  private final String source;
  private final boolean preview;
  private final List<Variable> variables = new ArrayList<>();
  private final List<javax.tools.Diagnostic<? extends JavaFileObject>> errors = new ArrayList<>();
  private UnitWriter.Unit parsedUnit;
  private int resultStart = -1;
  private int resultEnd = -1;
  private final List<Integer> discarded = new ArrayList<>();
  private final Map<String, String> hoisted = new HashMap<>();

  /**
   * A variable declared by a statement of the cell.
   *
   * @param name as written
   * @param type as written; null for {@code var}
   * @param typeStart where the type stands; -1 for {@code var}
   * @param start where the declaration begins, or the previous declarator of the same one ended
   * @param nameStart where the name stands
   * @param initStart where the initialiser begins; -1 when there is none
   * @param initEnd where it ends
   * @param end where the declaration ends, with its semicolon
   * @param arrayInitialiser whether the initialiser is a bare <code>{…}</code>
   * @param anonymousBody where the body of an anonymous class begins that is made without
   *     arguments; -1 when the initialiser is none
   */
  record Variable(
      String name,
      @Nullable String type,
      int typeStart,
      int start,
      int nameStart,
      int initStart,
      int initEnd,
      int end,
      boolean arrayInitialiser,
      int anonymousBody) {}

  private Statements(String source, boolean preview) {
    this.source = source;
    this.preview = preview;
    this.parsedUnit = new UnitWriter().unit("W");
  }

  /** Names of the classes that stand for anonymous ones. */
  String hoistedNames() {
    return String.join(" ", hoisted.values());
  }

  /** Parses the statements of a cell; everything else in it is blanked out. */
  static Statements parse(String source, Javac javac, boolean preview) {
    Statements statements = new Statements(source, preview);
    List<Token> tokens = Token.scan(source);
    if (tokens.isEmpty()) {
      return statements;
    }
    Token last = tokens.getLast();
    if (last.is(";")) {
      statements.attempt(javac, -1, false);
    } else if (last.is("}")) {
      statements.attempt(javac, -1, false);
      if (!statements.errors.isEmpty()) {
        statements.retry(javac, -1);
      }
      int start = lastSwitch(tokens);
      if (!statements.errors.isEmpty() && start >= 0) {
        statements.retry(javac, start);
      }
    } else {
      statements.attempt(javac, -1, true);
      if (!statements.errors.isEmpty()) {
        // As a statement, {@code a < b} begins like a generic type; as an expression it does not.
        statements.retry(javac, lastStatementStart(tokens));
      }
    }
    return statements;
  }

  private void take(Statements other) {
    errors.clear();
    variables.clear();
    variables.addAll(other.variables);
    parsedUnit = other.parsedUnit;
    resultStart = other.resultStart;
    resultEnd = other.resultEnd;
    discarded.clear();
    discarded.addAll(other.discarded);
  }

  private static int lastStatementStart(List<Token> tokens) {
    for (int i = tokens.size() - 2; i >= 0; i--) {
      Token token = tokens.get(i);
      if (token.depth() == 0 && (token.is(";") || token.is("}"))) {
        return tokens.get(i + 1).start();
      }
    }
    return tokens.getFirst().start();
  }

  private static int lastSwitch(List<Token> tokens) {
    for (Token token : tokens.reversed()) {
      if (token.depth() == 0 && token.is("switch")) {
        return token.start();
      }
    }
    return -1;
  }

  /** Another reading of the same source; the first one stays if this one is no better. */
  private void retry(Javac javac, int returnAt) {
    Statements other = new Statements(source, preview);
    other.attempt(javac, returnAt, true);
    if (other.errors.isEmpty()) {
      take(other);
    }
  }

  private void attempt(Javac javac, int returnAt, boolean open) {
    UnitWriter writer = new UnitWriter().code(HEAD);
    if (returnAt >= 0) {
      writer.cell(source, 0, returnAt).code("return ").cell(source, returnAt, source.length());
    } else {
      writer.cell(source, 0, source.length());
    }
    parsedUnit = writer.code(open ? "\n;}}" : "\n}}").unit("W");
    javac.parse(parsedUnit, preview, parsed -> read(parsed, open));
  }

  /** The trees are only good while the task is; what is kept are offsets. */
  private boolean read(Javac.Parsed parsed, boolean open) {
    StatementTree last = parsed.statements().isEmpty() ? null : parsed.statements().getLast();
    for (var said : parsed.diagnostics()) {
      if (said.getKind() == javax.tools.Diagnostic.Kind.ERROR) {
        StatementTree expression = expressionAt(said, parsed);
        if (expression == null) {
          errors.add(said);
        } else if (!open || expression != last) {
          discarded.add(cellOffset(parsed.positions().start(expression)));
        }
      }
    }
    if (errors.isEmpty()) {
      collect(parsed, open ? last : null);
    }
    return errors.isEmpty();
  }

  /** The statement that is an expression and no statement of Java; null for any other error. */
  private static @Nullable StatementTree expressionAt(
      javax.tools.Diagnostic<? extends JavaFileObject> said, Javac.Parsed parsed) {
    if (!"compiler.err.not.stmt".equals(said.getCode())) {
      return null;
    }
    StatementTree found = null;
    for (StatementTree statement : parsed.statements()) {
      if (parsed.positions().start(statement) <= said.getPosition()) {
        found = statement;
      }
    }
    return found instanceof ExpressionStatementTree ? found : null;
  }

  private void collect(Javac.Parsed parsed, @Nullable StatementTree open) {
    Javac.Positions at = parsed.positions();
    int previousStart = -1;
    int previousEnd = -1;
    for (StatementTree statement : parsed.statements()) {
      if (statement instanceof VariableTree variable && !variable.getName().contentEquals("")) {
        int start = at.start(variable);
        boolean sameDeclaration = start == previousStart;
        add(variable, at, sameDeclaration ? previousEnd : start);
        previousStart = start;
        previousEnd = initEnd(variable, at);
      } else {
        previousStart = -1;
      }
    }
    if (open instanceof ExpressionStatementTree expression) {
      resultStart = cellOffset(at.start(expression.getExpression()));
      resultEnd = trimmedEnd();
    } else if (open instanceof ReturnTree returned && returned.getExpression() != null) {
      resultStart = cellOffset(at.start(returned.getExpression()));
      resultEnd = trimmedEnd();
    }
  }

  /** End of the last token: an erroneous tree does not know its own. */
  private int trimmedEnd() {
    return Token.scan(source).getLast().end();
  }

  private static int initEnd(VariableTree variable, Javac.Positions at) {
    Tree init = variable.getInitializer();
    return init == null ? at.end(variable) : at.end(init);
  }

  private void add(VariableTree variable, Javac.Positions at, int from) {
    Tree type = variable.getType();
    String name = variable.getName().toString();
    int typeEnd = type == null ? -1 : at.end(type);
    int searchFrom = cellOffset(Math.max(from, Math.min(elementEnd(type, at), at.end(variable))));
    int nameStart = searchFrom;
    for (Token token : Token.scan(source)) {
      if (token.start() >= searchFrom && token.isWord() && token.is(name)) {
        nameStart = token.start();
        break;
      }
    }
    Tree init = variable.getInitializer();
    boolean inferred = type == null || typeEnd < 0 || type.toString().equals("/*missing*/");
    variables.add(
        new Variable(
            name,
            inferred ? null : type.toString(),
            inferred ? -1 : cellOffset(at.start(type)),
            cellOffset(from),
            nameStart,
            init == null ? -1 : cellOffset(at.start(init)),
            init == null ? -1 : cellOffset(at.end(init)),
            Math.min(source.length(), cellOffset(at.end(variable))),
            init instanceof NewArrayTree array && array.getType() == null,
            init instanceof NewClassTree made ? anonymousBody(made, at) : -1));
  }

  /** Where the type ends before its brackets, which may stand behind the name. */
  private static int elementEnd(@Nullable Tree type, Javac.Positions at) {
    Tree element = type;
    while (element instanceof ArrayTypeTree array) {
      element = array.getType();
    }
    return element == null ? -1 : at.end(element);
  }

  private int anonymousBody(NewClassTree made, Javac.Positions at) {
    if (made.getClassBody() == null
        || !made.getArguments().isEmpty()
        || made.getEnclosingExpression() != null) {
      return -1;
    }
    int start = cellOffset(at.start(made));
    int depth = -1;
    for (Token token : Token.scan(source)) {
      if (token.start() >= start) {
        depth = depth < 0 ? token.depth() : depth;
        if (token.is("{") && token.depth() == depth) {
          return token.start();
        }
      }
    }
    return -1;
  }

  /** Makes a variable an instance of a class that stands for the anonymous one it was given. */
  void hoist(String variable, String className) {
    hoisted.put(variable, className);
  }

  private int cellOffset(int unitOffset) {
    int offset = parsedUnit.cellOffset(unitOffset);
    return offset < 0 ? source.length() : offset;
  }

  List<Variable> variables() {
    return variables;
  }

  /** Where a variable's type stands if the cell spells it just like this; -1 otherwise. */
  int typeStart(String name, String type) {
    for (Variable variable : variables.reversed()) {
      if (variable.name.equals(name)) {
        int start = variable.typeStart;
        return start >= 0 && source.startsWith(type, start) ? start : -1;
      }
    }
    return -1;
  }

  boolean hasResult() {
    return resultStart >= 0;
  }

  /** Syntax errors, and where each stands in the cell. */
  List<hydrocell.cell.Diagnostic> errors() {
    return errors.stream()
        .map(said ->
            DiagnosticText.at(
                source,
                Math.min(source.length(), cellOffset((int) said.getStartPosition())),
                cellOffset((int) said.getEndPosition()),
                DiagnosticText.message(said)))
        .toList();
  }

  /**
   * Writes the statements as the body of a method, with declarations turned into assignments.
   *
   * @param types of the variables by name; a variable without one stays a local {@code var}
   * @param shows whether the last expression is returned, or only evaluated
   */
  void writeBody(UnitWriter writer, Map<String, String> types, boolean shows) {
    int cursor = 0;
    int end = resultStart >= 0 ? resultStart : source.length();
    for (Variable variable : variables) {
      String type = types.get(variable.name);
      if (type == null) {
        continue;
      }
      copy(writer, cursor, Math.max(cursor, variable.start));
      lines(writer, Math.max(cursor, variable.start), variable.nameStart);
      int nameEnd = variable.nameStart + variable.name.length();
      writer.cell(source, variable.nameStart, nameEnd);
      if (variable.initStart >= 0) {
        lines(writer, nameEnd, variable.initStart);
        String hoistedClass = hoisted.get(variable.name);
        if (hoistedClass != null) {
          writer.code(" = new " + hoistedClass + "();");
        } else {
          writer.code(variable.arrayInitialiser ? " = new " + type : " = ");
          writer.cell(source, variable.initStart, variable.initEnd).code(";");
        }
        cursor = Math.max(variable.initEnd, endOf(variable));
      } else {
        writer.code(" = " + defaultOf(type) + ";");
        cursor = endOf(variable);
      }
    }
    copy(writer, cursor, Math.max(cursor, end));
    if (resultStart >= 0) {
      writer.code(shows ? "return " : "").cell(source, resultStart, resultEnd).code(";");
    } else {
      writer.code(endsOpen() ? ";" : "\n");
    }
  }

  /** A slice of the cell, in which expressions that are no statements are evaluated. */
  private void copy(UnitWriter writer, int from, int to) {
    int cursor = from;
    for (int at : discarded) {
      if (at >= cursor && at < to) {
        writer.cell(source, cursor, at).code("java.lang.Object $unused" + at + " = ");
        cursor = at;
      }
    }
    writer.cell(source, cursor, to);
  }

  /** Whether the last statement is no expression and lacks its semicolon. */
  private boolean endsOpen() {
    List<Token> tokens = Token.scan(source);
    return !tokens.isEmpty() && !tokens.getLast().is(";") && !tokens.getLast().is("}");
  }

  private int endOf(Variable variable) {
    return variable.initStart >= 0 && variable.end < variable.initEnd
        ? variable.initEnd
        : variable.end;
  }

  private void lines(UnitWriter writer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (source.charAt(i) == '\n') {
        writer.cell(source, i, i + 1);
      }
    }
  }

  private static String defaultOf(String type) {
    return switch (type) {
      case "boolean" -> "false";
      case "char" -> "'\\0'";
      case "byte", "short", "int", "long", "float", "double" -> "0";
      default -> "null";
    };
  }
}
