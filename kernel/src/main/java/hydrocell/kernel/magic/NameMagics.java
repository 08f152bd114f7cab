package hydrocell.kernel.magic;

import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Name;
import hydrocell.kernel.Glob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Commands on the names of the notebook. */
final class NameMagics {
  private NameMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "vars",
            "%vars [NAME…]",
            "the notebook's names, or those that fit, as in %vars data*",
            NameMagics::vars),
        new Magic("who", "%who [NAME…]", "the same as %vars", NameMagics::vars),
        new Magic("whos", "%whos [NAME…]", "the same as %vars", NameMagics::vars),
        new Magic("rm", "%rm NAME…", "removes names", NameMagics::remove),
        new Magic("reset", "%reset", "begins anew; %restore brings it back", NameMagics::reset),
        new Magic(
            "restore",
            "%restore",
            "the names before the last restart or %reset",
            NameMagics::restore),
        new Magic(
            "undo", "%undo [N]", "goes back by N cells that changed something", NameMagics::undo));
  }

  private static void vars(Magic.Context context, String arguments) {
    StringBuilder text =
        new StringBuilder(
            "%-20s %-28s %10s %6s  %s%n".formatted("name", "type", "bytes", "cell", "state"));
    StringBuilder html =
        new StringBuilder(
            "<table><thead><tr><th>name</th><th>type</th><th>bytes</th><th>cell</th><th>state</th></tr></thead><tbody>");
    List<Glob> wanted =
        words(arguments.isEmpty() ? "*" : arguments).stream().map(Glob::of).toList();
    int count = 0;
    for (Entry entry : context.session().manifest().entries()) {
      Name name = entry.name();
      boolean ofSharing = name.kind() == Kind.SETTING && name.text().startsWith("shared.");
      boolean fits = wanted.stream().anyMatch(glob -> glob.matches(name.text()));
      if (name.kind() == Kind.STATICS || name.kind() == Kind.KEPT || ofSharing || !fits) {
        continue;
      }
      String state = stateOf(context, entry);
      String type = typeOf(entry);
      text.append(
          "%-20s %-28s %,10d %6s  %s%n"
              .formatted(
                  entry.name().text(),
                  type,
                  entry.sizeBytes(),
                  "[" + entry.cellNumber() + "]",
                  state));
      html.append(
          "<tr><td>%s</td><td>%s</td><td>%,d</td><td>[%d]</td><td>%s</td></tr>"
              .formatted(
                  escape(entry.name().text()),
                  escape(type),
                  entry.sizeBytes(),
                  entry.cellNumber(),
                  escape(state)));
      count++;
    }
    if (count == 0) {
      context.print(
          arguments.isEmpty()
              ? "this notebook has no names yet"
              : "no name here fits " + arguments + "; %vars shows all");
      return;
    }
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("text/plain", text.toString().stripTrailing());
    forms.put("text/html", html.append("</tbody></table>").toString());
    context.show().accept(new MimeBundle(forms, Map.of()));
  }

  private static String typeOf(Entry entry) {
    return switch (entry.name().kind()) {
      case VARIABLE -> entry.symbol().type();
      case METHOD -> "method";
      case TYPE -> "type";
      case IMPORT -> "import";
      default -> entry.name().kind().name().toLowerCase(java.util.Locale.ROOT);
    };
  }

  private static String stateOf(Magic.Context context, Entry entry) {
    String broken = entry.symbol().broken();
    if (broken != null) {
      return "unusable: " + broken;
    }
    if (context.session().manifest().siblings().containsKey(entry.name())) {
      return "written by two kernels at once: %siblings";
    }
    String shared = ShareMagics.sharedAs(context.session().manifest(), entry);
    if (!shared.isEmpty()) {
      return "shared: " + shared;
    }
    String state = entry.state().name().toLowerCase(java.util.Locale.ROOT);
    return entry.reason().isEmpty() ? state : state + ": " + entry.reason();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void remove(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Set<String> words = words(arguments);
    if (words.isEmpty()) {
      throw new MagicException("%rm needs names: %rm NAME…");
    }
    List<Name> names = new ArrayList<>();
    Set<String> unknown = new LinkedHashSet<>(words);
    for (Entry entry : context.session().manifest().entries()) {
      Name name = entry.name();
      boolean statics = name.kind() == Kind.STATICS;
      if (words.contains(statics ? name.declaredType().text() : name.text())) {
        names.add(name);
        unknown.remove(name.text());
      }
    }
    if (!unknown.isEmpty()) {
      throw new MagicException(
          "there is no "
              + String.join(", ", unknown)
              + " in this notebook; %vars shows what there is");
    }
    Removal removal = new Removal(context.session().manifest(), names);
    removal.require();
    List<Entry> unusable = removal.unusable();
    List<String> lines = new ArrayList<>(List.of("removed " + String.join(", ", words)));
    lines.addAll(removal.notes(unusable));
    context.session().commit(unusable, names);
    context.print(String.join("\n", lines));
  }

  private static Set<String> words(String arguments) {
    Set<String> words = new LinkedHashSet<>(List.of(arguments.split("[\\s,]+")));
    words.remove("");
    return words;
  }

  /** Refuses what would have no effect; {@code -f} is what people write in other kernels. */
  private static void alone(String command, String arguments) throws MagicException {
    if (!arguments.isEmpty() && !arguments.equals("-f")) {
      throw new MagicException(
          "%s takes nothing, not '%s': nothing was done".formatted(command, arguments));
    }
  }

  private static void reset(Magic.Context context, String arguments)
      throws IOException, MagicException {
    alone("%reset", arguments);
    context.session().newEpoch();
    context.pipeline().leaveEpoch();
    context.print("the notebook is empty; %restore brings its names back");
  }

  private static void restore(Magic.Context context, String arguments)
      throws IOException, MagicException {
    alone("%restore", arguments);
    int names = context.session().restoreEarlierEpoch();
    if (names == 0) {
      throw new MagicException("there is nothing to restore: nothing was there before");
    }
    context.pipeline().leaveEpoch();
    context.print("restored " + names + " names; %restore again goes back to what was here now");
  }

  private static void undo(Magic.Context context, String arguments)
      throws IOException, MagicException {
    int steps;
    try {
      steps = arguments.isEmpty() ? 1 : Integer.parseInt(arguments);
    } catch (NumberFormatException e) {
      throw new MagicException("%undo takes a number of cells, not '" + arguments + "'");
    }
    List<Commit.Trace> traces =
        context.session().manifest().traces().stream()
            .filter(trace -> !trace.names().isEmpty())
            .filter(trace -> trace.ending() != Commit.Ending.UNCHANGED)
            .limit(Math.max(0, steps))
            .toList();
    if (traces.isEmpty()) {
      throw new MagicException("there is nothing to undo");
    }
    Map<Name, Entry> back = new LinkedHashMap<>();
    Set<Name> created = new LinkedHashSet<>();
    for (Commit.Trace trace : traces) {
      for (Name name : trace.names()) {
        back.remove(name);
        created.add(name);
      }
      for (Entry entry : trace.before()) {
        back.put(entry.name(), entry);
        created.remove(entry.name());
      }
    }
    ShareMagics.goBack(context.session().manifest(), back, created);
    context.session().commit(List.copyOf(back.values()), List.copyOf(created));
    context.print(
        "went back before cell [%d]; %%undo again returns"
            .formatted(traces.getLast().cellNumber()));
  }
}
