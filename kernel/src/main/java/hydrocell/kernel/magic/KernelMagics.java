package hydrocell.kernel.magic;

import hydrocell.cell.CellOutcome;
import hydrocell.cell.KeptOutput;
import hydrocell.cell.Meter;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Usage;
import hydrocell.kernel.KeptOutputs;
import hydrocell.kernel.Setting;
import java.io.IOException;
import java.util.List;

/** Commands on the kernel: history, figures, settings. */
final class KernelMagics {
  private static final int SHOWN_BY_DEFAULT = 50;

  private KernelMagics() {}

  static List<Magic> all() {
    return List.of(
        HistoryMagic.HISTORY,
        new Magic(
            "outputs",
            "%outputs [N]",
            "what the last N cells showed that ended while no kernel was here",
            KernelMagics::outputs),
        new Magic(
            "stats",
            "%stats [N]",
            "what the last cell and all cells cost; and the last N cells one by one",
            KernelMagics::stats),
        new Magic(
            "printWithName",
            "%printWithName",
            "whether results are shown with their expressions: the other way now",
            KernelMagics::names),
        SettingMagic.CONFIG);
  }

  private static void names(Magic.Context context, String arguments)
      throws IOException, MagicException {
    boolean on = Setting.RESULT_NAMES.isOn(context.session().manifest());
    context.run("%config " + Setting.RESULT_NAMES.spelling() + "=" + !on);
  }

  private static <T> List<T> last(List<T> all, String command, String arguments)
      throws MagicException {
    try {
      String number = arguments.replaceFirst("^-n\\s+", "");
      int count = number.isEmpty() ? SHOWN_BY_DEFAULT : Integer.parseInt(number);
      return all.subList(Math.max(0, all.size() - count), all.size());
    } catch (NumberFormatException e) {
      throw new MagicException(command + " takes a number of cells, not '" + arguments + "'");
    }
  }

  private static void outputs(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<KeptOutput> shown = last(context.session().keptOutputs(), "%outputs", arguments);
    for (KeptOutput each : shown) {
      context.print(each.cellName() + " " + KeptOutputs.ending(each));
      if (!each.text().isEmpty()) {
        context.print(each.text().stripTrailing());
      }
      if (each.outcome() instanceof CellOutcome.Returned(MimeBundle result, var committed)
          && result != null) {
        context.show().accept(result);
      }
    }
    if (shown.isEmpty()) {
      context.print("every cell's output was shown when it came");
    }
  }

  private static void stats(Magic.Context context, String arguments)
      throws IOException, MagicException {
    if (!arguments.isEmpty()) {
      cells(context, arguments);
      return;
    }
    String executor = context.pipeline().executorId();
    context.print(
        "%s%n%s%n%s%n%s%nexecutor: %s%nsession: %s, epoch %d, writer %s"
            .formatted(
                line("last cell", context.pipeline().last()),
                line("all cells", context.pipeline().total()),
                used("this notebook", context.pipeline().metered().ofNotebook()),
                used("you", context.pipeline().metered().ofOwner()),
                executor.isEmpty() ? "none leased" : executor,
                context.session().keys().sessionId(),
                context.session().keys().epoch(),
                context.session().writer()));
  }

  private static void cells(Magic.Context context, String arguments)
      throws IOException, MagicException {
    int count;
    try {
      count = Integer.parseInt(arguments);
    } catch (NumberFormatException e) {
      throw new MagicException("%stats takes a number of cells, not '" + arguments + "'");
    }
    var cells = context.pipeline().metered().ofCells(context.session().cellNumber(), count);
    cells.forEach((cell, usage) -> context.print(used("cell [" + cell + "]", usage)));
    if (cells.isEmpty()) {
      context.print("no cell of this notebook has been counted yet");
    }
  }

  private static String used(String who, Usage usage) {
    return "%s: %,d run%s, %.2f s of executors, %.2f s of processors, fetched %,d bytes, wrote %,d bytes"
        .formatted(
            who,
            usage.cells(),
            usage.cells() == 1 ? "" : "s",
            usage.executorNs() / 1e9,
            usage.cpuNs() / 1e9,
            usage.readBytes(),
            usage.writtenBytes());
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
}
