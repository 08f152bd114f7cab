package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.ErrorReport;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is said of asynchronous cells, in words for the user. */
public final class JobWords {
  private JobWords() {}

  /**
   * A cell for people to read of.
   *
   * @param state with what it waits for
   * @param took how long it has run
   * @param names what it writes
   * @param source its first line
   */
  public record Line(
      int cellNumber, String state, String took, List<String> names, String source) {}

  static Line line(Job job, Set<Job> waitsFor) {
    return new Line(
        job.cellNumber(),
        job.state() == Job.State.QUEUED ? progress(job, waitsFor) : job.state().word(),
        JobLine.exactly(job.took()),
        job.pending().stream().map(entry -> entry.name().text()).sorted().toList(),
        job.cell().source().strip().lines().findFirst().orElse(""));
  }

  /** How far a cell is that has not ended. */
  static String progress(Job job, Set<Job> waitsFor) {
    if (job.state() == Job.State.RUNNING) {
      return "running for " + JobLine.spelled(job.took());
    }
    if (waitsFor.isEmpty()) {
      return "queued";
    }
    return (job.interruption().isRequested() ? "being cancelled" : "queued")
        + ": waits for "
        + PendingNames.words(job.inputs(Entry.State.PENDING));
  }

  /** Why names cannot be read. */
  static String failure(Collection<Entry> failed) {
    return failed.stream()
        .map(entry ->
            "`%s` failed in cell [%d]: %s"
                .formatted(entry.name().text(), entry.cellNumber(), entry.reason()))
        .collect(Collectors.joining("; "));
  }

  /** Why a cell can never run; null when it can. */
  static @Nullable String waitsInVain(Job job) {
    List<Entry> failed = job.inputs(Entry.State.FAILED);
    if (!failed.isEmpty()) {
      return failure(failed);
    }
    List<Entry> lost = job.inputs(Entry.State.PENDING);
    return lost.isEmpty() ? null : PendingNames.words(lost) + " is lost";
  }

  /** How a cell ended whose page is gone. */
  static String ending(Job job, CellResult result) {
    return result instanceof CellResult.Failed(ErrorReport error)
        ? "%s has %s: %s".formatted(job.name(), job.state().word(), error.message())
        : job.name() + " is done; %outputs shows what it showed";
  }
}
