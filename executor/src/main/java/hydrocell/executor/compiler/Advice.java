package hydrocell.executor.compiler;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;

/** What helps against errors that have nothing to do with unknown names. */
final class Advice {
  private static final Pattern CONVERSION =
      Pattern.compile("incompatible types: (\\S+) cannot be converted to (\\S+)");
  private static final Pattern LOSSY =
      Pattern.compile("possible lossy conversion from (\\w+) to (\\w+)");
  private static final Pattern UNREPORTED = Pattern.compile("unreported exception ([\\w.]+)");
  private static final Pattern NOT_STATIC =
      Pattern.compile("non-static (?:method|variable) (\\w+)");

  private Advice() {}

  /** A line that helps; empty when there is none. */
  static String on(javax.tools.Diagnostic<? extends JavaFileObject> said) {
    String code = String.valueOf(said.getCode());
    String message = DiagnosticText.message(said);
    if (code.startsWith("compiler.err.preview.feature.disabled")
        || code.equals("compiler.err.is.preview")) {
      return "`%config preview=true` lets cells use preview features";
    }
    if (code.startsWith("compiler.err.prob.found.req")) {
      return onTypes(message);
    }
    Matcher unreported = UNREPORTED.matcher(message);
    if (unreported.find()) {
      return "catch it, or let the method say `throws " + unreported.group(1) + "`";
    }
    Matcher notStatic = NOT_STATIC.matcher(message);
    if (notStatic.find()) {
      String name = notStatic.group(1);
      return name.equals("this") || name.equals("super")
          ? "the statements of a cell belong to no object"
          : "make `%s` static, or use it of an object".formatted(name);
    }
    if (code.contains("local.variables.must.be.final")
        || code.contains("cant.ref.non.effectively.final.var")) {
      return "copy it to a variable that does not change, and use that one";
    }
    return "";
  }

  private static String onTypes(String message) {
    Matcher lossy = LOSSY.matcher(message);
    if (lossy.find()) {
      return "cast it if that is meant: `(%s) (…)`".formatted(lossy.group(2));
    }
    Matcher conversion = CONVERSION.matcher(message);
    if (!conversion.find()) {
      return "";
    }
    String from = conversion.group(1);
    return switch (conversion.group(2)) {
      case "int" -> from.equals("String") ? "`Integer.parseInt(…)` reads a number from text" : "";
      case "long" -> from.equals("String") ? "`Long.parseLong(…)` reads a number from text" : "";
      case "double" ->
          from.equals("String") ? "`Double.parseDouble(…)` reads a number from text" : "";
      case "String" -> "`String.valueOf(…)` makes text of anything";
      case "boolean" ->
          from.equals("int") ? "compare it: `… != 0`; a condition is true or false" : "";
      default -> "";
    };
  }
}
