package hydrocell.cell.local;

/**
 * An exception as a log may tell it: what was thrown and where, without messages. These may hold
 * values of the user's, which are kept out of logs.
 */
public final class CauseText {
  private static final int MAX_CAUSES = 8;
  private static final int MAX_FRAMES = 30;

  private CauseText() {}

  /** Classes and frames of a throwable and its causes, in one line. */
  public static String of(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
      text.append(i == 0 ? "" : "; caused by ").append(cause.getClass().getName());
      StackTraceElement[] frames = cause.getStackTrace();
      for (int frame = 0; frame < Math.min(frames.length, MAX_FRAMES); frame++) {
        text.append(frame == 0 ? " at " : ", ").append(frames[frame]);
      }
    }
    return text.toString();
  }
}
