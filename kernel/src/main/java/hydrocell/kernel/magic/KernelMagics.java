package hydrocell.kernel.magic;

import hydrocell.cell.Meter;
import hydrocell.kernel.History;
import java.io.IOException;
import java.util.List;

/** Commands on the kernel: history, figures, settings. */
final class KernelMagics {
  private static final int SHOWN_BY_DEFAULT = 50;
  private static final long MIN_OUTPUT_BYTES = 1_000;

  private KernelMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic("history", "%history [N]", "the last N cells that ran", KernelMagics::history),
        new Magic("stats", "%stats", "what the last cell and all cells cost", KernelMagics::stats),
        new Magic(
            "config",
            "%config output.limit BYTES",
            "after how many bytes a cell's output is cut",
            KernelMagics::config));
  }

  private static void history(Magic.Context context, String arguments)
      throws IOException, MagicException {
    int count;
    try {
      String number = arguments.replaceFirst("^-n\\s+", "");
      count = number.isEmpty() ? SHOWN_BY_DEFAULT : Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw new MagicException("%history takes a number of cells, not '" + arguments + "'");
    }
    List<History.Line> lines = context.history().lines();
    StringBuilder text = new StringBuilder();
    for (History.Line line : lines.subList(Math.max(0, lines.size() - count), lines.size())) {
      text.append("[%d] %s%n".formatted(line.cellNumber(), line.source().strip()));
    }
    context.print(text.isEmpty() ? "no cell has run yet" : text.toString().stripTrailing());
  }

  private static void stats(Magic.Context context, String arguments) {
    String executor = context.pipeline().executorId();
    context.print(
        "%s%n%s%nexecutor: %s%nsession: %s, epoch %d, writer %s"
            .formatted(
                line("last cell", context.pipeline().last()),
                line("all cells", context.pipeline().total()),
                executor.isEmpty() ? "none leased" : executor,
                context.session().keys().sessionId(),
                context.session().keys().epoch(),
                context.session().writer()));
  }

  private static String line(String what, Meter meter) {
    return "%s: %.1f ms (%.1f ms processor), fetched %d keys and %,d bytes, wrote %d keys and %,d bytes"
        .formatted(
            what,
            meter.wallNs() / 1e6,
            meter.cpuNs() / 1e6,
            meter.keysRead(),
            meter.bytesRead(),
            meter.keysWritten(),
            meter.bytesWritten());
  }

  private static void config(Magic.Context context, String arguments) throws MagicException {
    String[] words = arguments.split("[\\s=]+");
    if (words.length != 2 || !words[0].equals("output.limit")) {
      throw new MagicException("there is one setting: %s".formatted("%config output.limit BYTES"));
    }
    try {
      long bytes = Long.parseLong(words[1].replace("_", ""));
      context.pipeline().limitOutput(Math.max(MIN_OUTPUT_BYTES, bytes));
      context.print("output.limit is %,d bytes".formatted(Math.max(MIN_OUTPUT_BYTES, bytes)));
    } catch (NumberFormatException e) {
      throw new MagicException("output.limit is a number of bytes, not '" + words[1] + "'");
    }
  }
}
