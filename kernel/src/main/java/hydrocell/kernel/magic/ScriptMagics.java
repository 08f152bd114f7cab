package hydrocell.kernel.magic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that run text in other languages, where cells run. */
final class ScriptMagics {
  private static final String GROOVY = "org.apache.groovy:groovy-jsr223:4.0.28";
  private static final String KOTLIN = "org.jetbrains.kotlin:kotlin-scripting-jsr223:2.2.20";
  private static final String SCALA = "org.scala-lang:scala3-compiler_3:3.7.3";
  private static final String NASHORN = "org.openjdk.nashorn:nashorn-core:15.6";

  private ScriptMagics() {}

  static List<Magic> all() {
    List<Magic> all = new ArrayList<>();
    Stream.of("bash", "sh").map(shell -> shell(shell, shell)).forEach(all::add);
    all.add(shell("shell", "sh"));
    all.add(shell("cmd", "sh"));
    all.add(shell("system", "sh"));
    Stream.of("perl", "ruby", "python3").map(p -> program(p, p + " -")).forEach(all::add);
    all.add(program("python", "python3 -"));
    all.add(
        new Magic(
            "script",
            Magic.Takes.TEXT,
            "%%script PROGRAM ARGUMENTS… above its input",
            "runs a program where cells run",
            (context, arguments) -> feed(context, context.call().inLine())));
    all.add(
        new Magic(
            "!",
            Magic.Takes.TEXT,
            "%%!PROGRAM ARGUMENTS… above its input",
            "the same as %%script",
            (context, arguments) -> feed(context, context.call().inLine())));
    all.add(language("groovy", GROOVY));
    all.add(language("kotlin", KOTLIN));
    all.add(language("scala", SCALA));
    all.add(language("nashorn", NASHORN));
    return all;
  }

  private static Magic shell(String name, String shell) {
    return new Magic(
        name,
        Magic.Takes.TEXT,
        "%" + name + " COMMAND, or %%" + name + " above a script",
        "runs it with " + shell + " where cells run",
        (context, arguments) -> {
          String below = context.call().below();
          List<String> words = new ArrayList<>();
          words.add(shell);
          if (below.isBlank()) {
            words.add(context.call().inLine());
          } else {
            words.add(below.strip());
            words.addAll(words(context.call().inLine()));
          }
          context.run("hydrocell.api.Shell.run(" + literals(words) + ");");
        });
  }

  private static Magic program(String name, String command) {
    return new Magic(
        name,
        Magic.Takes.TEXT,
        "%%" + name + " above a script",
        "runs it with " + name + " where cells run",
        (context, arguments) -> feed(context, command + " " + context.call().inLine()));
  }

  private static void feed(Magic.Context context, String command)
      throws IOException, MagicException {
    List<String> words = words(command);
    if (words.isEmpty()) {
      throw new MagicException("it is written %%script PROGRAM ARGUMENTS… above its input");
    }
    String input = Literals.text(context.call().below().stripLeading());
    context.run(
        "hydrocell.api.Shell.feed(java.util.List.of(%s), %s);".formatted(literals(words), input));
  }

  private static Magic language(String name, String library) {
    return new Magic(
        name,
        Magic.Takes.TEXT,
        "%%" + name + " above a script",
        "evaluates it, where a library of the notebook brings " + name,
        (context, arguments) ->
            context.run(
                "hydrocell.api.Script.eval(%s)"
                    .formatted(literals(List.of(name, library, context.call().below())))));
  }

  private static List<String> words(String line) {
    return Stream.of(line.split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }

  private static String literals(List<String> words) {
    return words.stream().map(Literals::text).collect(Collectors.joining(", "));
  }
}
