package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.Resolution;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far the libraries are that a command fetches, where that takes long. Thread-safe. */
final class DownloadBar {
  private static final double MEGABYTE = 1e6;
  private static final double KILOBYTE = 1e3;

  private final Cells cells;
  private final String id = "download-" + UUID.randomUUID();
  private Resolution.@Nullable Underway last;
  private boolean ended;

  DownloadBar(Cells cells) {
    this.cells = cells;
  }

  /** Draws it, for the first time or again; what comes after the end is not drawn. */
  synchronized void show(Resolution.Underway underway) {
    if (!ended) {
      draw(underway, "fetching", ": " + underway.file());
    }
  }

  /** All is here. */
  synchronized void end() {
    ended = true;
    if (last != null) {
      draw(
          new Resolution.Underway(last.files(), last.ofBytes(), last.ofBytes(), ""), "fetched", "");
    }
  }

  /** It is waited for no more: it stays as it was drawn last. */
  synchronized void giveUp() {
    ended = true;
  }

  private void draw(Resolution.Underway now, String verb, String file) {
    boolean small = now.ofBytes() < MEGABYTE;
    double unit = small ? KILOBYTE : MEGABYTE;
    String text =
        String.format(
            Locale.ROOT,
            "%s %d %s, %.1f of %.1f %s%s",
            verb,
            now.files(),
            now.files() == 1 ? "jar" : "jars",
            now.bytes() / unit,
            now.ofBytes() / unit,
            small ? "kB" : "MB",
            file);
    String html =
        "<progress max=\"%d\" value=\"%d\"></progress> %s"
            .formatted(
                Math.max(1, now.ofBytes()),
                now.bytes(),
                text.replace("&", "&amp;").replace("<", "&lt;"));
    cells.show(
        new MimeBundle(Map.of("text/plain", text, "text/html", html), Map.of()), id, last != null);
    last = now;
  }
}
