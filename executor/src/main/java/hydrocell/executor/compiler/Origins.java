package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Where the names of a notebook are defined: in the cell that is being written, or earlier. */
final class Origins {
  private final Map<Name, List<String>> ofCell = new LinkedHashMap<>();
  private final Map<Name, Symbol> earlier = new LinkedHashMap<>();
  private final Map<String, Integer> cellNumbers;

  /**
   * A definition.
   *
   * @param name of a variable, method or type
   * @param sources its declarations, with their comments
   * @param place in words for the user
   */
  record Origin(Name name, List<String> sources, String place) {}

  Origins(CompileRequest.Inspect request, String source) {
    CellSplitter.Parts parts = CellSplitter.split(source);
    List<Declaration> declared = new ArrayList<>(parts.types());
    declared.addAll(parts.methods());
    for (Declaration each : declared) {
      ofCell.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each.source());
    }
    request.context().symbols().forEach(symbol -> earlier.put(symbol.name(), symbol));
    cellNumbers = request.cellNumbers();
  }

  /** The definition that an element belongs to; null for what is not of the notebook. */
  @Nullable Origin of(Element element) {
    Element at = element;
    while (at.getEnclosingElement() instanceof TypeElement around && !isGenerated(around)) {
      at = around;
    }
    if (!(at.getEnclosingElement() instanceof TypeElement)) {
      return null;
    }
    String text = at.getSimpleName().toString();
    Name name =
        at instanceof TypeElement
            ? Name.type(text)
            : at.getKind() == ElementKind.METHOD ? Name.method(text) : Name.variable(text);
    boolean here = ofCell.containsKey(name);
    Symbol symbol = earlier.get(name);
    if (!here && symbol == null) {
      return null;
    }
    List<String> sources = new ArrayList<>(ofCell.getOrDefault(name, List.of()));
    if (symbol != null && (!here || name.kind() == Kind.METHOD)) {
      sources.addAll(symbol.sources());
    }
    return new Origin(name, sources, here ? "defined in this cell" : place(name));
  }

  private String place(Name name) {
    Integer number = cellNumbers.get(name.toString());
    String what =
        switch (name.kind()) {
          case TYPE -> "type";
          case METHOD -> "method";
          default -> "variable";
        };
    return what + " of this notebook" + (number == null ? "" : ", from cell [" + number + "]");
  }

  private static boolean isGenerated(TypeElement type) {
    String name = type.getQualifiedName().toString();
    return name.startsWith(MemoryFiles.PACKAGE + ".")
        && (GeneratedNames.outerOf(name).equals(name)
            || name.equals(MemoryFiles.PACKAGE + "." + DraftUnit.CLASS));
  }
}
