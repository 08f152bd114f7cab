package hydrocell.kernel.magic;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that say how long Java takes. */
final class TimeMagics {
  private static final Pattern OPTION =
      Pattern.compile(
          "\\s*(?:-([nrw])\\s*|(warmup|iterations)=)(\\d+)(?:\\s+|$)(.*)", Pattern.DOTALL);

  private TimeMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "time",
            Magic.Takes.JAVA,
            "%time EXPRESSION, or %%time above a cell",
            "how long it takes once",
            TimeMagics::time),
        new Magic(
            "timeit",
            Magic.Takes.JAVA,
            "%timeit [-n RUNS] [-r ROUNDS] [-w SECONDS] EXPRESSION, or %%timeit above a cell",
            "how long it takes when repeated: warmed up, with the spread",
            TimeMagics::timeit));
  }

  private static void time(Magic.Context context, String arguments)
      throws IOException, MagicException {
    long began = System.nanoTime();
    double before = context.pipeline().total().cpuNs();
    try {
      context.run(context.java(context.call().inLine()));
    } finally {
      double cpuMs = (context.pipeline().total().cpuNs() - before) / 1e6;
      context.print(
          "%.1f ms, of which %.1f ms processor; %.1f ms with compiling and saving"
              .formatted(
                  context.pipeline().last().wallNs() / 1e6,
                  cpuMs,
                  (System.nanoTime() - began) / 1e6));
    }
  }

  private static void timeit(Magic.Context context, String arguments)
      throws IOException, MagicException {
    long[] options = {0, 7, 500};
    String rest = context.call().inLine();
    for (Matcher option = OPTION.matcher(rest); option.matches(); option = OPTION.matcher(rest)) {
      long number = Long.parseLong(option.group(3));
      String name = option.group(1) == null ? option.group(2) : option.group(1);
      switch (name) {
        case "n" -> options[0] = number;
        case "r", "iterations" -> options[1] = Math.max(1, number);
        default -> options[2] = name.equals("w") ? number * 1000 : options[2];
      }
      rest = option.group(4);
    }
    String code = context.java(rest).strip();
    if (code.isEmpty()) {
      throw new MagicException("it is written %timeit EXPRESSION, or %%timeit above a cell");
    }
    boolean statements = code.endsWith(";") || code.endsWith("}");
    context.run(
        "hydrocell.api.Timing.measure(%d, %d, %d, () -> %s)"
            .formatted(options[0], options[1], options[2], statements ? "{" + code + "}" : code));
  }
}
