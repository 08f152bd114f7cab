package hydrocell.cell.message;

import hydrocell.cell.CellOutcome;
import hydrocell.cell.Commit;
import hydrocell.cell.Meter;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Name;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a cell executor says to the kernel, in the program's order. */
public sealed interface FromExecutor {
  /** Belongs to one run, and goes where its output goes. */
  interface OfRequest {
    /** Of the run. */
    long requestId();
  }

  /**
   * Answers {@code Attach}.
   *
   * @param executorId names the process
   * @param pid of the process
   * @param runningRequestId the run that another kernel left going on; 0 when none
   */
  record Attached(String executorId, long pid, long runningRequestId) implements FromExecutor {}

  /** The run begins; before this nothing of it has happened. */
  record Started(long requestId) implements FromExecutor {}

  /** Text written to a stream; {@code stream} is {@code stdout} or {@code stderr}. */
  record Stream(long requestId, String stream, String text) implements FromExecutor, OfRequest {}

  /** Something shown; with a {@code displayId} it can be updated, and {@code update} does so. */
  record Display(long requestId, MimeBundle bundle, String displayId, boolean update)
      implements FromExecutor, OfRequest {}

  /** The output area is cleared, now or, with {@code untilNext}, when the next output comes. */
  record ClearOutput(long requestId, boolean untilNext) implements FromExecutor, OfRequest {}

  /** The cell waits for a line. */
  record InputWanted(long requestId, String prompt, boolean password)
      implements FromExecutor, OfRequest {}

  /** The cell touched names whose entries it was not given; it waits for them. */
  record NamesWanted(long requestId, long queryId, List<Name> names) implements FromExecutor {}

  /** The run is over; its commit, if any, is acknowledged. Late output may still follow. */
  record Finished(long requestId, CellOutcome outcome) implements FromExecutor {}

  /** Answers {@link ToExecutor.WantFigures}: such as {@code heap.used.bytes}, {@code classes}. */
  record Figures(long queryId, Map<String, Long> values) implements FromExecutor {}

  /** Goes with the reply to the cell: a JSON object, one of Jupyter's payloads. */
  record Payload(long requestId, String json) implements FromExecutor, OfRequest {}

  /** Says something on a comm. */
  record Comm(long requestId, CommMessage message) implements FromExecutor, OfRequest {}

  /**
   * What a cell left to be saved at its end: the second part of its commit, null when it could not
   * be committed.
   */
  record Saved(long requestId, @Nullable Commit commit, List<String> notices, Meter meter)
      implements FromExecutor, OfRequest {}
}
