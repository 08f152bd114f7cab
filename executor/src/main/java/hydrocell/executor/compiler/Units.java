package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes the compilation units of a cell: one per definition, one for its statements. */
final class Units {
  private static final Set<String> KEPT_OF_TYPE =
      Set.of("final", "abstract", "sealed", "non-sealed", "strictfp");
  private static final Set<String> KEPT_OF_METHOD = Set.of("synchronized", "strictfp");

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
      writer.code(
          " %s; static { hydrocell.api.CellRuntime.firstTouch(\"%s\", %s.class); }"
              .formatted(name.text(), name, simple));
    }
    for (Declaration declaration : declarations) {
      if (name.kind() != Kind.VARIABLE) {
        write(writer, declaration);
      }
    }
    return writer.code("}").unit(outer);
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
      int line = 1 + (int) source.substring(0, start).chars().filter(c -> c == '\n').count();
      writer.line(line).code("public static ").cell(source, start, start + type.length());
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
    List<String> kept = new ArrayList<>();
    for (String word : declaration.modifiers().replace("non-sealed", "non-sealed ").split("\\s+")) {
      if (word.startsWith("@") || (type ? KEPT_OF_TYPE : KEPT_OF_METHOD).contains(word)) {
        kept.add(word);
      }
    }
    // Types are not public: then neither need a record's compact constructors be.
    String prefix = (type ? "static " : "public static ") + String.join(" ", kept) + " ";
    if (declaration.start() < 0) {
      writer.code(prefix);
      writer.code(declaration.body());
      writer.code("\n");
      return;
    }
    int bodyAt = declaration.start() + declaration.bodyStart();
    int added = declaration.start() + declaration.addedAt();
    int end = declaration.start() + declaration.text().length() - declaration.added().length();
    int line = 1 + (int) source.substring(0, bodyAt).chars().filter(c -> c == '\n').count();
    writer.line(line).code(prefix);
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
    if (statements.hasResult() && shows) {
      writer.code("public static Object run() throws Throwable { ");
    } else {
      writer.code("public static Object run() throws Throwable { body(); return null; } ");
      writer.code("static void body() throws Throwable { ");
    }
    statements.writeBody(writer, types, shows);
    return writer.code("\n}}").unit(className);
  }
}
