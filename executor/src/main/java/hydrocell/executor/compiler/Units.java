package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes the compilation units of a cell: one per definition, one for its statements. */
final class Units {
  /** Modifiers that a type keeps in its generated class. */
  static final Set<String> KEPT_OF_TYPE =
      Set.of("final", "abstract", "sealed", "non-sealed", "strictfp");

  /** Modifiers that a method keeps in its generated class. */
  static final Set<String> KEPT_OF_METHOD = Set.of("synchronized", "strictfp");

  private final String source;
  private final String imports;

  /**
   * Units of a cell.
   *
   * @param imports import declarations of the session and of the cell, in one line
   */
  Units(String source, String imports) {
    this.source = source;
    this.imports = imports;
  }

  private static String packageLine() {
    return "package " + MemoryFiles.PACKAGE + "; ";
  }

  /** The unit of one definition. */
  UnitWriter.Unit definition(
      Definitions all, Name name, List<Declaration> declarations, Statements statements) {
    String outer = all.outerClass(name);
    String simple = outer.substring(outer.lastIndexOf('.') + 1);
    StringBuilder text = new StringBuilder();
    declarations.forEach(d -> text.append(d.text()).append('\n'));
    UnitWriter writer =
        new UnitWriter()
            .code(packageLine() + imports + importsOf(all, name, text.toString()))
            .code("public class " + simple + " { ");
    if (name.kind() == Kind.VARIABLE) {
      writeType(writer, all, name, statements);
      writer.code(" " + name.text() + ";");
    }
    for (Declaration declaration : declarations) {
      if (name.kind() != Kind.VARIABLE) {
        write(writer, declaration);
      }
    }
    return writer.code("}").unit(outer);
  }

  /**
   * The lines, 1-based, on which declarations begin in the unit that {@link #definition} writes of
   * them: those of the cell they stand in, and for declarations of earlier cells any.
   */
  static List<Integer> lines(String source, List<Declaration> declarations) {
    List<Integer> lines = new ArrayList<>();
    int next = 1;
    for (Declaration declaration : declarations) {
      int body = declaration.bodyStart();
      int line =
          declaration.start() < 0
              ? next + keptLineBreaks(declaration)
              : Math.max(next, lineAt(source, declaration.start() + body));
      lines.add(line + 1 - lineAt(declaration.text(), body));
      next = line + lineAt(declaration.body(), declaration.body().length());
    }
    return lines;
  }

  private static int keptLineBreaks(Declaration declaration) {
    return kept(declaration).stream()
        .mapToInt(part -> lineAt(part.text(), part.text().length()) - 1)
        .sum();
  }

  private static List<Modifiers.Part> kept(Declaration declaration) {
    return Modifiers.kept(
        declaration.modifiers(),
        declaration.name().kind() == Kind.TYPE ? KEPT_OF_TYPE : KEPT_OF_METHOD);
  }

  /** The line of a place in a text, 1-based. */
  private static int lineAt(String text, int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  /**
   * The type of a variable; the cell's own spelling where it has one, so that errors have a place.
   */
  private void writeType(UnitWriter writer, Definitions all, Name name, Statements statements) {
    String type = all.variableType(name);
    int start = all.isOfCell(name) ? statements.typeStart(name.text(), type) : -1;
    if (start < 0) {
      writer.code("public static ").code(type);
    } else {
      writer
          .line(lineAt(source, start))
          .code("public static ")
          .cell(source, start, start + type.length());
    }
  }

  /** A type does not import itself, and neither does a group of methods. */
  private static String importsOf(Definitions all, Name self, String text) {
    String own =
        "import " + (self.kind() == Kind.TYPE ? "" : "static ") + all.outerClass(self) + ".";
    StringBuilder kept = new StringBuilder();
    for (String each : all.imports(text).split("(?<=;) ")) {
      if (!each.startsWith(own)) {
        kept.append(each).append(' ');
      }
    }
    return kept.toString();
  }

  private void write(UnitWriter writer, Declaration declaration) {
    boolean type = declaration.name().kind() == Kind.TYPE;
    List<Modifiers.Part> kept = kept(declaration);
    // Types are not public: then neither need a record's compact constructors be.
    String prefix = type ? "static " : "public static ";
    if (declaration.start() < 0) {
      writer.code(prefix);
      kept.forEach(part -> writer.code(part.text() + " "));
      writer.code(declaration.body());
      writer.code("\n");
      return;
    }
    int start = declaration.start();
    int added = start + declaration.addedAt();
    int end = start + declaration.text().length() - declaration.added().length();
    writer.line(lineAt(source, start)).code(prefix);
    for (Modifiers.Part part : kept) {
      writer.line(lineAt(source, start + part.start()));
      writer.cell(source, start + part.start(), start + part.end()).code(" ");
    }
    int bodyAt = start + declaration.bodyStart();
    writer.line(lineAt(source, bodyAt));
    writer.cell(source, bodyAt, added).code(declaration.added()).cell(source, added, end);
    writer.code("\n");
  }

  /** The unit of the cell's statements. */
  UnitWriter.Unit statements(
      String className,
      Definitions all,
      Statements statements,
      java.util.Map<String, String> types,
      boolean shows) {
    UnitWriter writer =
        new UnitWriter()
            .code(packageLine() + imports + all.imports(source + " " + statements.hoistedNames()));
    String simple = className.substring(className.lastIndexOf('.') + 1);
    writer.code("public class " + simple + " { ");
    // Spelled in full: the session may have an Object or a Throwable of its own.
    String head = "public static %s %s() throws java.lang.Throwable { ";
    writer.code(head.formatted("java.lang.Object", GeneratedNames.RUN));
    if (!statements.hasResult() || !shows) {
      writer.code(GeneratedNames.BODY + "(); return null; } ");
      writer.code(head.formatted("void", GeneratedNames.BODY));
    }
    statements.writeBody(writer, types, shows);
    return writer.code("\n}}").unit(className);
  }
}
