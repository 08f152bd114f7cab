package hydrocell.kernel.magic;

import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values into the line of a command: <code>\{expression}</code>, and <code>${name}</code>
 * where the notebook has a variable of that name. What stands below a command is left as it is.
 */
record Interpolation(Manifest manifest, Cells cells) {
  private static final Pattern PLACE =
      Pattern.compile("\\\\(\\\\\\{)|\\\\\\{([^}]*)}|\\$\\{([\\p{Alpha}_]\\w*)}");

  static Interpolation of(Manifest manifest, Cells cells) {
    return new Interpolation(manifest, cells);
  }

  CellText.Command apply(CellText.Command command) throws IOException, MagicException {
    int below = command.arguments().indexOf('\n');
    String line = below < 0 ? command.arguments() : command.arguments().substring(0, below);
    if (!line.contains("{") && !command.name().contains("{")) {
      return command;
    }
    String rest = below < 0 ? "" : command.arguments().substring(below);
    return new CellText.Command(
        filled(command.name()), filled(line) + rest, command.target(), command.line());
  }

  private String filled(String text) throws IOException, MagicException {
    StringBuilder filled = new StringBuilder();
    Matcher place = PLACE.matcher(text);
    while (place.find()) {
      String value;
      if (place.group(1) != null) {
        value = place.group(1);
      } else if (place.group(2) != null) {
        value = cells.evaluate(place.group(2));
      } else {
        String name = place.group(3);
        boolean known = manifest.get(Name.variable(name)) != null;
        value = known ? cells.evaluate(name) : place.group();
      }
      place.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return place.appendTail(filled).toString();
  }
}
