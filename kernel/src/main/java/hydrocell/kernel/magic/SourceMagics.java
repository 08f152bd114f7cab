package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands that show the text below them, or run it as Java. */
final class SourceMagics {
  private SourceMagics() {}

  static List<Magic> all() {
    return List.of(
        text("html", "text/html"),
        text("markdown", "text/markdown"),
        text("svg", "image/svg+xml"),
        text("latex", "text/latex"),
        text("javascript", "application/javascript"),
        text("js", "application/javascript"),
        text("mermaid", "text/vnd.mermaid"),
        java("java", "%%java above a cell", "runs the cell, as without it"),
        java("compile", "%%compile [NAME] above a cell", "the same as %%java"),
        CaptureMagic.CAPTURE,
        JshellMagic.JSHELL,
        ParameterMagic.PARAMETERS);
  }

  private static Magic text(String name, String mimeType) {
    return new Magic(
        name,
        Magic.Takes.TEXT,
        "%%" + name + " above a text",
        "shows the text as " + mimeType,
        (context, body) -> {
          Map<String, String> forms = new LinkedHashMap<>();
          forms.put(mimeType, body.strip());
          forms.put("text/plain", body.strip());
          context.show().accept(new MimeBundle(forms, Map.of()));
        });
  }

  private static Magic java(String name, String usage, String help) {
    return new Magic(
        name,
        Magic.Takes.JAVA_BELOW,
        usage,
        help,
        (context, arguments) -> context.run(context.call().below()));
  }
}
