package hydrocell.kernel;

import hydrocell.cell.MimeBundle;
import hydrocell.kernel.magic.Cells;
import hydrocell.kernel.magic.MagicException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a cell says while its output is kept, up to a limit. Thread-safe. */
final class KeptMessages {
  private static final long MAX_CHARS = 1 << 20;

  private final StringBuilder stdout = new StringBuilder();
  private final StringBuilder stderr = new StringBuilder();
  private final List<MimeBundle> shown = new ArrayList<>();
  private long chars;
  private long leftOut;

  synchronized void stream(String stream, String text) {
    if (fits(text.length())) {
      (stream.equals("stderr") ? stderr : stdout).append(text);
    }
  }

  synchronized void show(MimeBundle bundle) {
    if (fits(bundle.data().values().stream().mapToLong(String::length).sum())) {
      shown.add(bundle);
    }
  }

  private boolean fits(long more) {
    boolean fits = chars + more <= MAX_CHARS;
    if (fits) {
      chars += more;
    } else {
      leftOut += more;
    }
    return fits;
  }

  synchronized Cells.Kept with(@Nullable MagicException failure) {
    return new Cells.Kept(
        stdout.toString(), stderr.toString(), List.copyOf(shown), leftOut, failure);
  }
}
