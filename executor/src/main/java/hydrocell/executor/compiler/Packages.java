package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Package statements of cells. The types of a session live in one place, so a package is only a
 * name: it is accepted, and where a later source spells it before a type it is blanked out.
 */
final class Packages {
  /** What the text of a name of kind IMPORT begins with when it stands for a package. */
  static final String PREFIX = "package ";

  private final List<List<String>> known = new ArrayList<>();
  private final StringBuilder text;
  private final List<Token> tokens;
  private final Set<String> imports = new LinkedHashSet<>();
  private String declared = "";

  /**
   * A source without its packages.
   *
   * @param text with the same offsets
   * @param declared by this source; empty when it declares none
   * @param imports that it needs for what it named by packages of other kernels
   */
  record Source(String text, String declared, Set<String> imports) {}

  private Packages(String source) {
    text = new StringBuilder(source);
    tokens = Token.scan(source);
  }

  /** Takes packages out of a source. */
  static Source takeOut(String source, List<Symbol> context) {
    Packages packages = new Packages(source);
    packages.declaration();
    for (Symbol symbol : context) {
      if (isPackage(symbol)) {
        packages.known.add(List.of(symbol.name().text().substring(PREFIX.length()).split("\\.")));
      }
    }
    packages.known.sort(Comparator.comparingInt((List<String> words) -> words.size()).reversed());
    packages.imports.addAll(OtherKernels.importsOf(packages.tokens, context));
    packages.uses();
    return new Source(packages.text.toString(), packages.declared, packages.imports);
  }

  /** Whether a symbol stands for a package that a cell declared. */
  static boolean isPackage(Symbol symbol) {
    return symbol.name().kind() == Kind.IMPORT && symbol.name().text().startsWith(PREFIX);
  }

  /** What stands for a package in the session. */
  static Symbol symbol(String declared) {
    Name name = new Name(Kind.IMPORT, PREFIX + declared);
    return Symbol.plain(name, name.text());
  }

  private void declaration() {
    if (tokens.isEmpty() || !tokens.getFirst().is("package")) {
      return;
    }
    List<String> words = new ArrayList<>();
    for (int i = 1; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.is(";")) {
        declared = String.join(".", words);
        known.add(words);
        blank(0, i);
        return;
      } else if (token.isWord()) {
        words.add(token.text());
      } else if (!token.is(".")) {
        return;
      }
    }
  }

  private void uses() {
    for (int i = 0; i < tokens.size(); i++) {
      boolean begins = i == 0 || !tokens.get(i - 1).is(".");
      int others = begins ? OtherKernels.packageAt(tokens, i) : 0;
      if (others > 0) {
        takeOutOthers(i, i + others);
      }
      for (List<String> words : known) {
        int type = i + 2 * words.size();
        if (type < tokens.size() && spells(i, words)) {
          takeOutUse(i, type);
          break;
        }
      }
    }
  }

  private boolean spells(int at, List<String> words) {
    if (at > 0 && tokens.get(at - 1).is(".")) {
      return false;
    }
    for (int i = 0; i < words.size(); i++) {
      if (!tokens.get(at + 2 * i).is(words.get(i)) || !tokens.get(at + 2 * i + 1).is(".")) {
        return false;
      }
    }
    return true;
  }

  private void takeOutUse(int from, int type) {
    Token what = tokens.get(type);
    boolean imported = from > 0 && tokens.get(from - 1).is("import");
    if (imported && (what.is("*") || isType(what))) {
      int end = type + 1 < tokens.size() && tokens.get(type + 1).is(";") ? type + 1 : type;
      blank(from - 1, end);
    } else if (isType(what)) {
      blank(from, type - 1);
    }
  }

  /** A type of another kernel: an import of ours takes the place of its package. */
  private void takeOutOthers(int from, int type) {
    boolean isStatic = from > 1 && tokens.get(from - 1).is("static");
    int first = from - (isStatic ? 2 : 1);
    if (first < 0 || !tokens.get(first).is("import")) {
      imports.add(String.valueOf(OtherKernels.importOf(tokens.get(type).text(), false)));
      blank(from, type - 1);
      return;
    }
    StringBuilder rest = new StringBuilder();
    int end = type;
    for (; end < tokens.size() && !tokens.get(end).is(";"); end++) {
      rest.append(tokens.get(end).text());
    }
    String ours = OtherKernels.importOf(rest.toString(), isStatic);
    if (ours != null) {
      imports.add(ours);
    }
    blank(first, Math.min(end, tokens.size() - 1));
  }

  private static boolean isType(Token token) {
    return token.isWord() && Character.isUpperCase(token.text().charAt(0));
  }

  private void blank(int firstToken, int lastToken) {
    for (int i = tokens.get(firstToken).start(); i < tokens.get(lastToken).end(); i++) {
      if (text.charAt(i) != '\n') {
        text.setCharAt(i, ' ');
      }
    }
  }
}
