package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code %%capture}: keeps what a cell says in a variable instead of showing it. */
final class CaptureMagic {
  private static final int LITERAL_CHARS = 16_000;

  static final Magic CAPTURE =
      new Magic(
          "capture",
          Magic.Takes.JAVA_BELOW,
          "%%capture [NAME] above a cell",
          "keeps what the cell says in a variable with stdout(), stderr(), outputs(), show()",
          CaptureMagic::capture);

  private CaptureMagic() {}

  private static void capture(Magic.Context context, String arguments)
      throws IOException, MagicException {
    String name = context.call().inLine();
    if (!name.isEmpty() && !name.matches("[\\p{Alpha}_$][\\w$]*")) {
      throw new MagicException("it is written %%capture [NAME] above a cell");
    }
    Cells.Kept kept = context.cells().keep(context.call().below());
    if (!name.isEmpty()) {
      context
          .cells()
          .aside(
              "hydrocell.api.Captured %s = new hydrocell.api.Captured(%s, %s, java.util.List.of(%s));"
                  .formatted(
                      name,
                      literal(kept.stdout()),
                      literal(kept.stderr()),
                      kept.shown().stream()
                          .map(CaptureMagic::literal)
                          .collect(Collectors.joining(", "))));
    }
    if (kept.leftOutBytes() > 0) {
      context.print("%,d bytes of output were too many to keep".formatted(kept.leftOutBytes()));
    }
    if (kept.failure() != null) {
      throw kept.failure();
    }
  }

  private static String literal(MimeBundle bundle) {
    return bundle.data().entrySet().stream()
        .flatMap(form -> Stream.of(Literals.text(form.getKey()), literal(form.getValue())))
        .collect(Collectors.joining(", ", "hydrocell.api.Hydrocell.<String, String>mapOf(", ")"));
  }

  /** A text of any length: a constant of Java holds 65,535 bytes. */
  private static String literal(String text) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); at += LITERAL_CHARS) {
      pieces.add(Literals.text(text.substring(at, Math.min(text.length(), at + LITERAL_CHARS))));
    }
    return pieces.size() < 2
        ? Literals.text(text)
        : "String.join(\"\", " + String.join(", ", pieces) + ")";
  }
}
