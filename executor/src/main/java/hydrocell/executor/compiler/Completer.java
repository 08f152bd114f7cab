package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.jspecify.annotations.Nullable;

/**
 * Completion and inspection through JShell's source analysis, on an instance that runs nothing: it
 * is told the declarations of the session and analyses against them. Owned by one thread.
 */
final class Completer implements AutoCloseable {
  private static final String[] DEFAULT_IMPORTS = {
    "java.io.*",
    "java.math.*",
    "java.net.*",
    "java.nio.file.*",
    "java.time.*",
    "java.util.*",
    "java.util.concurrent.*",
    "java.util.function.*",
    "java.util.regex.*",
    "java.util.stream.*",
    "static hydrocell.api.Hydrocell.*"
  };
  private static final int MAX_PROPOSALS = 500;

  private final String classPath;
  private @Nullable JShell shell;
  private List<Symbol> fed = List.of();

  /** A completer whose cells see these jars and folders. */
  Completer(String classPath) {
    this.classPath = classPath;
  }

  /** Proposals at a cursor. */
  CompileReply complete(CompileRequest.Complete request) {
    SourceCodeAnalysis analysis = analysis(request.context());
    int[] anchor = new int[1];
    List<SourceCodeAnalysis.Suggestion> suggestions =
        analysis.completionSuggestions(request.source(), request.cursor(), anchor);
    Map<String, CompileReply.Completion> unique = new LinkedHashMap<>();
    suggestions.stream()
        .sorted(
            Comparator.comparing((SourceCodeAnalysis.Suggestion s) -> !s.matchesType())
                .thenComparing(SourceCodeAnalysis.Suggestion::continuation))
        .limit(MAX_PROPOSALS)
        .forEach(s ->
            unique.putIfAbsent(
                s.continuation(),
                new CompileReply.Completion(s.continuation(), kindOf(s.continuation()), "")));
    return new CompileReply.Completions(
        request.id(), anchor[0], request.cursor(), List.copyOf(unique.values()));
  }

  private static String kindOf(String text) {
    if (text.endsWith("(") || text.endsWith("()")) {
      return "function";
    }
    return !text.isEmpty() && Character.isUpperCase(text.charAt(0)) ? "class" : "instance";
  }

  /** What is known of the name at a cursor. */
  CompileReply inspect(CompileRequest.Inspect request) {
    SourceCodeAnalysis analysis = analysis(request.context());
    int cursor = endOfWord(request.source(), request.cursor());
    List<String> found = new ArrayList<>();
    for (SourceCodeAnalysis.Documentation each :
        analysis.documentation(request.source(), cursor, request.detail() > 0)) {
      found.add(each.signature());
    }
    if (found.isEmpty()) {
      // Inside a call's brackets the documentation is that of the method.
      analysis
          .documentation(request.source().substring(0, cursor) + "(", cursor + 1, false)
          .forEach(each -> found.add(each.signature()));
    }
    String word = wordAt(request.source(), cursor);
    request.context().symbols().stream()
        .filter(s -> s.name().text().equals(word) && s.name().kind() != Kind.IMPORT)
        .forEach(s -> found.addFirst(String.join("\n", s.sources())));
    return new CompileReply.Inspected(
        request.id(), found.isEmpty() ? null : MimeBundle.text(String.join("\n", found)));
  }

  private static int endOfWord(String source, int cursor) {
    int end = Math.min(cursor, source.length());
    while (end < source.length() && Character.isJavaIdentifierPart(source.charAt(end))) {
      end++;
    }
    return end;
  }

  private static String wordAt(String source, int end) {
    int start = end;
    while (start > 0 && Character.isJavaIdentifierPart(source.charAt(start - 1))) {
      start--;
    }
    return source.substring(start, end);
  }

  private SourceCodeAnalysis analysis(CompileRequest.Context context) {
    JShell ready = shell;
    if (ready == null || !fed.equals(context.symbols())) {
      close();
      ready = JShell.builder().executionEngine(new Nothing(), Map.of()).build();
      ready.addToClasspath(classPath);
      for (CompileRequest.Library library : context.classPath()) {
        ready.addToClasspath(library.path());
      }
      for (String each : DEFAULT_IMPORTS) {
        ready.eval("import " + each + ";");
      }
      for (Symbol symbol : context.symbols()) {
        for (String source : Packages.isPackage(symbol) ? List.<String>of() : symbol.sources()) {
          ready.eval(symbol.name().kind() == Kind.IMPORT ? "import " + source + ";" : source);
        }
      }
      shell = ready;
      fed = context.symbols();
    }
    return ready.sourceCodeAnalysis();
  }

  @Override
  public void close() {
    JShell open = shell;
    if (open != null) {
      open.close();
      shell = null;
    }
  }

  /** Runs nothing. */
  private static final class Nothing implements ExecutionControlProvider {
    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
      return new ExecutionControl() {
        @Override
        public void load(ClassBytecodes[] classes) {}

        @Override
        public void redefine(ClassBytecodes[] classes) {}

        @Override
        public String invoke(String className, String methodName) {
          return "";
        }

        @Override
        public String varValue(String className, String varName) {
          return "";
        }

        @Override
        public void addToClasspath(String path) {}

        @Override
        public void stop() {}

        @Override
        public Object extensionCommand(String command, Object argument) {
          return "";
        }

        @Override
        public void close() {}
      };
    }
  }
}
