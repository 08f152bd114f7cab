package hydrocell.executor.corpus;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.UnresolvedReferenceException;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Runs sequences in JShell, in this process. One thread at a time. */
final class Oracle implements AutoCloseable {
  /** An instance slows down with what it has seen. */
  private static final int MAX_SEQUENCES = 40;

  private static final List<String> IMPORTS =
      List.of(
          "java.io.*",
          "java.math.*",
          "java.net.*",
          "java.nio.file.*",
          "java.time.*",
          "java.util.*",
          "java.util.concurrent.*",
          "java.util.function.*",
          "java.util.regex.*",
          "java.util.stream.*");

  private final boolean preview;
  private JShell shell;
  private int sequences;

  Oracle(boolean preview) {
    this.preview = preview;
  }

  /** Runs snippets on the calling thread and formats values as we do. */
  private static final class Control extends DirectExecutionControl {
    @Override
    protected String invoke(Method method) throws Exception {
      return Outcome.value(method.invoke(null));
    }
  }

  private static final class Provider implements ExecutionControlProvider {
    @Override
    public String name() {
      return "corpus";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
      return new Control();
    }
  }

  private JShell shell() {
    if (shell == null || ++sequences > MAX_SEQUENCES) {
      close();
      sequences = 0;
      JShell.Builder builder = JShell.builder().executionEngine(new Provider(), Map.of());
      if (preview) {
        builder.compilerOptions("--enable-preview", "--release", "25");
      }
      shell = builder.build();
      for (String each : IMPORTS) {
        shell.eval("import " + each + ";");
      }
    } else {
      List<Snippet> all = new ArrayList<>(shell.snippets().toList());
      for (Snippet each : all.subList(IMPORTS.size(), all.size()).reversed()) {
        shell.drop(each);
      }
    }
    return shell;
  }

  /** The outcomes of the cells of a sequence. */
  List<String> run(List<String> cells) {
    JShell fresh = shell();
    List<String> outcomes = new ArrayList<>();
    for (String cell : cells) {
      CapturedOutput.begin();
      String outcome = run(fresh, cell);
      outcomes.add(Outcome.printed(CapturedOutput.end(), outcome));
    }
    return outcomes;
  }

  private static String run(JShell shell, String cell) {
    SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
    String rest = cell;
    String outcome = Outcome.DONE;
    while (!rest.isBlank()) {
      SourceCodeAnalysis.CompletionInfo info = analysis.analyzeCompletion(rest);
      if (info.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
        return outcome;
      }
      boolean complete = info.completeness().isComplete();
      String source = complete ? info.source() : rest;
      rest = complete ? info.remaining() : "";
      boolean silent = rest.isBlank() && endsWithSemicolon(cell);
      for (SnippetEvent event : shell.eval(source)) {
        if (event.causeSnippet() == null) {
          outcome = outcome(event, silent);
        }
      }
      if (!outcome.equals(Outcome.DONE) && !outcome.startsWith("gives ")) {
        return outcome;
      }
      if (!rest.isBlank()) {
        outcome = Outcome.DONE;
      }
    }
    return outcome;
  }

  private static boolean endsWithSemicolon(String cell) {
    return cell.replaceAll("//[^\"\n]*(?=\n|$)", "").strip().endsWith(";");
  }

  private static String outcome(SnippetEvent event, boolean silent) {
    if (event.status() == Snippet.Status.REJECTED) {
      return Outcome.COMPILE_ERROR;
    }
    if (event.exception() instanceof EvalException thrown) {
      return Outcome.thrown(thrown.getExceptionClassName());
    }
    if (event.exception() instanceof UnresolvedReferenceException) {
      return "throws UnresolvedReferenceException";
    }
    boolean shown =
        !silent
            && (event.snippet().kind() == Snippet.Kind.EXPRESSION
                || event.snippet().subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND);
    String value = event.value();
    return shown && value != null && !value.isEmpty() ? "gives " + value : Outcome.DONE;
  }

  @Override
  public void close() {
    if (shell != null) {
      shell.close();
      shell = null;
    }
  }
}
