package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A symbol knows on which lines of its class file its declarations begin. */
class DefinitionLinesTest {
  private static final String WHERE = "new Throwable().getStackTrace()[0].getLineNumber()";

  private final TestSession session = new TestSession();

  private List<Integer> lines(Kind kind, String name) {
    return session.symbols.get(new Name(kind, name)).lines();
  }

  @Test
  void aDeclarationHasTheLinesOfItsCell() throws Throwable {
    session.run("int n = 1;\n\nint f() {\n  return %s;\n}\n".formatted(WHERE));
    assertEquals(List.of(3), lines(Kind.METHOD, "f"));
    assertEquals(4, session.run("f()"));
  }

  @Test
  void modifiersOnLinesOfTheirOwnCount() throws Throwable {
    session.run("@Deprecated\npublic\nint f() {\n  return %s;\n}".formatted(WHERE));
    assertEquals(List.of(1), lines(Kind.METHOD, "f"));
    assertEquals(4, session.run("f()"));
  }

  @Test
  void anOverloadOfAnEarlierCellStandsBeforeTheNewOne() throws Throwable {
    session.run("// first\n\nint f(int n) {\n  return %s;\n}".formatted(WHERE));
    session.run("int f(String s) {\n  return %s;\n}".formatted(WHERE));
    List<Integer> lines = lines(Kind.METHOD, "f");
    assertEquals((Integer) session.run("f(1)") - 1, lines.get(0));
    assertEquals((Integer) session.run("f(\"\")") - 1, lines.get(1));
  }

  @Test
  void whatIsCompiledAgainKnowsItsNewLines() throws Throwable {
    session.run("int scale = 2;");
    session.run("\n\nint f() {\n  return scale * 0 + %s;\n}".formatted(WHERE));
    session.run("class T {\n  int g() {\n    return scale > 0 ? %s : 0;\n  }\n}".formatted(WHERE));
    session.run("long scale = 2;");
    assertEquals(List.of(1), lines(Kind.TYPE, "T"));
    assertEquals(3, session.run("new T().g()"));
    session.run("int scale = 3;");
    assertEquals(List.of(1), lines(Kind.METHOD, "f"));
    assertEquals(List.of(), lines(Kind.VARIABLE, "scale"));
  }
}
