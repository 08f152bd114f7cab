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
            "run",
            "%run FILE",
            "runs the cells of a notebook, or a file of Java",
            SourceMagics::run),
        new Magic("load", "%load FILE", "the same as %run", SourceMagics::run),
        new Magic(
            "read",
            "%read FILE, or String text = %read FILE",
            "the text of a file",
            SourceMagics::read));
  }

  private static Magic text(String name, String mimeType) {
    return new Magic(
        name,
        Magic.Takes.TEXT,
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
        Magic.Takes.TEXT,
        "%%" + name,
        "runs the rest of the cell with " + shell + " where cells run",
        (context, body) ->
            context.run(
                "hydrocell.api.Shell.run(\"" + shell + "\", " + Literals.text(body) + ");"));
  }

  private static void run(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Path file = context.surroundings().directory().resolve(arguments.strip());
    if (arguments.isBlank() || !Files.isReadable(file)) {
      throw new MagicException("there is no file " + file);
    }
    String text = Files.readString(file);
    List<String> cells = file.toString().endsWith(".ipynb") ? cellsOf(file, text) : List.of(text);
    for (String cell : cells) {
      context.run(cell);
    }
  }

  private static void read(Magic.Context context, String arguments)
      throws IOException, MagicException {
    String file = Literals.text(arguments);
    context.value("java.nio.file.Files.readString(java.nio.file.Path.of(" + file + "))");
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
