package hydrocell.kernel.magic;

import java.io.IOException;
import java.util.List;

/** Commands that look into the executor: where time goes, and what lies in memory. */
final class ProfileMagics {
  private static final int CLASSES_BY_DEFAULT = 20;
  private static final int MAX_CLASSES = 1_000;

  private ProfileMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "jfr",
            Magic.Takes.JAVA,
            "%jfr EXPRESSION, or %%jfr above a cell",
            "profiles it with the JDK's flight recorder: a flame graph",
            ProfileMagics::profile),
        new Magic(
            "heap",
            "%heap [CLASSES]",
            "which classes' objects fill the executor's memory",
            ProfileMagics::heap));
  }

  private static void profile(Magic.Context context, String arguments)
      throws IOException, MagicException {
    context.cells().aside("hydrocell.api.Profile.start();");
    try {
      context.run(context.java(context.call().inLine()));
    } finally {
      context.cells().aside("hydrocell.api.Hydrocell.display(hydrocell.api.Profile.stop());");
    }
  }

  private static void heap(Magic.Context context, String arguments)
      throws IOException, MagicException {
    boolean number = arguments.matches("\\d{1,9}");
    if (!number && !arguments.isEmpty()) {
      throw new MagicException("%heap takes a number of classes, not '" + arguments + "'");
    }
    int classes = number ? Integer.parseInt(arguments) : CLASSES_BY_DEFAULT;
    context.run("hydrocell.api.Heap.histogram(" + Math.min(MAX_CLASSES, classes) + ")");
  }
}
