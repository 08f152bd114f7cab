package hydrocell.kernel.magic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Commands on the place where cells run: folder, environment, files. */
final class PlaceMagics {
  private static final Pattern ASSIGNMENT = Pattern.compile("(\\w+)(?:\\s*=\\s*|\\s+)(.*)");
  private static final Pattern SECRET = Pattern.compile("(?m)^(\\s*%env\\s+\\w+\\s*[=\\s]\\s*).*$");
  private static final String FRESH = "The next cell runs on a fresh executor.";

  private PlaceMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic("pwd", "%pwd", "the folder in which cells run", PlaceMagics::pwd),
        new Magic("cd", "%cd FOLDER", "another folder for cells to run in", PlaceMagics::cd),
        new Magic(
            "env",
            Magic.Takes.TEXT,
            "%env [NAME[=VALUE]], or %%env above lines of NAME=VALUE",
            "shows or sets the environment of cells; values stay out of the history",
            PlaceMagics::env));
  }

  /** A cell's source as it may stand in the history. */
  static String withoutSecrets(String source) {
    return SECRET.matcher(source).replaceAll("$1…");
  }

  private static void pwd(Magic.Context context, String arguments) {
    context.print(context.surroundings().directory().toString());
  }

  private static void cd(Magic.Context context, String arguments)
      throws IOException, MagicException {
    String home = System.getProperty("user.home", "");
    String wanted = arguments.isEmpty() ? home : arguments.replaceFirst("^~(?=/|$)", home);
    Path directory = context.surroundings().directory().resolve(wanted).normalize();
    if (!Files.isDirectory(directory)) {
      throw new MagicException("there is no folder " + directory);
    }
    context.surroundings().enter(directory);
    context.print(directory + ". " + FRESH);
  }

  private static void env(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Map<String, String> environment = context.surroundings().environment();
    if (context.call().arguments().contains("\n")) {
      for (String line : context.call().below().lines().filter(l -> !l.isBlank()).toList()) {
        context.run("%env " + line.strip());
      }
      return;
    }
    if (arguments.isEmpty()) {
      StringBuilder text = new StringBuilder();
      environment.forEach(
          (name, value) -> text.append(name).append('=').append(value).append('\n'));
      context.print(text.toString().stripTrailing());
      return;
    }
    var assignment = ASSIGNMENT.matcher(arguments);
    if (assignment.matches()) {
      context.surroundings().set(assignment.group(1), assignment.group(2));
      context.print(assignment.group(1) + " is set. " + FRESH);
      return;
    }
    String value = environment.get(arguments);
    if (value == null) {
      throw new MagicException("there is no " + arguments + " in the environment");
    }
    context.print(value);
  }
}
