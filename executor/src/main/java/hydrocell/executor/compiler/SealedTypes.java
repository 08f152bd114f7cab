package hydrocell.executor.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Sealed types that leave their subtypes to the compiler: those of the same cell are permitted, as
 * they would be in one file.
 */
final class SealedTypes {
  private static final Set<String> TYPE = Set.of("class", "interface", "record", "enum");

  private SealedTypes() {}

  /** The types of a cell, with what sealed ones permit written out. */
  static List<Declaration> complete(List<Declaration> types) {
    List<Declaration> complete = new ArrayList<>();
    for (Declaration type : types) {
      complete.add(type.modifiers().contains("sealed") ? complete(type, types) : type);
    }
    return complete;
  }

  private static Declaration complete(Declaration sealed, List<Declaration> types) {
    List<Token> tokens = Token.scan(sealed.text());
    int brace = braceAt(tokens, 0);
    boolean explicit =
        brace < 0 || tokens.subList(0, brace).stream().anyMatch(token -> token.is("permits"));
    if (explicit || sealed.modifiers().contains("non-sealed")) {
      return sealed;
    }
    String name = sealed.name().text();
    List<String> permitted = new ArrayList<>();
    for (Declaration other : types) {
      List<Token> header = Token.scan(other.text());
      int end = braceAt(header, 0);
      if (other != sealed && end >= 0 && extendsType(header.subList(0, end), name)) {
        permitted.add(other.name().text());
      }
    }
    if (permitted.isEmpty()) {
      return sealed;
    }
    permitted.addAll(nested(tokens, brace, name));
    return sealed.with(tokens.get(brace).start(), "permits " + String.join(", ", permitted) + " ");
  }

  /** Direct members that are subtypes; they must be named, too, once anything is. */
  private static List<String> nested(List<Token> tokens, int brace, String name) {
    List<String> found = new ArrayList<>();
    for (int i = brace + 1; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).depth() == 1
          && TYPE.contains(tokens.get(i).text())
          && tokens.get(i + 1).isWord()) {
        int end = braceAt(tokens, i);
        if (end >= 0 && extendsType(tokens.subList(i, end), name)) {
          found.add(name + "." + tokens.get(i + 1).text());
        }
      }
    }
    return found;
  }

  private static int braceAt(List<Token> tokens, int from) {
    int depth = tokens.isEmpty() ? 0 : tokens.get(from).depth();
    for (int i = from; i < tokens.size(); i++) {
      if (tokens.get(i).is("{") && tokens.get(i).depth() == depth) {
        return i;
      }
    }
    return -1;
  }

  private static boolean extendsType(List<Token> header, String name) {
    boolean clause = false;
    int angles = 0;
    for (Token token : header) {
      angles += token.is("<") ? 1 : token.is(">") ? -1 : 0;
      clause |= angles == 0 && (token.is("extends") || token.is("implements"));
      if (clause && angles == 0 && token.is(name)) {
        return true;
      }
    }
    return false;
  }
}
