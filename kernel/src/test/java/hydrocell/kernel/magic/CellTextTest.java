package hydrocell.kernel.magic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How cells are taken apart: a command is written {@code <name|arguments|target>}. */
class CellTextTest {
  private static List<String> steps(String cell) {
    return CellText.steps(cell).stream()
        .map(step ->
            step.command() == null
                ? step.java()
                : "<%s|%s|%s>"
                    .formatted(
                        step.command().name(), step.command().arguments(), step.command().target()))
        .toList();
  }

  @Test
  void commandsAndJavaComeInTheirOrderWithTheirLines() {
    assertEquals(List.of("<vars||>", "\nint x;"), steps("%vars\nint x;"));
    assertEquals(
        List.of("int x = 1;\n", "<maven|a:b:1|>", "\n\nimport a.B;\nx"),
        steps("int x = 1;\n%maven a:b:1\nimport a.B;\nx"));
    assertEquals(List.of("<vars||>", "<who||>"), steps("%vars\n\n  %who\n"));
    assertEquals(List.of(), steps("\n  // only a comment\n"));
  }

  @Test
  void aPercentSignInTheMiddleOfAnExpressionIsJava() {
    assertEquals(List.of("int r = a\n  %b;"), steps("int r = a\n  %b;"));
    assertEquals(List.of("int r = a +\n  %vars"), steps("int r = a +\n  %vars"));
    assertEquals(List.of("f(a\n%vars)"), steps("f(a\n%vars)"));
    assertEquals(
        List.of("var s = \"\"\"\n%vars\n\"\"\";"), steps("var s = \"\"\"\n%vars\n\"\"\";"));
    assertEquals(List.of("/*\n%vars\n*/ 1"), steps("/*\n%vars\n*/ 1"));
    assertEquals(List.of("x\n", "<vars||>"), steps("x\n%vars"));
  }

  @Test
  void whatStandsBelowTwoPercentSignsBelongsToTheCommand() {
    assertEquals(List.of("<bash|\nls\n%x|>"), steps("%%bash\nls\n%x"));
    assertEquals(
        List.of("<bash|\nls|>"), steps("// a comment, as other kernels have it\n%%bash\nls"));
    assertEquals(List.of("<mine| a\nbody|>"), steps("%%mine a\nbody"));
    assertEquals(List.of("<!|perl\nprint|>"), steps("%%!perl\nprint"));
    assertEquals(List.of("<vars||>", "\nx"), steps("%%vars\nx"));
    CellText.Command timed = CellText.steps("// c\n%%time\nint x;").getFirst().command();
    assertNotNull(timed);
    assertEquals("\n\nint x;", timed.below(), "the lines of errors are those of the cell");
  }

  @Test
  void aTimedExpressionStandsInItsLine() {
    assertEquals(List.of("<time|f(x)|>", "\ny"), steps("%time f(x)\ny"));
    assertEquals(List.of("<time|\nf(x)\ny|>"), steps("%time\nf(x)\ny"));
  }

  @Test
  void valuesOfCommandsCanBeAssigned() {
    assertEquals(
        List.of("<jars|lib/*.jar|List<String> added =>"),
        steps("List<String> added = %jars lib/*.jar"));
    assertEquals(List.of("<read|a.txt|var s =>"), steps("var s = %read a.txt;"));
    assertEquals(List.of("<mine|a b|int x =>"), steps("int x = %mine a b"));
    assertEquals(List.of("int x = a\n = %vars"), steps("int x = a\n = %vars"));
  }

  @Test
  void dependenciesInCommentsAreCommands() {
    assertEquals(
        List.of("<maven|a:b:1|>", "<maven|c:d:2|>", "\n\nx\n//DEPS e:f:3"),
        steps("//DEPS a:b:1\n//DEPS c:d:2\nx\n//DEPS e:f:3"));
  }

  @Test
  void javaBesideCommandsKeepsItsPlace() {
    assertEquals("     \nx.y", CellText.javaOf("%vars\nx.y"));
    assertEquals("      x.y", CellText.javaOf("%time x.y"));
    assertEquals("        \n a\nb % c", CellText.javaOf("%%timeit\n a\nb % c"));
    assertEquals("      \n          ", CellText.javaOf("%%bash\nls | wc -l"));
    assertEquals("a\n%b", CellText.javaOf("a\n%b"));
  }

  @Test
  void onlyTextBelowACommandIsNotLookedInto() {
    assertNotNull(CellText.textAt("%%bash\nls", 8));
    assertNull(CellText.textAt("%%bash\nls", 3));
    assertNull(CellText.textAt("%vars\nls", 7));
    assertNull(CellText.textAt("%%time\nls", 8));
  }
}
