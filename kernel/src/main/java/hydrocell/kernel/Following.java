package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Name;
import hydrocell.kernel.protocol.JupyterMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the readers of followed names again when others have changed these, each in its own cell and
 * one after the other. What such cells write counts one step more than what they came of; after
 * {@link Followers#MOST_STEPS} nothing runs by itself. For the thread that runs cells.
 */
final class Following {
  /** The request that the kernel makes of itself when something followed was changed. */
  static final String TYPE = "hydrocell_follow";

  private static final Logger LOG = LoggerFactory.getLogger(Following.class);

  private final Session session;
  private final CellPipeline pipeline;
  private final Publisher publisher;
  private final History history;

  Following(Session session, CellPipeline pipeline, Publisher publisher, History history) {
    this.session = session;
    this.pipeline = pipeline;
    this.publisher = publisher;
    this.history = history;
  }

  /** Takes over what others changed, and runs what follows from it. */
  void step() {
    pipeline.begin(new Interruption());
    try {
      SharedNames.News news = pipeline.followed();
      if (news.changed().isEmpty()) {
        return;
      }
      List<Followers.Follower> followers = followers(news.changed());
      if (followers.isEmpty()) {
        return;
      }
      if (news.steps() < Followers.MOST_STEPS) {
        run(followers, spelled(news.changed()), news.steps());
      } else {
        stop(followers.getFirst().request(), spelled(news.changed()), news.steps());
      }
    } catch (Interruption.InterruptedCell e) {
      LOG.debug("interrupted before anything ran");
      pipeline.sharedCells().lookAgain();
    } catch (IOException | AnnaException e) {
      LOG.info("what is followed cannot be taken over now: {}", e.getMessage());
      pipeline.sharedCells().lookAgain();
    }
  }

  /** The cells stay stale; what somebody's own cell writes is followed again. */
  private void stop(JupyterMessage request, String changed, int steps) {
    publisher.display(
        request,
        MimeBundle.text(
            "[%s was changed by the %dth of cells that ran by themselves, one after the other: "
                    .formatted(changed, steps)
                + "they seem to follow each other, so this one does not run again by itself now]"),
        "",
        false);
  }

  private static String spelled(Set<Name> names) {
    return names.stream().map(name -> "`" + name.text() + "`").collect(Collectors.joining(", "));
  }

  private List<Followers.Follower> followers(Set<Name> changed) throws IOException {
    long epoch = session.keys().epoch();
    List<History.Line> lines = new ArrayList<>(history.lines());
    // The change itself is noted with the first cell that runs.
    lines.add(
        new History.Line(
            history.kernelStart(),
            session.cellNumber() + 1,
            "",
            "",
            0,
            session.writer(),
            epoch,
            List.of(CellRun.ofOthers(changed))));
    return pipeline.sharedCells().followers().of(NotebookGraph.of(lines, epoch), changed);
  }

  private void run(List<Followers.Follower> followers, String changed, int steps)
      throws IOException, Interruption.InterruptedCell {
    int number = session.nextCellNumber();
    pipeline.shared().steps(steps + 1);
    try {
      for (Followers.Follower each : followers) {
        if (!run(each, number)) {
          break;
        }
      }
      history.add(number, "// %s changed".formatted(changed), "", pipeline.takeRuns());
      // It counts as much as what was saved at once: otherwise nobody would come to an end.
      pipeline.shareSaved();
    } finally {
      pipeline.shared().steps(0);
    }
  }

  /** Whether the cells after it may run. */
  private boolean run(Followers.Follower follower, int number) {
    JupyterMessage request = follower.request();
    publisher.status(request, "busy");
    try {
      if (follower.isWhole()) {
        publisher.clear(request, true);
      }
      CellResult result =
          pipeline.run(new CellRequest(request, follower.source(), number, false, false, true));
      if (result instanceof CellResult.Failed(ErrorReport error)) {
        publisher.error(request, error);
        return false;
      }
      if (result instanceof CellResult.Ok ok && ok.value() != null) {
        publisher.result(request, ok.value(), number);
      }
      return true;
    } finally {
      publisher.status(request, "idle");
    }
  }
}
