package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Symbol;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What notebooks of IJava and JJava name by the packages of these kernels: {@code
 * hydrocell.api.jjava} has types that stand in for the most used ones, whatever package the
 * notebook takes them from.
 */
final class OtherKernels {
  private static final String HERE = "hydrocell.api.jjava.";

  private static final List<List<String>> PACKAGES =
      List.of(
          List.of("io", "github", "spencerpark", "ijava"),
          List.of("io", "github", "spencerpark", "jupyter"),
          List.of("org", "dflib", "jjava"));

  private static final Set<String> TYPES =
      Set.of(
          "Display",
          "DisplayData",
          "IJava",
          "JJava",
          "JavaKernel",
          "Kernel",
          "Magics",
          "MIMEType",
          "RenderContext",
          "RenderFunction",
          "RenderRegistration",
          "Renderer",
          "Shell");

  /** Names that cells of these kernels call without an import. */
  private static final Set<String> CALLED =
      Set.of("getKernelInstance", "eval", "lineMagic", "cellMagic", "print");

  /** Words behind which a call may stand; any other word there is the type of a declaration. */
  private static final Set<String> BEFORE_CALLS =
      Set.of("return", "else", "do", "throw", "yield", "assert", "case");

  /** What to do about the rest of these packages. */
  static final String ADVICE =
      "of IJava and JJava only what renders values is here: `@LineMagic` before a method makes a command, "
          + "`renderer(X.class, x -> html(…))` shows an X";

  private OtherKernels() {}

  /** Whether a package is one of these kernels' own. */
  static boolean isPackage(String name) {
    return PACKAGES.stream().map(words -> String.join(".", words)).anyMatch(name::startsWith);
  }

  /** How many tokens from here spell a package of these kernels, with the dot behind it; or 0. */
  static int packageAt(List<Token> tokens, int at) {
    for (List<String> words : PACKAGES) {
      if (spells(tokens, at, words)) {
        int end = at + 2 * words.size();
        while (end + 1 < tokens.size()
            && tokens.get(end).isWord()
            && Character.isLowerCase(tokens.get(end).text().charAt(0))
            && tokens.get(end + 1).is(".")) {
          end += 2;
        }
        boolean known =
            end < tokens.size()
                && (tokens.get(end).is("*") || TYPES.contains(tokens.get(end).text()));
        return known ? end - at : 0;
      }
    }
    return 0;
  }

  private static boolean spells(List<Token> tokens, int at, List<String> words) {
    if (at + 2 * words.size() >= tokens.size()) {
      return false;
    }
    for (int i = 0; i < words.size(); i++) {
      if (!tokens.get(at + 2 * i).is(words.get(i)) || !tokens.get(at + 2 * i + 1).is(".")) {
        return false;
      }
    }
    return true;
  }

  /** The import that takes the place of one whose package is left out; null when none is needed. */
  static @Nullable String importOf(String rest, boolean isStatic) {
    boolean shown = rest.startsWith("Display.") || rest.startsWith("*");
    if (isStatic) {
      // What these have is there in every cell.
      return shown ? null : "static " + HERE + rest;
    }
    return HERE + rest;
  }

  /** The imports that a source needs for what it calls by plain names and nobody defines. */
  static Set<String> importsOf(List<Token> tokens, List<Symbol> context) {
    Set<String> called = new LinkedHashSet<>();
    Set<String> declared = new LinkedHashSet<>();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      String word = tokens.get(i).text();
      if (CALLED.contains(word)
          && tokens.get(i + 1).is("(")
          && (i == 0 || !tokens.get(i - 1).is("."))) {
        (i > 0 && isType(tokens.get(i - 1)) ? declared : called).add(word);
      }
    }
    called.removeAll(declared);
    context.forEach(each -> {
      if (each.name().kind() == Kind.METHOD) {
        called.remove(each.name().text());
      }
    });
    return called.isEmpty() ? Set.of() : Set.of("static " + HERE + "Kernel.*");
  }

  /** Whether a declaration follows: {@code void print(}. */
  private static boolean isType(Token token) {
    return token.is(">")
        || token.is("]")
        || (token.isWord() && !BEFORE_CALLS.contains(token.text()));
  }
}
