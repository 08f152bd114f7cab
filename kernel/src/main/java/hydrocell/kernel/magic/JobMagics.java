package hydrocell.kernel.magic;

import hydrocell.kernel.JobWords;
import java.io.IOException;
import java.util.List;

/** Commands on asynchronous cells. */
final class JobMagics {
  private JobMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "async",
            Magic.Takes.JAVA_BELOW,
            "%%async above a cell",
            "runs it beside the cells after it",
            JobMagics::async),
        new Magic("jobs", "%jobs", "the asynchronous cells, and how far they are", JobMagics::jobs),
        new Magic(
            "cancel",
            "%cancel [CELL…]",
            "stops asynchronous cells by their numbers; all without one",
            JobMagics::cancel),
        new Magic(
            "wait",
            "%wait [NAME…]",
            "waits for names that asynchronous cells are to write; for all cells without one",
            JobMagics::await));
  }

  private static void async(Magic.Context context, String arguments)
      throws IOException, MagicException {
    String java = context.call().below();
    if (java.isBlank() || !context.call().inLine().isEmpty()) {
      throw new MagicException("it is written %%async in a line of its own, above a cell");
    }
    context.cells().runAsynchronously(java);
  }

  private static void jobs(Magic.Context context, String arguments) {
    Table table = new Table("cell", "state", "for", "names", "source");
    List<JobWords.Line> lines = context.pipeline().jobs().lines();
    for (JobWords.Line line : lines) {
      table.row(
          "[" + line.cellNumber() + "]",
          line.state(),
          line.took(),
          String.join(", ", line.names()),
          line.source());
    }
    if (lines.isEmpty()) {
      context.print("no asynchronous cell has run yet");
    } else {
      context.show().accept(table.shown());
    }
  }

  private static void cancel(Magic.Context context, String arguments) throws MagicException {
    List<Integer> numbers = context.pipeline().jobs().openCells();
    if (!arguments.isEmpty()) {
      numbers = new java.util.ArrayList<>();
      for (String word : arguments.split("[\\s,]+")) {
        String digits = word.replaceAll("[\\[\\]]", "");
        if (!digits.matches("\\d{1,9}")) {
          throw new MagicException("%s takes numbers of cells, not %s".formatted("%cancel", word));
        }
        numbers.add(Integer.parseInt(digits));
      }
    }
    for (int number : numbers) {
      context.print(
          context.pipeline().jobs().cancel(number)
              ? "cell [%d] is being cancelled".formatted(number)
              : "cell [%d] is not under way".formatted(number));
    }
    if (numbers.isEmpty()) {
      context.print("no asynchronous cell is under way");
    }
  }

  private static void await(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<String> names = arguments.isEmpty() ? List.of() : List.of(arguments.split("[\\s,]+"));
    for (String name : names) {
      if (context.session().manifest().named(java.util.Set.of(name)).isEmpty()) {
        throw new MagicException("there is no name " + name);
      }
    }
    context.cells().await(names);
  }
}
