package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import hydrocell.cell.Spelling;
import hydrocell.kernel.CellPipeline;
import hydrocell.kernel.Dependencies;
import hydrocell.kernel.History;
import hydrocell.kernel.Session;
import hydrocell.kernel.Surroundings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

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

  /** The names of all commands, for completion. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
