package hydrocell.kernel.magic;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.kernel.History;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** {@code %jshell /COMMAND}: the commands of JShell, as far as a notebook has a use for them. */
final class JshellMagic {
  static final Magic JSHELL =
      new Magic(
          "jshell",
          "%jshell /vars, /methods, /types, /imports, /list, /drop, /open, /save, /reset, /env",
          "as in JShell",
          JshellMagic::run);

  private JshellMagic() {}

  private static void run(Magic.Context context, String arguments)
      throws IOException, MagicException {
    String[] words = arguments.split("\\s+", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "/vars" -> list(context, Kind.VARIABLE);
      case "/methods" -> list(context, Kind.METHOD);
      case "/types" -> list(context, Kind.TYPE);
      case "/imports" -> list(context, Kind.IMPORT);
      case "/list", "/history" -> sources(context, rest);
      case "/drop" -> context.run("%rm " + rest);
      case "/open" -> context.run("%run " + rest);
      case "/save" -> context.run("%save " + rest.replaceFirst("^-\\w+\\s+", ""));
      case "/reset", "/reload" -> context.run("%reset");
      case "/env" -> context.run("%dependencies");
      case "/help", "/?" -> context.run("%help");
      case "/set" -> throw new MagicException("%%config shows what can be set".formatted());
      case "/edit" -> throw new MagicException("edit the cell and run it again");
      case "/exit" -> throw new MagicException("close the notebook, or shut its kernel down");
      default ->
          throw new MagicException(
              "%%jshell does not know '%s'; it is written %s".formatted(words[0], JSHELL.usage()));
    }
  }

  private static void list(Magic.Context context, Kind kind) {
    String lines =
        context.session().manifest().entries().stream()
            .filter(entry -> entry.name().kind() == kind)
            .map(JshellMagic::line)
            .collect(Collectors.joining("\n"));
    context.print(lines.isEmpty() ? "there are none" : lines);
  }

  private static String line(Entry entry) {
    String source = entry.symbol().sources().isEmpty() ? "" : entry.symbol().sources().getFirst();
    String head = source.replaceFirst("(?s)\\s*\\{.*", "").replaceAll("\\s+", " ").strip();
    return switch (entry.name().kind()) {
      case VARIABLE -> "|    " + entry.symbol().type() + " " + entry.name().text();
      case IMPORT -> "|    import " + entry.name().text();
      default -> "|    " + head;
    };
  }

  private static void sources(Magic.Context context, String which)
      throws IOException, MagicException {
    List<History.Line> lines = context.history().lines();
    boolean number = which.matches("\\d{1,9}");
    String text =
        lines.stream()
            .filter(line -> !number || line.cellNumber() == Integer.parseInt(which))
            .map(line -> "%4d : %s".formatted(line.cellNumber(), line.source().strip()))
            .collect(Collectors.joining("\n"));
    context.print(text.isEmpty() ? "no cell has run yet" : text);
  }
}
