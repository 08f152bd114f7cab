package hydrocell.executor.compiler;

import hydrocell.cell.Spelling;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileRequest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;

/**
 * What to do about an error: an import, a library, another spelling, or what a beginner needs to
 * know. For one compilation.
 */
final class Hints {
  private static final int MAX_IMPORTS = 3;

  /** Any other letter is as near to a letter. */
  private static final int SHORTEST = 2;

  private static final Pattern KIND = Pattern.compile("symbol: +(\\w+) ");
  private static final Pattern IN_PACKAGE = Pattern.compile("location: +package ([\\w.]+)");
  private static final Pattern OF_TYPE =
      Pattern.compile("location: +(?:variable \\w+ of type|class|interface) +([\\w.]+)");

  /** Words that mean something in another language, and what Java says instead. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("bool", "boolean"),
          Map.entry("string", "String"),
          Map.entry("str", "String"),
          Map.entry("integer", "int"),
          Map.entry("let", "var"),
          Map.entry("val", "var"),
          Map.entry("None", "null"),
          Map.entry("nil", "null"),
          Map.entry("True", "true"),
          Map.entry("False", "false"),
          Map.entry("print", "IO.print(…)"),
          Map.entry("println", "IO.println(…)"),
          Map.entry("printf", "System.out.printf(…)"));

  private static final Set<String> PRIMITIVES =
      Set.of("int", "long", "double", "float", "boolean", "char", "byte", "short", "var", "void");

  private final CompileRequest.Context context;
  private final List<Path> libraries;
  private final ClassIndex index;
  private final Members members;

  Hints(
      CompileRequest.Context context,
      Map<String, Supplier<byte[]>> sessionClasses,
      CellSplitter.Parts parts,
      ClassIndex index) {
    this.context = context;
    this.index = index;
    libraries = context.classPath().stream().map(l -> Path.of(l.path())).toList();
    members = new Members(context.symbols(), sessionClasses, parts, libraries, index);
  }

  /**
   * A line that helps; empty when there is none.
   *
   * @param ofCell names that the cell defines
   */
  String of(javax.tools.Diagnostic<? extends JavaFileObject> said, Collection<String> ofCell) {
    String missing = DiagnosticText.packageOf(said);
    if (!missing.isEmpty()) {
      return ofPackage(missing);
    }
    if (!DiagnosticText.isUnresolved(said)) {
      return Advice.on(said);
    }
    String message = GeneratedNames.clean(said.getMessage(Locale.ROOT));
    String name = DiagnosticText.unresolvedName(said);
    if (name.isEmpty()) {
      return "";
    }
    if (DiagnosticText.isMember(said)) {
      Matcher inside = IN_PACKAGE.matcher(message);
      if (inside.find()) {
        return didYouMean(name, index.simpleNames(Set.of(inside.group(1)), libraries));
      }
      Matcher owner = OF_TYPE.matcher(message);
      return didYouMean(name, owner.find() ? members.of(owner.group(1)) : members.ofCell());
    }
    Matcher kind = KIND.matcher(message);
    boolean type =
        Character.isUpperCase(name.charAt(0)) || (kind.find() && kind.group(1).equals("class"));
    return ofName(name, type, ofCell);
  }

  private String ofName(String name, boolean type, Collection<String> ofCell) {
    String elsewhere = ELSEWHERE.get(name);
    if (elsewhere != null) {
      return "in Java it is `" + elsewhere + "`";
    }
    if (type) {
      List<String> found = index.find(name, libraries);
      if (!found.isEmpty()) {
        return found.stream()
            .limit(MAX_IMPORTS)
            .map(each -> "`import " + each + ";`")
            .collect(Collectors.joining(" or ", "add ", ""));
      }
      String library = KnownLibraries.ofClass(name);
      if (library != null) {
        return "it may be of a library: add `%maven " + library + "` and import it";
      }
    }
    Set<String> known = new HashSet<>(ofCell);
    for (Symbol each : context.symbols()) {
      known.add(each.name().text());
    }
    if (type) {
      known.addAll(PRIMITIVES);
      known.addAll(index.simpleNames(Imports.defaultPackages(), List.of()));
    }
    return didYouMean(name, known);
  }

  private String ofPackage(String missing) {
    if (OtherKernels.isPackage(missing)) {
      return OtherKernels.ADVICE;
    }
    String library = KnownLibraries.ofPackage(missing);
    if (library != null) {
      return "add its library with `%maven " + library + "`";
    }
    if (!missing.contains(".") && Character.isUpperCase(missing.charAt(0))) {
      return ofName(missing, true, Set.of());
    }
    return didYouMean(missing, index.packages(libraries));
  }

  private static String didYouMean(String name, Collection<String> known) {
    Set<String> others = new HashSet<>(known);
    others.remove(name);
    String nearest = name.length() < SHORTEST ? null : Spelling.nearest(name, others);
    return nearest == null ? "" : "did you mean `" + nearest + "`?";
  }
}
