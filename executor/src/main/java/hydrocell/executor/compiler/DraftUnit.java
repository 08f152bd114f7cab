package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a cell that need not be finished as one compilation unit: its methods and types as members
 * of a class, its statements as a method, what is open closed. Names of the session are imported;
 * those that the cell defines anew, and what depends on them, are written out.
 */
final class DraftUnit {
  /** The class that stands for the cell. */
  static final String CLASS = "Draft";

  /** Around the method that the cursor is in: from here it sees the variables of the cell. */
  static final String INNER = "Inner";

  private final String source;
  private final List<Symbol> symbols;
  private final CellSplitter.Parts parts;
  private final UnitWriter writer = new UnitWriter();

  private DraftUnit(String source, List<Symbol> symbols) {
    this.source = source;
    this.symbols = symbols;
    this.parts = CellSplitter.split(source);
  }

  /** The unit of a source, which may hold a {@link Draft#MARK}, against these names. */
  static UnitWriter.Unit write(String source, List<Symbol> symbols) {
    return new DraftUnit(source, symbols).unit();
  }

  private UnitWriter.Unit unit() {
    Set<Name> anew = definedAnew();
    Imports imports = new Imports(symbols, parts, Set.of());
    Set<Name> taken = imports.takenTypes();
    writer.code("package " + MemoryFiles.PACKAGE + "; " + imports.line());
    symbols.stream()
        .filter(symbol -> !anew.contains(symbol.name()) && !taken.contains(symbol.name()))
        .forEach(this::importName);
    writer.code("public class " + CLASS + " { ");
    symbols.stream().filter(symbol -> anew.contains(symbol.name())).forEach(this::writeEarlier);
    List<Declaration> inner = new ArrayList<>();
    for (Declaration type : parts.types()) {
      write(type, "static ");
    }
    for (Declaration method : parts.methods()) {
      if (method.text().contains(Draft.MARK)) {
        inner.add(method);
      } else {
        write(method, "static ");
      }
    }
    writer.code("static Object run() throws Throwable { ");
    writer.cell(parts.statements(), 0, parts.statements().length());
    writer.code("\n" + closing(parts.statements()) + ";");
    if (!inner.isEmpty()) {
      writer.code("class " + INNER + " { ");
      inner.forEach(each -> write(each, ""));
      writer.code("}");
    }
    return writer.code("}}").unit(MemoryFiles.PACKAGE + "." + CLASS);
  }

  /** Earlier names that the cell defines again, and what refers to them. */
  private Set<Name> definedAnew() {
    Set<Name> anew = new LinkedHashSet<>();
    parts.types().forEach(each -> anew.add(each.name()));
    parts.methods().forEach(each -> anew.add(each.name()));
    symbols.stream()
        .filter(symbol -> symbol.className().isEmpty() && symbol.name().kind() != Kind.IMPORT)
        .forEach(symbol -> anew.add(symbol.name()));
    boolean grew = !anew.isEmpty();
    while (grew) {
      grew = false;
      for (Symbol symbol : symbols) {
        if (symbol.refs().stream().anyMatch(anew::contains)) {
          grew |= anew.add(symbol.name());
        }
      }
    }
    return anew;
  }

  private void importName(Symbol symbol) {
    String outer = GeneratedNames.outerOf(symbol.className());
    switch (symbol.name().kind()) {
      case TYPE -> writer.code("import " + outer + "." + symbol.name().text() + "; ");
      case VARIABLE, METHOD ->
          writer.code("import static " + outer + "." + symbol.name().text() + "; ");
      default -> {}
    }
  }

  /** An earlier definition, written out unless the cell has another one in its place. */
  private void writeEarlier(Symbol symbol) {
    String name = symbol.name().text();
    switch (symbol.name().kind()) {
      case VARIABLE -> writer.code("static " + symbol.type() + " " + name + "; ");
      case TYPE -> {
        if (parts.types().stream().noneMatch(each -> each.name().equals(symbol.name()))) {
          symbol.sources().forEach(each -> earlier(CellSplitter.split(each).types()));
        }
      }
      case METHOD ->
          symbol.sources().forEach(each -> earlier(overloads(CellSplitter.split(each).methods())));
      default -> {}
    }
  }

  private List<Declaration> overloads(List<Declaration> earlier) {
    return earlier.stream()
        .filter(each ->
            parts.methods().stream()
                .noneMatch(now ->
                    now.name().equals(each.name())
                        && Parameters.of(now.body()).equals(Parameters.of(each.body()))))
        .toList();
  }

  private void earlier(List<Declaration> declarations) {
    for (Declaration each : declarations) {
      writer.code("static ");
      kept(each).forEach(part -> writer.code(part.text() + " "));
      writer.code(each.body() + "\n");
    }
  }

  private void write(Declaration declaration, String modifier) {
    int start = declaration.start();
    int body = start + declaration.bodyStart();
    int added = start + declaration.addedAt();
    int end = start + declaration.text().length() - declaration.added().length();
    writer.code(modifier);
    for (Modifiers.Part part : kept(declaration)) {
      writer.cell(source, start + part.start(), start + part.end()).code(" ");
    }
    writer.cell(source, body, added).code(declaration.added()).cell(source, added, end);
    writer.code(closing(declaration.text()));
    List<Token> tokens = Token.scan(declaration.text());
    boolean hasBody = tokens.stream().anyMatch(token -> token.depth() == 0 && token.is("{"));
    writer.code(hasBody ? "\n" : " {}\n");
  }

  private static List<Modifiers.Part> kept(Declaration declaration) {
    return Modifiers.kept(
        declaration.modifiers(),
        declaration.name().kind() == Kind.TYPE ? Units.KEPT_OF_TYPE : Units.KEPT_OF_METHOD);
  }

  private static String closing(String text) {
    return Brackets.closing(Brackets.of(Token.scan(text)).open());
  }
}
