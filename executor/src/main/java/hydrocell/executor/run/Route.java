package hydrocell.executor.run;

import hydrocell.cell.CellOutcome;
import hydrocell.cell.message.FromExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Where what one run says goes: to the kernel that asked for it, or, once that is gone, into a
 * bounded store until another kernel takes over or the run ends. {@link #accept} and {@link #adopt}
 * are called by the output thread alone.
 */
final class Route implements Consumer<FromExecutor> {
  private static final int KEPT_CHARS = 1 << 20;
  private static final int MESSAGE_CHARS = 64;

  private final long requestId;
  private final BiConsumer<String, CellOutcome> orphaned;
  private final List<FromExecutor> kept = new ArrayList<>();
  private volatile Link link;
  private long keptChars;
  private boolean ended;

  /**
   * A route.
   *
   * @param orphaned takes output and outcome when the run ends and no kernel listens
   */
  Route(long requestId, Link link, BiConsumer<String, CellOutcome> orphaned) {
    this.requestId = requestId;
    this.link = link;
    this.orphaned = orphaned;
  }

  long requestId() {
    return requestId;
  }

  /** The kernel that listens, or the last one that did. */
  Link link() {
    return link;
  }

  @Override
  public void accept(FromExecutor message) {
    if (!link.send(message)) {
      keep(message);
    }
    if (message instanceof FromExecutor.Finished) {
      ended = true;
    }
  }

  private void keep(FromExecutor message) {
    switch (message) {
      case FromExecutor.Finished finished -> orphaned.accept(text(), finished.outcome());
      case FromExecutor.Stream stream -> keep(message, stream.text().length());
      case FromExecutor.Display display ->
          keep(message, display.bundle().data().values().stream().mapToLong(String::length).sum());
      default -> {}
    }
  }

  private void keep(FromExecutor message, long chars) {
    if (!ended && keptChars + chars + MESSAGE_CHARS <= KEPT_CHARS) {
      kept.add(message);
      keptChars += chars + MESSAGE_CHARS;
    } else {
      keptChars = KEPT_CHARS;
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (FromExecutor message : kept) {
      if (message instanceof FromExecutor.Stream stream) {
        text.append(stream.text());
      } else if (message instanceof FromExecutor.Display display) {
        text.append(display.bundle().data().getOrDefault("text/plain", "")).append('\n');
      }
    }
    kept.clear();
    return text.toString();
  }

  /**
   * Another kernel listens from now on and gets what was kept.
   *
   * @return false when the run has ended or its kernel is still there
   */
  boolean adopt(Link fresh) {
    if (ended || link.isOpen()) {
      return false;
    }
    link = fresh;
    return true;
  }

  /** Sends what was kept, after the kernel was told of the run. */
  void replay() {
    List<FromExecutor> missed = List.copyOf(kept);
    kept.clear();
    keptChars = 0;
    missed.forEach(this);
  }
}
