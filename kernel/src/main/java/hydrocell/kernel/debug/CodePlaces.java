package hydrocell.kernel.debug;

import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Symbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which line of which generated class is which line of which cell. The statements of a cell are a
 * class with the cell's own lines. A definition is a class of its own, which stays when the same
 * declaration stands in another cell, or elsewhere in its cell: it is found there by its text.
 */
final class CodePlaces {
  private static final Pattern OUTER =
      Pattern.compile("(cell\\.[\\p{javaJavaIdentifierPart}&&[^$]]+\\$[0-9a-f]{12}).*");
  private static final Pattern COMMENT =
      Pattern.compile("^(?:/\\*(?:[^*]|\\*(?!/))*+\\*/|(?:[ \\t]*//[^\\n]*\\n)++)\\s*");
  private static final int MAX_CLASSES = 20_000;

  private final CellCodes codes;
  private final History history;
  private final Map<String, Ran> ran = new HashMap<>();
  private final Set<String> statements = new HashSet<>();
  private final Map<String, Symbol> definitions = new HashMap<>();
  private boolean historyIsRead;

  /** What the notebook knows of its past. */
  interface History {
    /** Its names. */
    Manifest manifest();

    /** The codes of cells that ran, the oldest first. */
    List<String> codes();
  }

  /** A line of a cell, 1-based. */
  record Place(String path, int line) {}

  /** A class that came from a cell that ran. */
  private record Ran(String path, String cellName) {}

  CodePlaces(CellCodes codes, History history) {
    this.codes = codes;
    this.history = history;
  }

  /** A cell is about to run, whose code has this path. */
  void runs(String path, String cellName, CellFunction function) {
    if (ran.size() > MAX_CLASSES) {
      ran.clear();
      statements.clear();
    }
    Ran here = new Ran(path, cellName);
    for (ClassFile file : function.classes()) {
      ran.put(outerOf(file.ref().binaryName()), here);
    }
    String entry = function.entryClass();
    if (entry != null) {
      ran.put(entry, here);
      statements.add(entry);
    }
    function.defines().forEach(this::learn);
  }

  private void learn(Symbol symbol) {
    Kind kind = symbol.name().kind();
    if (!symbol.className().isEmpty() && (kind == Kind.METHOD || kind == Kind.TYPE)) {
      definitions.put(outerOf(symbol.className()), symbol);
    }
  }

  /** The outermost generated class of a class. */
  static String outerOf(String className) {
    Matcher matcher = OUTER.matcher(className);
    return matcher.matches() ? matcher.group(1) : className;
  }

  /** Whether a class is the statements of a cell. */
  boolean isStatements(String className) {
    return statements.contains(className);
  }

  /** The name of the cell that a class came from, such as {@code cell [3]}; null if unknown. */
  @Nullable String cellOf(String className) {
    Ran here = ran.get(outerOf(className));
    return here == null ? null : here.cellName();
  }

  /** The cell's line of a line of a class; null when nobody knows. */
  @Nullable Place placeOf(String className, int line) {
    String outer = outerOf(className);
    Symbol symbol = definition(outer);
    int declaration = symbol == null ? -1 : declarationAt(symbol, line);
    if (symbol != null && declaration >= 0) {
      String text = declarations(symbol).get(declaration);
      String path = newestWith(text);
      if (path != null) {
        int offset = line - symbol.lines().get(declaration);
        return new Place(path, codes.lineOf(text, path) + offset);
      }
    }
    Ran here = ran.get(outer);
    return here == null ? null : new Place(here.path(), line);
  }

  /** Which declaration of a definition holds a line of its class; -1 when none does. */
  private static int declarationAt(Symbol symbol, int line) {
    for (int i = 0; i < symbol.lines().size(); i++) {
      int first = symbol.lines().get(i);
      if (line >= first && line <= first + lineBreaks(declarations(symbol).get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** The declarations of a definition without the comments above them. */
  private static List<String> declarations(Symbol symbol) {
    return symbol.sources().stream().map(s -> COMMENT.matcher(s).replaceFirst("")).toList();
  }

  private static int lineBreaks(String text) {
    return CellCodes.lineBreaks(text, text.length());
  }

  /** The newest cell that holds a declaration; asks the history once if no known one does. */
  private @Nullable String newestWith(String text) {
    String path = codes.newestWith(text);
    if (path == null && !historyIsRead) {
      historyIsRead = true;
      history.codes().reversed().forEach(codes::addOlder);
      path = codes.newestWith(text);
    }
    return path;
  }

  /** What a class defines; null when it is no definition. */
  private @Nullable Symbol definition(String outer) {
    if (!definitions.containsKey(outer) && !statements.contains(outer)) {
      for (Entry entry : history.manifest().entries()) {
        learn(entry.symbol());
      }
    }
    return definitions.get(outer);
  }

  /** The line of a class that is this line of a cell; 0 when the class has no such line. */
  int lineIn(String className, String path, int line) {
    String outer = outerOf(className);
    Symbol symbol = definition(outer);
    if (symbol != null && !symbol.lines().isEmpty()) {
      for (int i = 0; i < symbol.lines().size(); i++) {
        int offset = offsetIn(declarations(symbol).get(i), path, line);
        if (offset >= 0) {
          return symbol.lines().get(i) + offset;
        }
      }
      return 0;
    }
    Ran here = ran.get(outer);
    boolean ofCell = here != null && here.path().equals(path);
    return ofCell && (symbol != null || !isOfDefinition(path, line)) ? line : 0;
  }

  private boolean isOfDefinition(String path, int line) {
    return definitions.values().stream()
        .anyMatch(symbol ->
            declarations(symbol).stream().anyMatch(text -> offsetIn(text, path, line) >= 0));
  }

  /** The line of a declaration, from 0, that is this line of a cell; -1 when it is none of it. */
  private int offsetIn(String text, String path, int line) {
    int first = codes.lineOf(text, path);
    return first > 0 && line >= first && line <= first + lineBreaks(text) ? line - first : -1;
  }
}
