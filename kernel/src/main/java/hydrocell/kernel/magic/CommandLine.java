package hydrocell.kernel.magic;

import hydrocell.kernel.Setting;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command that a cursor stands in, and what could follow there: its name, or what commands of
 * its kind take. Immutable.
 *
 * @param start of the word before the cursor, in UTF-16 units
 * @param typed the word, as far as the cursor
 * @param command the name before the word; empty when the word is the name
 */
record CommandLine(int start, String typed, String command) {
  private static final List<String> ACTIONS = List.of("/add", "/list-dependencies", "/resolve");

  private static final Map<String, Argument> ARGUMENTS =
      Map.ofEntries(
          Map.entry("rm", Argument.NAME),
          Map.entry("resolve", Argument.NAME),
          Map.entry("checkout", Argument.NAME),
          Map.entry("cd", Argument.FOLDER),
          Map.entry("run", Argument.FILE),
          Map.entry("load", Argument.FILE),
          Map.entry("read", Argument.FILE),
          Map.entry("image", Argument.FILE),
          Map.entry("save", Argument.FILE),
          Map.entry("loadFromPOM", Argument.FILE),
          Map.entry("writefile", Argument.FILE),
          Map.entry("jars", Argument.FILE),
          Map.entry("classpath", Argument.FILE),
          Map.entry("env", Argument.ENVIRONMENT),
          Map.entry("config", Argument.SETTING),
          Map.entry("dependency", Argument.ACTION));

  /** What a command takes. */
  private enum Argument {
    NAME,
    FILE,
    FOLDER,
    ENVIRONMENT,
    SETTING,
    ACTION
  }

  /**
   * What arguments are chosen from.
   *
   * @param names of the notebook
   * @param environment the names of its variables
   * @param directory where cells run
   */
  record Surrounding(Collection<String> names, Collection<String> environment, Path directory) {}

  /** The command at a place of a cell; null when that is Java, or a text below a command. */
  static @Nullable CommandLine at(String code, int cursor) {
    int lineStart = code.lastIndexOf('\n', cursor - 1) + 1;
    String line = code.substring(lineStart, cursor);
    String stripped = line.stripLeading();
    if (!stripped.startsWith("%")) {
      return null;
    }
    int percent = lineStart + line.length() - stripped.length();
    int word = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t')) + 1 + lineStart;
    if (word <= percent) {
      return new CommandLine(percent, stripped, "");
    }
    return takesJava(stripped)
        ? null
        : new CommandLine(word, code.substring(word, cursor), nameIn(stripped));
  }

  private static String nameIn(String line) {
    return line.replaceFirst("^%%?\\s*", "").split("\\s", 2)[0];
  }

  private static boolean takesJava(String line) {
    Magic known = Magics.KNOWN.get(nameIn(line));
    return known != null && known.takesJava();
  }

  /** What the word could become, in order. */
  List<String> proposals(Collection<Magic> magics, Surrounding surrounding) {
    if (command.isEmpty()) {
      return magics.stream()
          .flatMap(CommandLine::spellings)
          .filter(spelling -> spelling.startsWith(typed) || isShorter(spelling))
          .sorted()
          .toList();
    }
    Argument argument = ARGUMENTS.get(command);
    return switch (argument) {
      case null -> List.of();
      case NAME -> beginning(surrounding.names());
      case ENVIRONMENT -> beginning(surrounding.environment());
      case SETTING -> beginning(Setting.spellings());
      case ACTION -> beginning(ACTIONS);
      case FILE -> Paths.beginning(typed, surrounding.directory(), false);
      case FOLDER -> Paths.beginning(typed, surrounding.directory(), true);
    };
  }

  /** A command that stands above a text is found by one percent sign, too. */
  private boolean isShorter(String spelling) {
    return !typed.startsWith("%%") && spelling.startsWith("%" + typed);
  }

  /** How a command may be written, by its usage. */
  private static Stream<String> spellings(Magic magic) {
    String below = "%%" + magic.name();
    Stream<String> line =
        magic.usage().startsWith("%%") ? Stream.empty() : Stream.of("%" + magic.name());
    return magic.usage().contains(below) ? Stream.concat(line, Stream.of(below)) : line;
  }

  private List<String> beginning(Collection<String> words) {
    return new TreeSet<>(words).stream().filter(word -> word.startsWith(typed)).toList();
  }
}
