package hydrocell.kernel.debug;

import java.util.regex.Pattern;

/** Names of classes and methods as the user wrote them. */
final class CellNames {
  private static final Pattern GENERATED =
      Pattern.compile("^[\\p{javaJavaIdentifierPart}&&[^$]]+\\$[0-9a-f]{12}(?=\\$|$)\\$?");
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

  private CellNames() {}

  /** A class without its package, and without what was generated around it. */
  static String type(String binaryName) {
    int brackets = binaryName.indexOf('[');
    String array = brackets < 0 ? "" : binaryName.substring(brackets);
    String whole = brackets < 0 ? binaryName : binaryName.substring(0, brackets);
    if (whole.contains("$$Lambda")) {
      return "lambda";
    }
    String simple = whole.substring(whole.lastIndexOf('.') + 1);
    String clean = whole.startsWith("cell.") ? GENERATED.matcher(simple).replaceFirst("") : simple;
    return clean.replace('$', '.') + array;
  }

  /** A method of a class, as a stack shows it. */
  static String method(String binaryName, String method) {
    String type = type(binaryName);
    String of = type.isEmpty() ? "" : type + ".";
    if (method.equals("<init>")) {
      return "new " + type;
    }
    if (method.equals("<clinit>") || method.equals("$initialise")) {
      return of + "static {}";
    }
    return LAMBDA.matcher(method).matches() ? "lambda" : of + method;
  }
}
