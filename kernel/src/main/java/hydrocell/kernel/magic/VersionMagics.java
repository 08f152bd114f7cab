package hydrocell.kernel.magic;

import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.kernel.EarlierValues;
import hydrocell.kernel.Siblings;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands on the versions of a name: those written at once, and earlier ones. */
final class VersionMagics {
  private static final String CHECKOUT_USAGE = "%checkout [NAME [cell N]]";
  private static final Pattern CHECKOUT =
      Pattern.compile("(\\S+)(?:\\s+(?:cell\\s*)?\\[?(\\d{1,9})]?)?");

  private VersionMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "siblings",
            "%siblings",
            "the versions of names that two kernels wrote at once",
            VersionMagics::siblings),
        new Magic(
            "resolve",
            "%resolve NAME N|mine|theirs|with FUNCTION",
            "chooses one of a name's versions, or has a function make one of them",
            VersionMagics::resolve),
        new Magic(
            "checkout",
            CHECKOUT_USAGE,
            "brings back what a variable held before; without a name, shows what there is",
            VersionMagics::checkout));
  }

  private static void siblings(Magic.Context context, String arguments) {
    var names = context.session().manifest().siblings().keySet();
    context.print(
        names.isEmpty()
            ? "every name has one version"
            : new Siblings(context.session(), context.history()).describe(names));
  }

  private static void resolve(Magic.Context context, String arguments)
      throws IOException, MagicException {
    String[] words = arguments.strip().split("\\s+", 3);
    if (words.length == 3 && words[1].equals("with")) {
      ShareMagics.resolveWith(context, words[0], words[2]);
      return;
    }
    if (words.length != 2) {
      throw new MagicException(
          "%resolve takes a name and a version: %resolve NAME N|mine|theirs|with FUNCTION");
    }
    if (ShareMagics.resolve(context, words[0], words[1])) {
      return;
    }
    try {
      List<Name> settled =
          new Siblings(context.session(), context.history()).resolve(words[0], words[1]);
      Entry now = context.session().manifest().get(settled.getFirst());
      context.print(
          "%s: %s; `%%undo` returns"
              .formatted(
                  settled.stream().map(Name::text).distinct().collect(Collectors.joining(", ")),
                  now == null ? "removed" : Siblings.content(now)));
    } catch (Siblings.NoSuchVersion e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    }
  }

  private static void checkout(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Manifest manifest = context.session().manifest();
    if (arguments.isBlank()) {
      list(context, manifest);
      return;
    }
    Matcher asked = CHECKOUT.matcher(arguments.strip());
    if (!asked.matches()) {
      throw new MagicException("a variable and a cell are wanted: " + CHECKOUT_USAGE);
    }
    Name name = Name.variable(asked.group(1));
    Entry earlier = choose(EarlierValues.of(manifest, name), name, asked.group(2));
    Entry present = manifest.get(name);
    if (present != null && !present.symbol().type().equals(earlier.symbol().type())) {
      throw new MagicException(
          "`%s` was of type %s in cell [%d] and is of type %s now; %%undo goes back with everything"
              .formatted(
                  name.text(),
                  earlier.symbol().type(),
                  earlier.cellNumber(),
                  present.symbol().type()));
    }
    Entry restored = present == null ? earlier : earlier.with(present.symbol());
    context.session().commit(List.of(restored), List.of());
    context.print(
        "`%s` is as cell [%d] left it: %s; `%%undo` returns"
            .formatted(name.text(), earlier.cellNumber(), Siblings.content(earlier)));
  }

  private static Entry choose(List<Entry> earlier, Name name, String cell) throws MagicException {
    for (Entry entry : earlier) {
      if (cell == null || entry.cellNumber() == Integer.parseInt(cell)) {
        return entry;
      }
    }
    throw new MagicException(
        earlier.isEmpty()
            ? "there is no earlier value of `%s`; %%checkout shows what there is"
                .formatted(name.text())
            : "there is no value of `%s` from cell [%s]; there are %s"
                .formatted(
                    name.text(),
                    cell,
                    earlier.stream()
                        .map(entry -> "cell [" + entry.cellNumber() + "]")
                        .collect(Collectors.joining(", "))));
  }

  private static void list(Magic.Context context, Manifest manifest) {
    StringBuilder text = new StringBuilder();
    for (Name name : EarlierValues.names(manifest)) {
      for (Entry entry : EarlierValues.of(manifest, name)) {
        text.append(
            "%s  cell [%d]  %s%n"
                .formatted(name.text(), entry.cellNumber(), Siblings.content(entry)));
      }
    }
    context.print(
        text.isEmpty() ? "no variable has an earlier value" : text.toString().stripTrailing());
  }
}
