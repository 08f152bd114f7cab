package hydrocell.kernel.magic;

import hydrocell.kernel.Glob;
import hydrocell.kernel.History;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** The command that shows the cells that ran: of this notebook, or of all of a person's. */
final class HistoryMagic {
  static final Magic HISTORY =
      new Magic(
          "history",
          "%history [-g] [N] [PATTERN]",
          "the last N cells that ran, with -g in all of your notebooks, that hold a pattern",
          HistoryMagic::show);

  private static final int SHOWN_BY_DEFAULT = 50;
  private static final int MOST_SHOWN = 10_000;

  private HistoryMagic() {}

  /**
   * What is asked for.
   *
   * @param everywhere in all notebooks
   * @param count at most how many
   * @param pattern with {@code *} and {@code ?}, found anywhere in a source; empty for all
   */
  record Asked(boolean everywhere, int count, String pattern) {
    static Asked of(String arguments) throws MagicException {
      boolean everywhere = false;
      int count = SHOWN_BY_DEFAULT;
      String rest = arguments.strip();
      while (!rest.isEmpty()) {
        String[] words = rest.split("\\s+", 2);
        String following = words.length > 1 ? words[1] : "";
        if (words[0].equals("-g")) {
          everywhere = true;
        } else if (words[0].matches("\\d{1,9}")) {
          count = Math.min(MOST_SHOWN, Integer.parseInt(words[0]));
        } else if (words[0].startsWith("-") && !words[0].matches("-[nl]")) {
          throw new MagicException("%history knows -g, a number and a pattern, not " + words[0]);
        } else if (!words[0].startsWith("-")) {
          return new Asked(everywhere, count, rest);
        }
        rest = following;
      }
      return new Asked(everywhere, count, "");
    }

    Predicate<History.Line> filter() {
      Glob glob = Glob.within(pattern);
      return line -> glob.matches(line.source());
    }
  }

  private static void show(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Asked asked = Asked.of(arguments);
    StringBuilder text = new StringBuilder();
    if (asked.everywhere()) {
      for (History.Found found : context.history().everywhere(asked.filter(), asked.count())) {
        text.append(
            "%s [%d] %s%n"
                .formatted(
                    found.notebook(), found.line().cellNumber(), found.line().source().strip()));
      }
    } else {
      List<History.Line> lines = context.history().lines().stream().filter(asked.filter()).toList();
      for (History.Line line :
          lines.subList(Math.max(0, lines.size() - asked.count()), lines.size())) {
        text.append("[%d] %s%n".formatted(line.cellNumber(), line.source().strip()));
      }
    }
    String none =
        asked.pattern().isEmpty() ? "no cell has run yet" : "no cell holds " + asked.pattern();
    context.print(text.isEmpty() ? none : text.toString().stripTrailing());
  }
}
