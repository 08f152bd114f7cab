package hydrocell.kernel.magic;

import com.fasterxml.jackson.databind.JsonNode;
import hydrocell.cell.MimeBundle;
import hydrocell.kernel.protocol.JsonTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands that show their text, or are run as Java: scripts, timings, files with cells. */
final class SourceMagics {
  private SourceMagics() {}

  static List<Magic> all() {
    return List.of(
        text("html", "text/html"),
        text("markdown", "text/markdown"),
        text("svg", "image/svg+xml"),
        text("latex", "text/latex"),
        text("javascript", "application/javascript"),
        shell("bash", "bash"),
        shell("sh", "sh"),
        shell("shell", "sh"),
        new Magic(
            "timeit",
            "%timeit EXPRESSION, or %%timeit above a cell",
            "how long it takes when repeated",
            SourceMagics::timeit),
        new Magic(
            "run",
            "%run FILE",
            "runs the cells of a notebook, or a file of Java",
            SourceMagics::run),
        new Magic("load", "%load FILE", "the same as %run", SourceMagics::run));
  }

  private static Magic text(String name, String mimeType) {
    return new Magic(
        name,
        "%%" + name,
        "shows the rest of the cell as " + mimeType,
        (context, body) -> {
          Map<String, String> forms = new LinkedHashMap<>();
          forms.put(mimeType, body.strip());
          forms.put("text/plain", body.strip());
          context.show().accept(new MimeBundle(forms, Map.of()));
        });
  }

  private static Magic shell(String name, String shell) {
    return new Magic(
        name,
        "%%" + name,
        "runs the rest of the cell with " + shell + " where cells run",
        (context, body) ->
            context.then("hydrocell.api.Shell.run(\"" + shell + "\", " + literal(body) + ");"));
  }

  /** A text as a literal of Java. */
  static String literal(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        case '"' -> literal.append("\\\"");
        case '\\' -> literal.append("\\\\");
        default -> literal.append(c);
      }
    }
    return literal.append('"').toString();
  }

  private static void timeit(Magic.Context context, String body) throws MagicException {
    String code = body.strip();
    if (code.isEmpty()) {
      throw new MagicException("it is written %timeit EXPRESSION, or %%timeit above a cell");
    }
    boolean statements = code.endsWith(";") || code.endsWith("}");
    String once =
        statements ? code : code.endsWith(")") ? code + ";" : "Object $timed = " + code + ";";
    context.then("hydrocell.api.Timing.measure(() -> {" + once + "})");
  }

  private static void run(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Path file = context.surroundings().directory().resolve(arguments.strip());
    if (arguments.isBlank() || !Files.isReadable(file)) {
      throw new MagicException("there is no file " + file);
    }
    String text = Files.readString(file);
    List<String> cells = file.toString().endsWith(".ipynb") ? cellsOf(file, text) : List.of(text);
    cells.forEach(context::then);
  }

  private static List<String> cellsOf(Path file, String text) throws MagicException {
    List<String> cells = new ArrayList<>();
    try {
      for (JsonNode cell : JsonTrees.read(text).path("cells")) {
        if (cell.path("cell_type").asText().equals("code")) {
          cells.add(joined(cell.path("source")));
        }
      }
    } catch (IOException e) {
      throw new MagicException(file + " is no notebook: " + e.getMessage());
    }
    return cells;
  }

  private static String joined(JsonNode source) {
    StringBuilder text = new StringBuilder(source.isTextual() ? source.asText() : "");
    source.forEach(line -> text.append(line.asText()));
    return text.toString();
  }
}
