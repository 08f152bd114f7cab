package hydrocell.kernel.magic;

import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUse;
import hydrocell.kernel.SharedNames;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Commands on variables that several notebooks use. */
final class ShareMagics {
  private ShareMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "share",
            "%share [NAME…]",
            "lets other notebooks use variables of this one; without names, shows what is shared",
            ShareMagics::share),
        new Magic(
            "use",
            "%use [OWNER/]NAME…",
            "uses variables that another notebook shares",
            ShareMagics::use),
        new Magic(
            "unuse",
            "%unuse NAME…",
            "goes on with a copy of one's own",
            (context, arguments) ->
                forEach(
                    context,
                    arguments,
                    "%unuse",
                    name ->
                        "`%s` is this notebook's own now, and not %s any more"
                            .formatted(
                                name, context.pipeline().shared().unuse(Name.variable(name))))),
        new Magic(
            "unshare",
            "%unshare NAME…",
            "ends the sharing of variables for everybody",
            (context, arguments) ->
                forEach(
                    context,
                    arguments,
                    "%unshare",
                    name ->
                        "%s is shared no more"
                            .formatted(context.pipeline().shared().unshare(Name.variable(name))))));
  }

  /** What a command does with one name; the line that it says. */
  private interface Step {
    String take(String name) throws IOException, SharedNames.NotUsableException;
  }

  private static void forEach(Magic.Context context, String arguments, String command, Step step)
      throws IOException, MagicException {
    if (arguments.isEmpty()) {
      throw new MagicException(command + " needs names");
    }
    for (String name : arguments.split("[\\s,]+")) {
      try {
        context.print(step.take(name));
      } catch (SharedNames.NotUsableException | IllegalArgumentException e) {
        throw new MagicException(String.valueOf(e.getMessage()));
      }
    }
  }

  private static void share(Magic.Context context, String arguments)
      throws IOException, MagicException {
    if (arguments.isEmpty()) {
      list(context);
      return;
    }
    if (arguments.contains("--")) {
      throw new MagicException(
          "rights are not given by name yet: whatever you share can be used by your own notebooks");
    }
    forEach(
        context,
        arguments,
        "%share",
        name ->
            "`%s` is shared: `%%use %s` in another notebook"
                .formatted(name, context.pipeline().shared().share(Name.variable(name))));
  }

  private static void use(Magic.Context context, String arguments)
      throws IOException, MagicException {
    SharedNames shared = context.pipeline().shared();
    forEach(
        context,
        arguments,
        "%use",
        spelling -> {
          SharedName name = SharedName.parse(spelling, shared.person());
          shared.use(name);
          return "`%s` is %s".formatted(name.text(), name);
        });
  }

  private static void list(Magic.Context context) throws IOException {
    Map<Name, SharedUse> uses = context.pipeline().shared().uses();
    Table table = new Table("name", "shared as");
    uses.forEach((name, use) -> table.row(name.text(), use.shared().toString()));
    if (uses.isEmpty()) {
      context.print("this notebook shares no variable; `%share NAME` does");
    } else {
      context.show().accept(table.shown());
    }
  }

  /** Settles a shared name of which versions stand side by side; whether it is one. */
  static boolean resolve(Magic.Context context, String word, String choice)
      throws IOException, MagicException {
    Name name = Name.variable(word);
    if (context.session().manifest().get(SharedUse.setting(name)) == null) {
      return false;
    }
    SharedNames shared = context.pipeline().shared();
    SharedUse use = shared.uses().get(name);
    if (use == null) {
      return false;
    }
    try {
      var chosen = shared.resolve(name, use, choice);
      context.print(
          "%s is what %s wrote in %s"
              .formatted(
                  word,
                  chosen.person(),
                  chosen.notebook().isEmpty() ? "a console" : chosen.notebook()));
      return true;
    } catch (SharedNames.NotUsableException e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * What the notebook shares stays shared when it goes back, and a value that comes back to a
   * shared name is a write of its own, for everybody.
   */
  static void goBack(Manifest manifest, Map<Name, Entry> back, Set<Name> created) {
    back.keySet().removeIf(SharedUse::isSetting);
    created.removeIf(SharedUse::isSetting);
    back.replaceAll(
        (name, entry) -> manifest.get(SharedUse.setting(name)) == null ? entry : entry.ownedBy(""));
  }
}
