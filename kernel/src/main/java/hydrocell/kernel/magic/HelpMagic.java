package hydrocell.kernel.magic;

import hydrocell.cell.Manifest;
import hydrocell.cell.Spelling;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The list of commands, and what to say to a name that is none. */
final class HelpMagic {
  static final Magic HELP =
      new Magic("help", "%help [COMMAND…]", "this list, or the lines of some", HelpMagic::help);

  static final List<String> OTHER_NAMES =
      List.of("lsmagic", "magics", "list", "listMagic", "listLineMagic", "listCellMagic");

  /** Commands of other kernels that are not needed here. */
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("thymeleaf", "html(\"…\".formatted(value)) shows HTML made of values"),
          Map.entry("plantUML", "add PlantUML by %maven net.sourceforge.plantuml:plantuml:VERSION"),
          Map.entry("import", "write import as Java has it; it holds for the whole notebook"),
          Map.entry("unimport", "write another import of the same name"),
          Map.entry("printerPrefix", "%printWithName shows results with their expressions"),
          Map.entry("mycompile", "%%compile takes the same"),
          Map.entry("myshell", "%%shell takes the same"),
          Map.entry("commonshell", "%%shell takes the same; %cd and %env hold for later cells"),
          Map.entry("commonshellcmd", "%sh takes the same; %cd and %env hold for later cells"),
          Map.entry("reload-class", "define the class again: what uses it follows"),
          Map.entry("class-info", "inspect the name with Shift+Tab"),
          Map.entry("javadoc-html", "inspect the name with Shift+Tab"),
          Map.entry("classpath-snapshot", "%dependencies shows the libraries"),
          Map.entry("prun", "%jfr shows where time goes"),
          Map.entry("pip", "%maven GROUP:ARTIFACT:VERSION adds libraries"));

  private HelpMagic() {}

  private static void help(Magic.Context context, String arguments) throws MagicException {
    Manifest manifest = context.session().manifest();
    Set<String> unseen = new LinkedHashSet<>(List.of(arguments.split("[\\s,%]+")));
    unseen.remove("");
    Set<String> wanted = Set.copyOf(unseen);
    Table table = new Table("command", "what it does");
    for (Magic magic : Magics.all(manifest)) {
      if (wanted.isEmpty() || unseen.remove(magic.name())) {
        table.row(magic.usage(), magic.help());
      }
    }
    if (!unseen.isEmpty()) {
      throw new MagicException(unknown(unseen.iterator().next(), manifest));
    }
    context.show().accept(table.shown());
  }

  /** What to say to a name that no command has. */
  static String unknown(String name, Manifest manifest) {
    String instead = INSTEAD.get(name);
    if (instead != null) {
      return "there is no %%%s here: %s".formatted(name, instead);
    }
    List<Magic> all = Magics.all(manifest);
    String nearest = Spelling.nearest(name, all.stream().map(Magic::name).toList());
    String there =
        all.stream()
            .filter(magic -> !magic.help().startsWith(Magic.SAME))
            .map(magic -> magic.usage().split("[ ,]", 2)[0])
            .collect(Collectors.joining(" "));
    return "there is no %%%s%s; there are %s; %%help says what they do"
        .formatted(name, nearest == null ? "" : " (did you mean %" + nearest + "?)", there);
  }
}
