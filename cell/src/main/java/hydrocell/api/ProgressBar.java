package hydrocell.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The picture of a {@link Progress}: where it stands on the page, and when it is drawn again. A bar
 * that begins inside another one's step takes the place of the one that stood there in the step
 * before, so that a loop of loops shows two bars and not thousands. Thread-safe.
 */
final class ProgressBar {
  private static final long DRAW_NS = 100_000_000;
  private static final int MAX_NESTED = 16;

  /** The bars of this thread that are not over, the innermost last. */
  private static final ThreadLocal<Deque<ProgressBar>> OPEN =
      ThreadLocal.withInitial(ArrayDeque::new);

  private final Progress<?> progress;
  private final long beganNs = System.nanoTime();
  private final AtomicLong nextDrawNs = new AtomicLong(beganNs + DRAW_NS);
  private final Deque<ProgressBar> siblings;
  private final String displayId;

  /** Where the bars stand that began inside this one, in the order of one step. */
  private final List<String> inner = new ArrayList<>();

  private int innerUsed;
  private long innerStep = -1;
  private boolean ended;

  private ProgressBar(Progress<?> progress, Deque<ProgressBar> siblings, @Nullable String place) {
    this.progress = progress;
    this.siblings = siblings;
    if (place == null) {
      displayId = CellRuntime.output().display(shown());
    } else {
      displayId = place;
      draw();
    }
    CellRuntime.output().atEnd(this::end);
  }

  /** Draws a new bar, in a place of its own or in that of an earlier one. */
  static ProgressBar begin(Progress<?> progress) {
    Deque<ProgressBar> open = OPEN.get();
    ProgressBar outer = open.size() < MAX_NESTED ? open.peekLast() : null;
    ProgressBar bar;
    if (outer == null) {
      bar = new ProgressBar(progress, open, null);
    } else {
      String place = outer.takePlace();
      bar = new ProgressBar(progress, open, place);
      if (place == null) {
        outer.inner.add(bar.displayId);
      }
    }
    open.addLast(bar);
    return bar;
  }

  private @Nullable String takePlace() {
    if (innerStep != progress.done()) {
      innerStep = progress.done();
      innerUsed = 0;
    }
    int index = innerUsed++;
    return index < inner.size() ? inner.get(index) : null;
  }

  /** Something was counted: draws, if that was not done a moment ago. */
  void moved() {
    long dueNs = nextDrawNs.get();
    long nowNs = System.nanoTime();
    if (nowNs - dueNs >= 0 && nextDrawNs.compareAndSet(dueNs, nowNs + DRAW_NS)) {
      draw();
    }
  }

  /** Draws the last state, which stays. */
  void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
    }
    siblings.remove(this);
    draw();
  }

  private synchronized boolean isOver() {
    return ended;
  }

  private void draw() {
    CellRuntime.output().update(displayId, shown());
  }

  private Shown shown() {
    long done = progress.done();
    long total = progress.total();
    double seconds = (System.nanoTime() - beganNs) / 1e9;
    String numbers = numbers(done, total, seconds);
    String label = progress.label().isEmpty() ? "" : progress.label() + " ";
    String html =
        "<div style=\"font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,13px);white-space:pre\">%s<progress style=\"width:16em;vertical-align:middle\"%s></progress> %s</div>"
            .formatted(
                escape(label),
                total > 0
                    ? " max=\"%d\" value=\"%d\"".formatted(total, Math.min(done, total))
                    : over(),
                numbers);
    return Shown.of("text/html", html, label + numbers);
  }

  /** A bar without a known end is full when it is over. */
  private String over() {
    return isOver() ? " max=\"1\" value=\"1\"" : "";
  }

  private String numbers(long done, long total, double seconds) {
    double rate = seconds > 0 ? done / seconds : 0;
    StringBuilder text = new StringBuilder();
    if (total > 0) {
      text.append("%3d %% ".formatted(Math.min(100, 100 * done / total)));
      text.append("%,d/%,d".formatted(done, total));
    } else {
      text.append("%,d".formatted(done));
    }
    if (done > 0) {
      text.append(", ").append(rate(rate));
    }
    if (isOver()) {
      text.append(", took ").append(time(seconds));
    } else if (done > 0 && total > done) {
      text.append(", ").append(time((total - done) / rate)).append(" left");
    }
    return text.toString();
  }

  private static String rate(double perSecond) {
    if (perSecond >= 1_000) {
      return "%,d/s".formatted(Math.round(perSecond));
    }
    return perSecond >= 1 || perSecond == 0
        ? String.format(Locale.ROOT, "%.1f/s", perSecond)
        : String.format(Locale.ROOT, "%.1f s each", 1 / perSecond);
  }

  private static String time(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
