package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import hydrocell.cell.Spelling;
import hydrocell.kernel.CellPipeline;
import hydrocell.kernel.Dependencies;
import hydrocell.kernel.History;
import hydrocell.kernel.Session;
import hydrocell.kernel.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** All commands, and what is left of a cell when they are taken off. */
public final class Magics {
  /** Commands that take the rest of their cell. */
  private static final Set<String> WITH_BODY =
      Set.of(
          "loadFromPOM",
          "pom",
          "html",
          "markdown",
          "svg",
          "latex",
          "javascript",
          "bash",
          "sh",
          "shell",
          "timeit",
          "writefile");

  /** As jbang writes them. */
  private static final String DEPENDENCIES = "//DEPS ";

  /** Lines of commands, and empty ones, at the beginning of a cell. */
  private static final Pattern LEADING = Pattern.compile("(?:[ \\t]*(?:%.*)?(?:\\R|$))*+");

  /** A command as far as it is not Java. */
  private static final Pattern COMMAND = Pattern.compile("(?m)%%?\\s*time(?:it)?(?!\\w)|%.*");

  private final Map<String, Magic> byName = new LinkedHashMap<>();
  private final Magic.Context context;
  private final List<String> next = new ArrayList<>();

  /**
   * A cell without its commands.
   *
   * @param commands in order, each without its percent sign
   * @param source the rest, with the same line numbers
   * @param timed whether the rest is to be timed
   */
  public record Split(List<String> commands, String source, boolean timed) {}

  /** Commands of a notebook. {@code show} is asked anew for every cell. */
  public Magics(
      Session session,
      CellPipeline pipeline,
      History history,
      Dependencies dependencies,
      Surroundings surroundings,
      Consumer<MimeBundle> show) {
    context =
        new Magic.Context(session, pipeline, history, dependencies, surroundings, show, next::add);
    List<Magic> all = new ArrayList<>(NameMagics.all());
    all.addAll(KernelMagics.all());
    all.addAll(DependencyMagics.all());
    all.addAll(PlaceMagics.all());
    all.addAll(SourceMagics.all());
    all.add(
        new Magic(
            "time", "%time EXPRESSION, or %%time above a cell", "how long it takes", (c, a) -> {}));
    all.add(new Magic("help", "%help", "this list", (c, a) -> c.print(help())));
    all.add(new Magic("lsmagic", "%lsmagic", "the same as %help", (c, a) -> c.print(help())));
    all.sort(Comparator.comparing(Magic::name));
    all.forEach(magic -> byName.put(magic.name(), magic));
  }

  /** Takes the commands at the beginning of a cell off. */
  public static Split split(String cell) {
    String first = cell.strip();
    if (first.startsWith("%%")) {
      String body = first.substring(2).strip();
      if (WITH_BODY.contains(body.split("\\s", 2)[0])) {
        return new Split(List.of(body), "", false);
      }
    }
    List<String> commands = new ArrayList<>();
    StringBuilder rest = new StringBuilder();
    boolean leading = true;
    boolean timed = false;
    for (String line : cell.split("\n", -1)) {
      String stripped = line.strip();
      if (leading && stripped.startsWith("%")) {
        String command = stripped.replaceFirst("^%%?", "").strip();
        if (command.equals("time") || command.startsWith("time ")) {
          timed = true;
          rest.append(command.substring("time".length()));
        } else {
          commands.add(command);
        }
      } else if (leading && stripped.startsWith(DEPENDENCIES)) {
        commands.add("maven " + stripped.substring(DEPENDENCIES.length()));
      } else {
        leading &= stripped.isEmpty();
        rest.append(line);
      }
      rest.append('\n');
    }
    rest.setLength(rest.length() - 1);
    return new Split(commands, rest.toString(), timed);
  }

  /** The cells that commands want to have run, in order; they are taken once. */
  public List<String> takeNext() {
    List<String> taken = List.copyOf(next);
    next.clear();
    return taken;
  }

  /** A cell's source as it may stand in the history. */
  public static String withoutSecrets(String source) {
    return PlaceMagics.withoutSecrets(source);
  }

  /** Does one command. */
  public void run(String command) throws IOException, MagicException {
    String name = command.split("\\s", 2)[0];
    Magic magic = byName.get(name);
    if (magic == null) {
      throw new MagicException(
          "there is no %%%s%s; there are %s"
              .formatted(
                  name,
                  nearest(name),
                  byName.keySet().stream()
                      .map(each -> "%" + each)
                      .reduce((a, b) -> a + ", " + b)
                      .orElse("none")));
    }
    magic.action().run(context, command.substring(name.length()).strip());
  }

  private String nearest(String typed) {
    String name = Spelling.nearest(typed, byName.keySet());
    return name == null ? "" : " (did you mean %" + name + "?)";
  }

  private String help() {
    StringBuilder text = new StringBuilder();
    for (Magic magic : byName.values()) {
      text.append("%-44s %s%n".formatted(magic.usage(), magic.help()));
    }
    return text.toString().stripTrailing();
  }

  /**
   * What could stand at a place of a cell that belongs to a command.
   *
   * @param start of what a proposal replaces, as far as the cursor, in UTF-16 units
   */
  public record Proposals(int start, List<String> texts) {}

  /** Proposals at a place; null when there is no command. Any thread. */
  public @Nullable Proposals propose(
      String cell,
      int cursor,
      Collection<String> names,
      Collection<String> environment,
      Path directory) {
    String body = textBelow(cell);
    if (!body.isEmpty() && cursor > cell.length() - body.length()) {
      return new Proposals(cursor, List.of());
    }
    CommandLine line = CommandLine.at(cell, cursor);
    return line == null
        ? null
        : new Proposals(
            line.start(),
            line.proposals(
                byName.values(), new CommandLine.Surrounding(names, environment, directory)));
  }

  /** The text, not Java, below a command that takes the rest of its cell; empty without one. */
  private static String textBelow(String cell) {
    int command = cell.indexOf("%%");
    int line = command < 0 ? -1 : cell.indexOf('\n', command);
    boolean text =
        line >= 0
            && cell.substring(0, command).isBlank()
            && split(cell).source().isEmpty()
            && !CommandLine.takesJava(cell.substring(command, line));
    return text ? cell.substring(line) : "";
  }

  /** A cell with everything but Java blanked out; each character stands where it stood. */
  public static String javaOf(String cell) {
    StringBuilder java = new StringBuilder(cell);
    String body = textBelow(cell);
    if (!body.isEmpty()) {
      return " ".repeat(cell.length());
    }
    Matcher commands = LEADING.matcher(cell);
    if (commands.lookingAt()) {
      Matcher command = COMMAND.matcher(cell).region(0, commands.end());
      while (command.find()) {
        for (int i = command.start(); i < command.end(); i++) {
          java.setCharAt(i, ' ');
        }
      }
    }
    return java.toString();
  }
}
