package hydrocell.kernel;

import hydrocell.cell.MimeBundle;
import hydrocell.kernel.protocol.JupyterMessage;
import java.time.Duration;
import java.util.UUID;

/**
 * The line in an asynchronous cell that says how far it is: one display, updated in place. Guarded
 * by {@link Jobs}.
 */
final class JobLine {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Publisher publisher;
  private final JupyterMessage request;
  private boolean shown;
  private final String displayId = UUID.randomUUID().toString();
  private String last = "";
  private boolean begun;

  /** A line below a request; where it is not shown, nothing happens. */
  JobLine(Publisher publisher, JupyterMessage request, boolean shown) {
    this.publisher = publisher;
    this.request = request;
    this.shown = shown;
  }

  /** It is shown from now on. */
  void show() {
    shown = true;
  }

  /** Says this from now on. */
  void say(String text) {
    if (shown && !text.equals(last)) {
      publisher.display(request, MimeBundle.text("[" + text + "]"), displayId, begun);
      begun = true;
      last = text;
    }
  }

  /** A time in words that change no more often than somebody looks. */
  static String spelled(Duration time) {
    if (time.compareTo(MINUTE) < 0) {
      return time.toSeconds() + " s";
    }
    return time.compareTo(HOUR) < 0
        ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart() / 10 * 10)
        : "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
  }

  /** A time that is over, in words. */
  static String exactly(Duration time) {
    return time.compareTo(MINUTE) < 0 ? "%.1f s".formatted(time.toMillis() / 1e3) : spelled(time);
  }
}
