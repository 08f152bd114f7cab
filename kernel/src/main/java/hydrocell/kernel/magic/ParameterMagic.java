package hydrocell.kernel.magic;

import com.fasterxml.jackson.databind.JsonNode;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.kernel.protocol.JsonTrees;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code %%parameters} above lines of {@code NAME = JSON}: sets variables, each in the type that it
 * has in the notebook, or declares them. It is what papermill writes into a notebook.
 */
final class ParameterMagic {
  private static final Pattern LINE = Pattern.compile("\\s*([\\p{Alpha}_$][\\w$]*)\\s*=(.*)");
  private static final String USAGE = "%%parameters above lines of NAME = JSON";

  static final Magic PARAMETERS =
      new Magic(
          "parameters",
          Magic.Takes.TEXT,
          USAGE,
          "sets variables, each in its own type; declares those that are new",
          ParameterMagic::set);

  private ParameterMagic() {}

  private static void set(Magic.Context context, String arguments)
      throws IOException, MagicException {
    StringBuilder cell = new StringBuilder();
    for (String line : context.call().below().lines().toList()) {
      if (line.isBlank() || line.strip().startsWith("//")) {
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new MagicException("'%s' is no line of %s".formatted(line.strip(), USAGE));
      }
      String name = matcher.group(1);
      JsonNode value = json(name, matcher.group(2).strip());
      Entry entry = context.session().manifest().get(Name.variable(name));
      cell.append(statement(name, value, entry)).append('\n');
    }
    context.run(cell.toString());
  }

  private static JsonNode json(String name, String text) throws MagicException {
    try {
      return JsonTrees.read(text);
    } catch (IOException e) {
      throw new MagicException("%s is given no JSON: %s".formatted(name, text));
    }
  }

  private static String statement(
      String name, JsonNode value, @org.jspecify.annotations.Nullable Entry entry)
      throws MagicException {
    try {
      if (entry != null) {
        return name + " = " + Literals.of(value, entry.symbol().type()) + ";";
      }
      return (value.isNull() ? "Object " : "var ") + name + " = " + Literals.of(value, "") + ";";
    } catch (IllegalArgumentException e) {
      throw new MagicException("%s: %s".formatted(name, e.getMessage()));
    }
  }
}
