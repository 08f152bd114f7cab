package hydrocell.executor.run;

import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.FromExecutor;
import hydrocell.executor.state.Traffic;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Shows in a cell how far its values are that come from the store or go there, from the second
 * second on and twice a second at most. Thread-safe.
 */
final class ValuesUnderway implements Traffic.Watcher {
  private static final long FIRST_NS = 1_000_000_000L;
  private static final long EVERY_NS = 500_000_000L;
  private static final double MEGABYTE = 1e6;

  /** Where it is shown. */
  interface Place {
    /** Shows something of about this size. */
    void show(FromExecutor shown, long bytes);
  }

  /** What is underway one way, since the last time that nothing was. */
  private static final class Bar {
    private final String id = UUID.randomUUID().toString();
    private long nextNs;
    private long bytes;
    private long ofBytes;
    private boolean shown;

    Bar(long nowNs) {
      nextNs = nowNs + FIRST_NS;
    }
  }

  private final long requestId;
  private final Place place;
  private final LongSupplier clockNs;
  private final Map<Traffic.Way, Bar> bars = new EnumMap<>(Traffic.Way.class);

  ValuesUnderway(long requestId, Place place, LongSupplier clockNs) {
    this.requestId = requestId;
    this.place = place;
    this.clockNs = clockNs;
  }

  @Override
  public synchronized void begins(Traffic.Way way, long bytes) {
    Bar bar = bars.get(way);
    if (bar == null || bar.bytes >= bar.ofBytes) {
      bar = new Bar(clockNs.getAsLong());
      bars.put(way, bar);
    }
    bar.ofBytes += bytes;
  }

  @Override
  public synchronized void moved(Traffic.Way way, long bytes) {
    Bar bar = bars.get(way);
    if (bar == null) {
      return;
    }
    bar.bytes += bytes;
    long now = clockNs.getAsLong();
    if (bar.bytes >= bar.ofBytes ? bar.shown : now - bar.nextNs >= 0) {
      bar.nextNs = now + EVERY_NS;
      draw(way, bar);
    }
  }

  private void draw(Traffic.Way way, Bar bar) {
    boolean done = bar.bytes >= bar.ofBytes;
    String verb =
        switch (way) {
          case READ -> done ? "read" : "reading";
          case WRITTEN -> done ? "saved" : "saving";
        };
    String text =
        String.format(
            Locale.ROOT,
            "%s values, %.1f of %.1f MB",
            verb,
            bar.bytes / MEGABYTE,
            bar.ofBytes / MEGABYTE);
    String html =
        "<progress max=\"%d\" value=\"%d\"></progress> %s".formatted(bar.ofBytes, bar.bytes, text);
    MimeBundle bundle = new MimeBundle(Map.of("text/plain", text, "text/html", html), Map.of());
    place.show(
        new FromExecutor.Display(requestId, bundle, bar.id, bar.shown),
        text.length() + html.length());
    bar.shown = true;
  }
}
