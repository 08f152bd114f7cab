package hydrocell.executor.run;

import hydrocell.executor.compiler.GeneratedNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Which frames of a stack are the user's. */
final class UsersFrames {
  private static final Pattern ENTRY = Pattern.compile("cell\\.Cell\\$[0-9a-f]{12}");

  private UsersFrames() {}

  /** Without ours and the machinery between; below the cell's own lowest frame stands nothing. */
  static List<StackTraceElement> of(StackTraceElement[] frames) {
    int end = frames.length;
    for (int i = 0; i < frames.length; i++) {
      if (frames[i].getClassName().startsWith("hydrocell.executor.")) {
        end = lastOfCell(frames, i);
        break;
      }
    }
    List<StackTraceElement> shown = new ArrayList<>();
    for (int i = 0; i < end; i++) {
      // The statements of a cell without a result are a method of their own.
      boolean repeated =
          i > 0
              && isEntry(frames[i], GeneratedNames.RUN)
              && isEntry(frames[i - 1], GeneratedNames.BODY);
      if (!isMachinery(frames[i].getClassName()) && !repeated) {
        shown.add(frames[i]);
      }
    }
    return shown;
  }

  private static boolean isEntry(StackTraceElement frame, String method) {
    return ENTRY.matcher(frame.getClassName()).matches() && frame.getMethodName().equals(method);
  }

  private static int lastOfCell(StackTraceElement[] frames, int below) {
    for (int i = frames.length - 1; i >= 0; i--) {
      if (frames[i].getClassName().startsWith("cell.")) {
        return i + 1;
      }
    }
    return below;
  }

  private static boolean isMachinery(String className) {
    return className.startsWith("hydrocell.")
        || className.startsWith("jdk.internal.reflect.")
        || className.startsWith("java.lang.reflect.")
        || className.startsWith("java.lang.invoke.");
  }

  /** How many frames at the bottom of two stacks are the same. */
  static int common(List<StackTraceElement> frames, List<StackTraceElement> around) {
    int common = 0;
    while (common < frames.size()
        && common < around.size()
        && frames.get(frames.size() - 1 - common).equals(around.get(around.size() - 1 - common))) {
      common++;
    }
    return common;
  }

  /** The outermost class of a frame's class, by binary name. */
  static String outerClass(StackTraceElement frame) {
    return GeneratedNames.outerOf(frame.getClassName());
  }

  /**
   * Whether a frame is of the statements of a cell.
   *
   * @param method its method, or the one that its lambda stands in
   */
  static boolean isStatements(StackTraceElement frame, String method) {
    return ENTRY.matcher(frame.getClassName()).matches()
        && (method.equals(GeneratedNames.RUN) || method.equals(GeneratedNames.BODY));
  }
}
