package hydrocell.executor.compiler;

import java.util.ArrayList;
import java.util.List;

/**
 * The parameter types of a method as spelled: two methods with the same ones replace each other.
 */
final class Parameters {
  private Parameters() {}

  /** The types, one after the other; {@code method} begins after its modifiers. */
  static List<String> of(String method) {
    List<Token> tokens = Token.scan(method);
    List<String> types = new ArrayList<>();
    List<Token> current = new ArrayList<>();
    int open = 0;
    while (open < tokens.size() && !tokens.get(open).is("(")) {
      open++;
    }
    int angles = 0;
    for (int i = open + 1; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean end = token.is(")") && token.depth() == 0;
      angles += token.is("<") ? 1 : token.is(">") ? -1 : 0;
      if (end || (token.is(",") && angles == 0 && token.depth() == 1)) {
        add(current, types);
        current.clear();
        if (end) {
          break;
        }
      } else if (!token.is("final")) {
        current.add(token);
      }
    }
    return types;
  }

  private static void add(List<Token> parameter, List<String> types) {
    if (parameter.isEmpty()) {
      return;
    }
    StringBuilder type = new StringBuilder();
    boolean named = false;
    for (Token token : parameter.reversed()) {
      if (!named && token.isWord()) {
        named = true;
      } else {
        type.insert(0, token.text() + " ");
      }
    }
    types.add(type.toString().strip());
  }
}
