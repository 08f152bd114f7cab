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
  private final boolean alwaysKept;
  private final BiConsumer<String, End> keeper;
  private final List<Kept> kept = new ArrayList<>();
  private volatile Link link;
  private long keptChars;
  private boolean ended;

  /**
   * How a run ended.
   *
   * @param told whether a kernel heard of it
   */
  record End(CellOutcome outcome, boolean told) {}

  /** A message that is kept, and whether a kernel has got it. */
  private record Kept(FromExecutor message, boolean sent) {}

  /**
   * A route.
   *
   * @param alwaysKept whether output is kept also while a kernel listens
   * @param keeper takes output and outcome when the run ends, if no kernel listens or they are
   *     always kept
   */
  Route(long requestId, Link link, boolean alwaysKept, BiConsumer<String, End> keeper) {
    this.requestId = requestId;
    this.link = link;
    this.alwaysKept = alwaysKept;
    this.keeper = keeper;
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
    boolean sent = link.send(message);
    if (!sent || alwaysKept) {
      keep(message, sent);
    }
    if (message instanceof FromExecutor.Finished) {
      ended = true;
    }
  }

  private void keep(FromExecutor message, boolean sent) {
    switch (message) {
      case FromExecutor.Finished finished ->
          keeper.accept(text(), new End(finished.outcome(), sent));
      case FromExecutor.Stream stream -> keep(message, sent, stream.text().length());
      case FromExecutor.Display display ->
          keep(
              message,
              sent,
              display.bundle().data().values().stream().mapToLong(String::length).sum());
      default -> {}
    }
  }

  private void keep(FromExecutor message, boolean sent, long chars) {
    if (!ended && keptChars + chars + MESSAGE_CHARS <= KEPT_CHARS) {
      kept.add(new Kept(message, sent));
      keptChars += chars + MESSAGE_CHARS;
    } else {
      keptChars = KEPT_CHARS;
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (Kept each : kept) {
      if (each.message instanceof FromExecutor.Stream stream) {
        text.append(stream.text());
      } else if (each.message instanceof FromExecutor.Display display) {
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
    List<Kept> all = List.copyOf(kept);
    kept.clear();
    for (Kept each : all) {
      boolean sent = each.sent || link.send(each.message);
      if (!sent || alwaysKept) {
        kept.add(new Kept(each.message, sent));
      }
    }
    if (kept.isEmpty()) {
      keptChars = 0;
    }
  }
}
