package hydrocell.executor.run;

import hydrocell.api.CellStop;
import hydrocell.cell.ErrorReport;
import hydrocell.executor.compiler.GeneratedNames;
import hydrocell.executor.state.UnreadableNameException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Errors as the notebook shows them: the cell's own lines, no frames of ours, names as the user
 * wrote them, causes kept. Thread-safe.
 */
final class Traces {
  /** The name of errors that say that a name cannot be read. */
  static final String NOT_READABLE = "NotReadable";

  private static final String RED = "\u001B[31m";
  private static final String BOLD_RED = "\u001B[1;31m";
  private static final String GREEN = "\u001B[32m";
  private static final String DIM = "\u001B[2m";
  private static final String PLAIN = "\u001B[0m";

  private static final int MAX_FRAMES = 40;
  private static final int RECURSION_FRAMES = 16;

  /** So many source lines are shown for one error. */
  private static final int MAX_QUOTED = 6;

  private static final int MAX_CAUSES = 16;
  private static final int MAX_MESSAGE_CHARS = 10_000;
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

  private final Map<String, String> cellOfClass = new ConcurrentHashMap<>();
  private final CellSources sources = new CellSources();
  private final LimitHints limits = new LimitHints();

  /** What the executor may use, for what is said of errors. */
  LimitHints limits() {
    return limits;
  }

  /** A class came from a cell. */
  void learn(String className, String cellName) {
    cellOfClass.put(className, cellName);
  }

  /** A class came from a cell, unless it is known where it came from. */
  void learnIfNew(String className, String cellName) {
    cellOfClass.putIfAbsent(className, cellName);
  }

  /** What a class was compiled from, with the lines that its frames name. */
  void learnSource(String className, String source) {
    sources.learn(GeneratedNames.outerOf(className), source);
  }

  /** Whether it is a stop or was made by one. */
  static boolean isStop(Throwable thrown) {
    return chain(thrown).stream().anyMatch(CellStop.class::isInstance);
  }

  /** Whether it says that a class of the session failed to initialise and is lost. */
  static boolean namesBrokenClass(Throwable thrown) {
    return chain(thrown).stream()
        .anyMatch(t ->
            t instanceof ExceptionInInitializerError
                || (t instanceof NoClassDefFoundError
                    && String.valueOf(t.getMessage()).contains("Could not initialize class")));
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && chain.size() < MAX_CAUSES; t = causeOf(t)) {
      chain.add(t);
    }
    return chain;
  }

  /** The cause; none where the user's own {@code getCause} fails. */
  private static @Nullable Throwable causeOf(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (CellStop stop) {
      throw stop;
    } catch (Throwable e) {
      return null;
    }
  }

  /** An error of the user's code; calls its methods, so only on the user's thread. */
  ErrorReport report(Throwable wrapped) {
    Throwable thrown = wrapped;
    while (thrown instanceof InvocationTargetException && thrown.getCause() != null) {
      thrown = thrown.getCause();
    }
    try {
      if (thrown instanceof ExceptionInInitializerError
          && thrown.getCause() instanceof UnreadableNameException unreadable) {
        return notReadable(unreadable, thrown);
      }
      return thrown instanceof OutOfMemoryError ? outOfMemory(thrown) : told(thrown);
    } catch (CellStop stop) {
      throw stop;
    } catch (Throwable e) {
      return plain(
          GeneratedNames.clean(thrown.getClass().getName()),
          "(it cannot be described: its own methods threw " + e.getClass().getName() + ")");
    }
  }

  /**
   * A name that nobody foresaw, and that cannot be read: the words for it, and where it was used.
   */
  private ErrorReport notReadable(UnreadableNameException why, Throwable at) {
    String message = String.valueOf(why.getMessage());
    List<String> lines = new ArrayList<>(plain(NOT_READABLE, message).traceback());
    frames(at, List.of(), "", lines);
    return new ErrorReport(NOT_READABLE, message, lines);
  }

  private ErrorReport told(Throwable thrown) {
    List<String> lines = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    describe(thrown, List.of(), "", "", lines, seen);
    String message = messageOf(thrown);
    return new ErrorReport(
        GeneratedNames.clean(thrown.getClass().getName()), message == null ? "" : message, lines);
  }

  /** An error of ours or of the state, in our words. */
  static ErrorReport plain(String name, String message) {
    return new ErrorReport(name, message, List.of(BOLD_RED + name + PLAIN + ": " + message));
  }

  private ErrorReport outOfMemory(Throwable thrown) {
    String message =
        "%s. Drop what is not needed (`%%rm NAME`) or work on smaller parts; %s"
            .formatted(thrown.getMessage(), limits.of(thrown));
    List<String> lines = new ArrayList<>();
    lines.add(BOLD_RED + "java.lang.OutOfMemoryError" + PLAIN + ": " + message);
    frames(thrown, List.of(), "", lines);
    return new ErrorReport("java.lang.OutOfMemoryError", message, lines);
  }

  /** What a thread of the user's died of, as text for its error stream. */
  String uncaught(Thread thread, Throwable thrown) {
    return "Exception in thread \"%s\" %s\n"
        .formatted(thread.getName(), String.join("\n", report(thrown).traceback()));
  }

  private void describe(
      Throwable thrown,
      List<StackTraceElement> around,
      String intro,
      String indent,
      List<String> lines,
      Set<Throwable> seen) {
    if (!seen.add(thrown) || seen.size() > MAX_CAUSES) {
      return;
    }
    String message = messageOf(thrown);
    String name = GeneratedNames.clean(thrown.getClass().getName());
    lines.add(indent + intro + BOLD_RED + name + PLAIN + (message == null ? "" : ": " + message));
    String hint = limits.of(thrown);
    if (hint != null) {
      lines.add(indent + "    " + hint);
    }
    List<StackTraceElement> own = frames(thrown, around, indent, lines);
    for (Throwable suppressed : thrown.getSuppressed()) {
      describe(suppressed, own, "Suppressed: ", indent + "    ", lines, seen);
    }
    Throwable cause = causeOf(thrown);
    if (cause != null) {
      describe(cause, own, "Caused by: ", indent, lines, seen);
    }
  }

  private static @Nullable String messageOf(Throwable thrown) {
    String message;
    try {
      message = thrown.getLocalizedMessage();
      if (thrown instanceof java.awt.HeadlessException) {
        return "there is no screen here: draw into a `BufferedImage` and make it the cell's result";
      }
    } catch (CellStop stop) {
      throw stop;
    } catch (Throwable e) {
      return "(its getMessage() threw " + e.getClass().getName() + ")";
    }
    if (message == null) {
      return null;
    }
    String clean = GeneratedNames.clean(message);
    return clean.length() <= MAX_MESSAGE_CHARS
        ? clean
        : clean.substring(0, MAX_MESSAGE_CHARS)
            + "… (%,d characters more)".formatted(clean.length() - MAX_MESSAGE_CHARS);
  }

  /**
   * The frames of an error, the cell's with their source lines.
   *
   * @param around frames of the error that this one belongs to; what both have is left out
   * @return all of its frames
   */
  private List<StackTraceElement> frames(
      Throwable thrown, List<StackTraceElement> around, String indent, List<String> lines) {
    List<StackTraceElement> all = UsersFrames.of(thrown.getStackTrace());
    int common = UsersFrames.common(all, around);
    List<StackTraceElement> own = all.subList(0, all.size() - common);
    int limit = thrown instanceof StackOverflowError ? RECURSION_FRAMES : MAX_FRAMES;
    String before = "";
    int quoted = 0;
    for (StackTraceElement frame : own.subList(0, Math.min(limit, own.size()))) {
      lines.add(indent + "    at " + spell(frame));
      String line = sources.line(UsersFrames.outerClass(frame), frame.getLineNumber());
      if (line != null && quoted < MAX_QUOTED && !line.equals(before)) {
        lines.add(indent + "      " + GREEN + "→" + PLAIN + " " + line.strip());
        before = line;
        quoted++;
      }
    }
    if (own.size() > limit) {
      lines.add("%s    %s… %,d more frames%s".formatted(indent, DIM, own.size() - limit, PLAIN));
    } else if (common > 0) {
      lines.add(
          "%s    %s… %,d frame%s as above%s"
              .formatted(indent, DIM, common, common == 1 ? "" : "s", PLAIN));
    }
    return all;
  }

  private String spell(StackTraceElement frame) {
    String className = frame.getClassName();
    if (!className.startsWith("cell.")) {
      return DIM + frame + PLAIN;
    }
    String outer = UsersFrames.outerClass(frame);
    String place =
        GREEN
            + cellOfClass.getOrDefault(outer, "an earlier cell")
            + (frame.getLineNumber() > 0 ? ", line " + frame.getLineNumber() : "")
            + PLAIN;
    String method = LAMBDA.matcher(frame.getMethodName()).replaceAll("$1");
    if (UsersFrames.isStatements(frame, method)) {
      return place;
    }
    String name =
        GeneratedNames.clean(className + "." + method).replace("$initialise", "static {}");
    return RED + name + PLAIN + " (" + place + ")";
  }
}
