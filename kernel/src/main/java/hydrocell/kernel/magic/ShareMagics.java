package hydrocell.kernel.magic;

import hydrocell.anna.wire.Permissions;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUse;
import hydrocell.cell.TheirSession;
import hydrocell.kernel.NotUsableException;
import hydrocell.kernel.SharedConflicts;
import hydrocell.kernel.SharedNames;
import hydrocell.kernel.SharedNotebooks;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Commands on variables that several notebooks use. */
final class ShareMagics {
  private static final String NOTEBOOK = "notebook";
  private static final String FORK = "--fork";

  private static final Pattern USE =
      Pattern.compile(
          "([^\\s,]+)(?:\\s+as\\s+(\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*))?"
              + "(?:[\\s,]+|$)");

  private ShareMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "share",
            "%share [NAME… | notebook [--fork] [NAME]] [--read WHO…] [--write WHO…] [--for 8h]",
            "lets other notebooks use variables of this one, run cells in it, or go on with a copy of all of it, and other people who are named; without names, shows what is shared",
            ShareMagics::share),
        new Magic(
            "use",
            "%use [OWNER/]NAME [as NAME]…",
            "uses variables that another notebook shares, under names of their own where asked",
            ShareMagics::use),
        new Magic(
            "trust",
            "%trust PERSON…",
            "lets classes and lambdas of another person run in your notebooks",
            (context, arguments) -> trust(context, arguments, true)),
        new Magic(
            "distrust",
            "%distrust PERSON…",
            "takes that back, for what comes from now on",
            (context, arguments) -> trust(context, arguments, false)),
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
            "open",
            "%open OWNER/NOTEBOOK",
            "goes on in a notebook that somebody shares, or with a copy of it",
            ShareMagics::open),
        new Magic(
            "leave",
            "%leave",
            "goes back from a notebook that was opened to this one's own names",
            ShareMagics::leave),
        new Magic(
            "follow",
            "%follow NAME…",
            "the cells that read a shared variable run again when others have changed it",
            (context, arguments) ->
                forEach(
                    context,
                    arguments,
                    "%follow",
                    name ->
                        "cells that read `%s` run again when others have changed %s"
                            .formatted(
                                name, context.pipeline().follow(Name.variable(name), true)))),
        new Magic(
            "unfollow",
            "%unfollow NAME…",
            "they do not any more",
            (context, arguments) ->
                forEach(
                    context,
                    arguments,
                    "%unfollow",
                    name ->
                        "nothing runs by itself when %s changes"
                            .formatted(context.pipeline().follow(Name.variable(name), false)))),
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
    String take(String name) throws IOException, NotUsableException;
  }

  private static void forEach(Magic.Context context, String arguments, String command, Step step)
      throws IOException, MagicException {
    if (arguments.isEmpty()) {
      throw new MagicException(command + " needs names");
    }
    for (String name : arguments.split("[\\s,]+")) {
      try {
        context.print(step.take(name));
      } catch (NotUsableException | IllegalArgumentException e) {
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
    String[] words = arguments.split("\\s+", 2);
    String rest = words.length > 1 ? words[1].strip() : "";
    boolean variable = context.session().manifest().get(Name.variable(NOTEBOOK)) != null;
    if (words[0].equals(NOTEBOOK) && (!variable || rest.startsWith(FORK))) {
      shareNotebook(context, rest);
      return;
    }
    GivenRights given = GivenRights.of(arguments, Instant.now());
    Permissions permissions = given.permissions();
    SharedNames shared = context.pipeline().shared();
    forEach(
        context,
        given.names(),
        "%share",
        name -> {
          SharedName made = shared.share(Name.variable(name), permissions);
          return "`%s` is shared%s: `%%use %s` in another notebook"
              .formatted(
                  name, permissions == null ? "" : ", " + GivenRights.words(permissions), made);
        });
  }

  private static void trust(Magic.Context context, String arguments, boolean trusted)
      throws IOException, MagicException {
    forEach(
        context,
        arguments,
        trusted ? "%trust" : "%distrust",
        person -> {
          context.pipeline().shared().trust(person, trusted);
          return trusted
              ? "code of %s runs in your notebooks, with your rights, when you use what %s shares"
                  .formatted(person, person)
              : "code of %s comes into your notebooks no more".formatted(person);
        });
  }

  private static void shareNotebook(Magic.Context context, String how)
      throws IOException, MagicException {
    boolean fork = how.startsWith(FORK);
    GivenRights given = GivenRights.of(fork ? how.substring(FORK.length()) : how, Instant.now());
    String name = given.names().strip();
    if (name.contains(" ")) {
      throw new MagicException(
          "after notebook come --fork, for copies, and a name where it is to have another than its file");
    }
    Permissions permissions = given.permissions();
    String rights = permissions == null ? "" : ", " + GivenRights.words(permissions);
    SharedNotebooks notebooks = context.pipeline().shared().notebooks();
    try {
      if (fork) {
        SharedName shared = notebooks.share(name, permissions);
        context.print(
            "this notebook is %s as it stands now%s: `%%open %s` in another one goes on with it"
                .formatted(shared, rights, shared));
      } else {
        SharedName shared = notebooks.shareSession(name, permissions);
        context.print(
            "this notebook is %s%s: `%%open %s` in another one goes on in it"
                .formatted(shared, rights, shared));
      }
    } catch (NotUsableException | IllegalArgumentException e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    }
  }

  private static void open(Magic.Context context, String arguments)
      throws IOException, MagicException {
    SharedNames names = context.pipeline().shared();
    SharedName shared = parsed(arguments.strip(), names.person());
    try {
      TheirSession session = names.notebooks().session(shared);
      if (session != null) {
        enter(context, shared, session);
        return;
      }
      SharedNotebooks.Opened opened = names.notebooks().open(shared);
      context.print(
          "this notebook goes on with %s as %s left it: %d names, %,d bytes; `%%undo` returns"
              .formatted(shared, opened.version().person(), opened.names(), opened.bytes()));
    } catch (NotUsableException e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    }
  }

  private static void enter(Magic.Context context, SharedName shared, TheirSession session)
      throws IOException, MagicException {
    String there = goTo(context, session);
    context.print(
        "this notebook is %s now%s: %s; `%%leave` goes back to its own names"
            .formatted(
                shared,
                context.session().mayWrite() ? "" : ", which you may read",
                there.isEmpty() ? "it is empty" : there));
  }

  private static void leave(Magic.Context context, String arguments)
      throws IOException, MagicException {
    if (!context.session().isElsewhere()) {
      throw new MagicException("this notebook has opened no other one");
    }
    String there = goTo(context, null);
    context.print("this notebook goes on by itself" + (there.isEmpty() ? ", empty" : ": " + there));
  }

  private static String goTo(Magic.Context context, @Nullable TheirSession session)
      throws IOException, MagicException {
    if (!context.pipeline().jobs().openCells().isEmpty()) {
      throw new MagicException(
          "asynchronous cells of this notebook have not ended: `%wait` or `%cancel` them first");
    }
    return context.pipeline().goTo(session);
  }

  private static void use(Magic.Context context, String arguments)
      throws IOException, MagicException {
    SharedNames shared = context.pipeline().shared();
    Matcher one = USE.matcher(arguments);
    int at = 0;
    while (at < arguments.length() && one.find(at) && one.start() == at) {
      SharedName name = parsed(one.group(1), shared.person());
      Name local = one.group(2) == null ? name.variable() : Name.variable(one.group(2));
      try {
        shared.use(name, local);
      } catch (NotUsableException e) {
        throw new MagicException(String.valueOf(e.getMessage()));
      }
      context.print("`%s` is %s".formatted(local.text(), name));
      at = one.end();
    }
    if (arguments.isEmpty() || at < arguments.length()) {
      throw new MagicException("%use takes names: %use [OWNER/]NAME [as NAME]…");
    }
  }

  private static SharedName parsed(String spelling, String person) throws MagicException {
    try {
      return SharedName.parse(spelling, person);
    } catch (IllegalArgumentException e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    }
  }

  private static void list(Magic.Context context) throws IOException {
    Map<Name, SharedUse> uses = context.pipeline().shared().uses();
    Table table = new Table("name", "shared as", "followed", "rights");
    for (Map.Entry<Name, SharedUse> each : uses.entrySet()) {
      SharedUse use = each.getValue();
      Permissions permitted = context.pipeline().shared().rights().permitted(use.shared());
      String rights = use.writes() ? "" : "you may read";
      table.row(
          each.getKey().text(),
          use.shared().toString(),
          use.followed() ? "yes" : "",
          permitted == null ? rights : GivenRights.words(permitted));
    }
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
      var chosen = shared.conflicts().resolve(name, use, choice);
      context.pipeline().asWriteOf(Set.of(name), () -> {});
      context.print(
          "%s is what %s wrote in %s"
              .formatted(
                  word,
                  chosen.person(),
                  chosen.notebook().isEmpty() ? "a console" : chosen.notebook()));
      return true;
    } catch (NotUsableException e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    }
  }

  /** Has a function make one value of the versions that stand side by side. */
  static void resolveWith(Magic.Context context, String word, String function)
      throws IOException, MagicException {
    Name name = Name.variable(word);
    SharedNames shared = context.pipeline().shared();
    SharedUse use = shared.uses().get(name);
    if (use == null) {
      throw new MagicException("`%s` is not shared: choose one of its versions".formatted(word));
    }
    try {
      SharedConflicts.Settlement settlement = shared.settle(name, use, function);
      boolean settles = false;
      try {
        context.pipeline().asWriteOf(Set.of(name), () -> context.cells().aside(settlement.java()));
        settles = true;
      } finally {
        shared.conflicts().end(settlement, settles);
      }
      context.print(
          "%s is what %s made of %d versions"
              .formatted(word, function, settlement.versions().size()));
    } catch (NotUsableException e) {
      throw new MagicException(String.valueOf(e.getMessage()));
    }
  }

  /** What a name is shared as, or comes from; empty when it is the notebook's own. */
  static String sharedAs(Manifest manifest, Entry entry) {
    Entry setting =
        entry.name().kind() == Kind.VARIABLE ? manifest.get(SharedUse.setting(entry.name())) : null;
    try {
      return setting == null ? entry.owner() : SharedUse.of(setting).shared().toString();
    } catch (IOException e) {
      return entry.owner();
    }
  }

  /**
   * What the notebook shares stays shared when it goes back, and a value that comes back to a
   * shared name is a write of its own, for everybody.
   */
  static void goBack(Manifest manifest, Map<Name, Entry> back, Set<Name> created) {
    back.keySet().removeIf(SharedUse::isSetting);
    back.keySet().removeIf(SharedConflicts::isVersion);
    created.removeIf(SharedUse::isSetting);
    back.replaceAll(
        (name, entry) -> manifest.get(SharedUse.setting(name)) == null ? entry : entry.ownedBy(""));
  }
}
