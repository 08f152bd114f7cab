package hydrocell.kernel;

import hydrocell.cell.Commit;
import hydrocell.cell.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What other kernels committed to a session, until it is told. Under the session's lock. */
final class OthersCommits {
  private final String writer;
  private final List<Commit.Trace> untold = new ArrayList<>();

  /**
   * Of a session in which nobody has done anything yet.
   *
   * @param writer the kernel that they are others to
   */
  OthersCommits(String writer) {
    this.writer = writer;
  }

  /** Notes what one reading of the manifest shows beyond another; whether there is anything. */
  boolean note(Manifest before, Manifest now) {
    Set<String> others = new TreeSet<>();
    now.frontier()
        .counters()
        .forEach((who, counter) -> {
          if (!who.equals(writer) && counter > before.frontier().counters().getOrDefault(who, 0L)) {
            others.add(who);
          }
        });
    for (Commit.Trace trace : now.traces()) {
      if (others.contains(trace.stamp().writer()) && !before.frontier().covers(trace.stamp())) {
        untold.add(trace);
      }
    }
    return !others.isEmpty();
  }

  /** What they committed since this was last asked. */
  List<Commit.Trace> take() {
    List<Commit.Trace> taken = List.copyOf(untold);
    untold.clear();
    return taken;
  }
}
