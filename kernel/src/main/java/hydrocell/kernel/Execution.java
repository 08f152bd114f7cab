package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.anna.AnnaException;
import hydrocell.cell.ErrorReport;
import hydrocell.cell.MimeBundle;
import hydrocell.kernel.magic.MagicException;
import hydrocell.kernel.magic.Magics;
import hydrocell.kernel.protocol.JupyterMessage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executes requests: magics first, then the cell, then the expressions that the client asked for.
 * One cell at a time, whichever shell asks.
 */
final class Execution {
  private final Session session;
  private final CellPipeline pipeline;
  private final Publisher publisher;
  private final History history;
  private final Dependencies dependencies;
  private final MissingLibraries missing;
  private final Comms comms;
  private final Following following;
  private final UnseenWidgets widgets;
  private volatile String resumed = "";
  private @Nullable Magics magics;

  Execution(
      Session session,
      CellPipeline pipeline,
      Publisher publisher,
      History history,
      Dependencies dependencies,
      MissingLibraries missing,
      Comms comms) {
    this.session = session;
    this.pipeline = pipeline;
    this.publisher = publisher;
    this.history = history;
    this.dependencies = dependencies;
    this.missing = missing;
    this.comms = comms;
    this.following = new Following(session, pipeline, publisher, history);
    this.widgets = new UnseenWidgets(session, publisher);
  }

  /** The commands; they show things in the cell that runs. */
  Magics magics() {
    Magics made = magics;
    if (made == null) {
      made =
          new Magics(session, pipeline, history, dependencies, new Surroundings(session, pipeline));
      magics = made;
    }
    return made;
  }

  /** The line that says what was resumed; empty when nothing was. */
  String resumed() {
    return resumed;
  }

  /** Opens the session if no cell has done so. */
  void ensureOpen() throws IOException {
    synchronized (session) {
      if (session.isOpen()) {
        return;
      }
      resumed = session.open();
    }
    pipeline.jobs().takeOver();
  }

  /** A cell is about to be shown as busy: from now on it can be interrupted. */
  Interruption announce() {
    return pipeline.announce();
  }

  /** The content of the reply. {@code interruption} was announced before the request was busy. */
  synchronized ObjectNode execute(JupyterMessage request, Interruption interruption) {
    pipeline.begin(interruption);
    ObjectNode asked = request.content();
    String code = asked.path("code").asText();
    boolean silent = asked.path("silent").asBoolean();
    boolean stored = !silent && asked.path("store_history").asBoolean(true);
    CellResult result = open(request, silent);
    int number = stored ? session.nextCellNumber() : session.cellNumber();
    if (!silent) {
      publisher.input(request, code, number);
    }
    if (result == null) {
      publisher.widgets().cleared(request);
      result = runAll(request, code, number, silent, interruption);
      widgets.close(request);
    }
    ObjectNode reply;
    String shown = "";
    if (result instanceof CellResult.Failed(ErrorReport error)) {
      reply = failed(request, error, silent);
    } else {
      MimeBundle value = ((CellResult.Ok) result).value();
      if (value != null && !silent) {
        publisher.result(request, value, number);
        shown = value.data().getOrDefault("text/plain", "");
      }
      reply = Replies.status("ok");
      reply.set("payload", publisher.array(pipeline.takePayloads(request)));
      reply.set("user_expressions", expressions(request, number));
    }
    if (stored && !code.isBlank() && session.isOpen()) {
      List<CellRun> runs = pipeline.takeRuns();
      history.add(number, Magics.withoutSecrets(code), shown, runs);
      pipeline.sharedCells().remember(request, runs);
    }
    return reply.put("execution_count", number);
  }

  private ObjectNode failed(JupyterMessage request, ErrorReport error, boolean silent) {
    if (!silent) {
      publisher.error(request, error);
    }
    return Publisher.errorContent(error).put("status", "error");
  }

  /** Others changed what the notebook follows: its readers run again, in their own cells. */
  synchronized void follow() {
    following.step();
  }

  /** Has a message of a comm taken, in turn with the cells; what goes wrong is shown with it. */
  synchronized void take(JupyterMessage request) {
    pipeline.begin(new Interruption());
    CellResult result = open(request, true);
    Comms.Call call = result == null ? comms.call(request) : null;
    if (call != null) {
      result = pipeline.run(CellRequest.of(request, call, session.cellNumber()));
    }
    if (call == null && result != null && request.type().equals("comm_open")) {
      comms.refuse(request);
    } else if (result instanceof CellResult.Failed(ErrorReport error)) {
      publisher.error(request, error);
    }
  }

  /** Opens the session and says what was resumed; what went wrong, or null. */
  private @Nullable CellResult open(JupyterMessage request, boolean silent) {
    try {
      ensureOpen();
      if (!resumed.isEmpty() && !silent) {
        publisher.display(request, MimeBundle.text("[" + resumed + "]"), "", false);
        resumed = "";
      }
      String fetched = missing.restore();
      if (!fetched.isEmpty() && !silent) {
        publisher.display(request, MimeBundle.text("[" + fetched + "]"), "", false);
      }
      return null;
    } catch (IOException | AnnaException e) {
      return nodeError(e);
    }
  }

  private static CellResult nodeError(Exception e) {
    String message = String.valueOf(e.getMessage());
    String line = "\u001B[31;1mNodeError\u001B[0m: " + message;
    return new CellResult.Failed(new ErrorReport("NodeError", message, List.of(line)));
  }

  private CellResult runAll(
      JupyterMessage request, String code, int number, boolean silent, Interruption interruption) {
    if (interruption.isRequested()) {
      return CellFailures.interrupted();
    }
    RequestedCell cell =
        new RequestedCell(request, number, silent, session, pipeline, publisher, magics());
    try {
      if (code.stripLeading().startsWith("%")) {
        pipeline.refresh(request, silent);
      }
      cell.run(code);
      return new CellResult.Ok(cell.result());
    } catch (MagicException e) {
      return new CellResult.Failed(e.report());
    } catch (Interruption.InterruptedCell e) {
      return CellFailures.interrupted();
    } catch (IOException | AnnaException e) {
      return nodeError(e);
    }
  }

  private ObjectNode expressions(JupyterMessage request, int number) {
    ObjectNode values = Replies.status("ok").removeAll();
    for (Map.Entry<String, com.fasterxml.jackson.databind.JsonNode> each :
        request.content().path("user_expressions").properties()) {
      values.set(each.getKey(), evaluate(request, each.getValue().asText(), number));
    }
    return values;
  }

  private ObjectNode evaluate(JupyterMessage request, String expression, int number) {
    CellRequest cell = new CellRequest(request, expression, number, true, false, false);
    return switch (pipeline.run(cell)) {
      case CellResult.Ok(MimeBundle value) ->
          publisher.bundle(value == null ? MimeBundle.text("") : value).put("status", "ok");
      case CellResult.Failed(ErrorReport error) ->
          Publisher.errorContent(error).put("status", "error");
    };
  }

  /** The value of an expression, which is only looked at, when no other cell runs. */
  synchronized ObjectNode valueOf(JupyterMessage request, String expression) {
    pipeline.begin(new Interruption());
    return evaluate(request, expression, session.cellNumber());
  }
}
