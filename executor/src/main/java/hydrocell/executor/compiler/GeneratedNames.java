package hydrocell.executor.compiler;

import hydrocell.cell.CellFunction;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The spelling of generated classes: {@code cell.NAME$HASH}, and how to take it out of a text. */
public final class GeneratedNames {
  private static final String OUTER = "[\\p{javaJavaIdentifierPart}&&[^$]]+\\$[0-9a-f]{12}";
  private static final Pattern INTERNAL = Pattern.compile("cell/(" + OUTER + ")");
  private static final Pattern MEMBER =
      Pattern.compile("(?:\\bcell[./])?\\b" + OUTER + "[.$](?=[\\p{javaJavaIdentifierStart}])");
  private static final Pattern ALONE =
      Pattern.compile("(?:\\bcell[./])?\\b([\\p{javaJavaIdentifierPart}&&[^$]]+)\\$[0-9a-f]{12}");

  /** The method that runs the statements of a cell. */
  public static final String RUN = CellFunction.RUN;

  /** The method that it calls when the cell has no result. */
  public static final String BODY = CellFunction.BODY;

  private GeneratedNames() {}

  static String outer(String name, String hash) {
    return MemoryFiles.PACKAGE + "." + name + "$" + hash;
  }

  /** The outermost generated classes that a text of a class file names, by binary name. */
  static Set<String> in(String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = INTERNAL.matcher(text);
    while (matcher.find()) {
      found.add(MemoryFiles.PACKAGE + "." + matcher.group(1));
    }
    return found;
  }

  /** The outermost class of a generated class, by binary name. */
  public static String outerOf(String binaryName) {
    Set<String> found = in(binaryName.replace('.', '/'));
    return found.isEmpty() ? binaryName : found.iterator().next();
  }

  /**
   * How names spell a class inside a type's outermost one, such as {@code Outer.Inner}; null for
   * the outermost class itself.
   */
  static @Nullable String typePath(String binaryName) {
    String outer = outerOf(binaryName);
    return binaryName.length() > outer.length() + 1
        ? binaryName.substring(outer.length() + 1).replace('$', '.')
        : null;
  }

  /** A text as the user would have written it. */
  public static String clean(String text) {
    return ALONE.matcher(MEMBER.matcher(text).replaceAll("")).replaceAll("$1");
  }
}
