package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import hydrocell.kernel.CellPipeline;
import hydrocell.kernel.Dependencies;
import hydrocell.kernel.History;
import hydrocell.kernel.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All commands, and what is left of a cell when they are taken off. */
public final class Magics {
  private static final int MAX_TYPOS = 2;

  /** As jbang writes them. */
  private static final String DEPENDENCIES = "//DEPS ";

  private final Map<String, Magic> byName = new LinkedHashMap<>();
  private final Magic.Context context;

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
      Consumer<MimeBundle> show) {
    context = new Magic.Context(session, pipeline, history, dependencies, show);
    List<Magic> all = new ArrayList<>(NameMagics.all());
    all.addAll(KernelMagics.all());
    all.addAll(DependencyMagics.all());
    all.add(
        new Magic(
            "time", "%time EXPRESSION, or %%time above a cell", "how long it takes", (c, a) -> {}));
    all.add(new Magic("help", "%help", "this list", (c, a) -> c.print(help())));
    all.sort(Comparator.comparing(Magic::name));
    all.forEach(magic -> byName.put(magic.name(), magic));
  }

  /** Takes the commands at the beginning of a cell off. */
  public static Split split(String cell) {
    String first = cell.strip();
    if (first.startsWith("%%")) {
      String body = first.substring(2).strip();
      if (DependencyMagics.WITH_BODY.contains(body.split("\\s", 2)[0])) {
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
    return byName.keySet().stream()
        .filter(name -> distance(name, typed) <= MAX_TYPOS)
        .min(Comparator.comparingInt(name -> distance(name, typed)))
        .map(name -> " (did you mean %" + name + "?)")
        .orElse("");
  }

  /** Levenshtein's distance: letters put in, left out or changed. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
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
