package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.InvalidStackFrameException;
import com.sun.jdi.ObjectCollectedException;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.request.StepRequest;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One executor's JVM under the debugger, from its first cell to its end or to the debugger's. One
 * suspended thread is shown at a time, always under the same number; others that come to a
 * breakpoint wait for their turn. Owned by the debugger's thread.
 */
final class DebugSession implements AutoCloseable {
  private final ExecutorMachine machine;
  private final CodePlaces places;
  private final CellFrames frames;
  private final Breakpoints breakpoints;
  private final ExceptionFilters exceptions = new ExceptionFilters();
  private final SessionNames names;
  private final References references = new References();
  private final BiConsumer<String, ObjectNode> publish;
  private final Runnable onEnd;
  private final Deque<ExecutorMachine.Pause> pauses = new ArrayDeque<>();
  private @Nullable PausedThread shown;
  private boolean types;
  private boolean runsOn;

  /** What a session is made of beside the JVM. */
  record Surroundings(
      CodePlaces places,
      Map<String, List<Stop>> stops,
      SessionNames names,
      BiConsumer<String, ObjectNode> publish,
      Runnable onEnd) {}

  /** Takes the JVM over that connects; {@code desk} runs what it says on the debugger's thread. */
  static DebugSession connect(
      Listening listening, long limitMs, Executor desk, Surroundings surroundings)
      throws IOException {
    return new DebugSession(listening.machine(limitMs), desk, surroundings);
  }

  private DebugSession(VirtualMachine connected, Executor desk, Surroundings surroundings) {
    places = surroundings.places();
    names = surroundings.names();
    publish = surroundings.publish();
    onEnd = surroundings.onEnd();
    frames = new CellFrames(places);
    breakpoints = new Breakpoints(surroundings.stops(), places, frames);
    machine = new ExecutorMachine(connected, desk, frames, exceptions, new Events());
  }

  private final class Events implements ExecutorMachine.Listener {
    @Override
    public void prepared(ReferenceType type) {
      if (!runsOn) {
        breakpoints.install(type);
      }
    }

    @Override
    public @Nullable String stops(ThreadReference thread, Stop stop) {
      if (stop.condition().isEmpty()) {
        return "";
      }
      try {
        return look(thread).holds(stop.condition()) ? "" : null;
      } catch (Expression.RefusedException e) {
        return "the condition cannot be told: " + e.getMessage();
      } catch (IncompatibleThreadStateException e) {
        return null;
      } catch (VMDisconnectedException e) {
        throw e;
      } catch (RuntimeException e) {
        // A collected object, or a class of the JDK's that looks otherwise than expected.
        return "the condition cannot be told: " + e;
      }
    }

    @Override
    public void paused(ExecutorMachine.Pause pause) {
      if (runsOn) {
        pause.resume();
        return;
      }
      pauses.add(pause);
      if (pauses.size() == 1) {
        show();
      }
    }

    @Override
    public void gone() {
      forget();
      pauses.clear();
      onEnd.run();
    }
  }

  /** Whether the front end wants types of values. */
  void showTypes(boolean wanted) {
    types = wanted;
  }

  /** Lines were set, or classes have come to stand for other cells. */
  void breakpointsChanged() {
    if (!runsOn) {
      breakpoints.install(machine);
    }
  }

  void pauseAt(Set<String> filters) {
    exceptions.choose(filters);
    if (!runsOn) {
      exceptions.request(machine.machine());
    }
  }

  /** A cell begins: it may pause. */
  void cellBegins() {
    runsOn = false;
    breakpoints.install(machine);
    exceptions.request(machine.machine());
  }

  /** Lets everything go on, and pauses nowhere until the next cell begins. */
  void runOn() {
    runsOn = true;
    machine.forgetRequests();
    forget();
    for (ExecutorMachine.Pause pause = pauses.poll(); pause != null; pause = pauses.poll()) {
      pause.resume();
    }
  }

  private PausedThread look(ThreadReference thread) {
    return new PausedThread(thread, places, frames, names, references, types);
  }

  private void show() {
    ExecutorMachine.Pause pause = pauses.element();
    shown = look(pause.thread());
    ObjectNode body =
        MessageCodec.object()
            .put("reason", pause.reason())
            .put("threadId", CellDebugging.SHOWN_THREAD)
            .put("allThreadsStopped", false);
    if (!pause.text().isEmpty()) {
      body.put("text", pause.text()).put("description", "Paused on " + pause.text());
    }
    publish.accept("stopped", body);
  }

  /** What was shown means nothing any more. */
  private void forget() {
    if (shown != null) {
      shown = null;
      publish.accept(
          "continued",
          MessageCodec.object()
              .put("threadId", CellDebugging.SHOWN_THREAD)
              .put("allThreadsContinued", false));
    }
    references.clear();
  }

  boolean isPaused() {
    return shown != null;
  }

  /** Answers a request about threads. */
  ObjectNode answer(ObjectNode request) {
    try {
      return Dap.done(request, bodyOf(request));
    } catch (IncompatibleThreadStateException
        | InvalidStackFrameException
        | ObjectCollectedException
        | VMDisconnectedException e) {
      return Dap.failed(request, "the cell has gone on");
    } catch (NotPausedException | Expression.RefusedException e) {
      return Dap.failed(request, String.valueOf(e.getMessage()));
    }
  }

  /** There is no thread to do it with. */
  private static final class NotPausedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotPausedException(String message) {
      super(message);
    }
  }

  private ObjectNode bodyOf(ObjectNode request)
      throws IncompatibleThreadStateException, NotPausedException, Expression.RefusedException {
    ObjectNode body = MessageCodec.object();
    String command = request.path("command").asText();
    switch (command) {
      case "continue" -> {
        goOn(null);
        body.put("allThreadsContinued", false);
      }
      case "next" -> goOn(StepRequest.STEP_OVER);
      case "stepIn" -> goOn(StepRequest.STEP_INTO);
      case "stepOut" -> goOn(StepRequest.STEP_OUT);
      case "pause" -> pause();
      case "evaluate", "setVariable" -> body.setAll(work(command, request));
      default -> body.setAll(look(command, request));
    }
    return body;
  }

  private void goOn(@Nullable Integer step) throws NotPausedException {
    ExecutorMachine.Pause pause = pauses.poll();
    if (pause == null) {
      throw new NotPausedException("no cell is paused");
    }
    if (step != null) {
      machine.step(pause.thread(), step);
    }
    forget();
    pause.resume();
    if (!pauses.isEmpty()) {
      show();
    }
  }

  private void pause() throws IncompatibleThreadStateException, NotPausedException {
    ExecutorMachine.Pause pause = pauses.isEmpty() ? machine.pause() : null;
    if (pause == null) {
      throw new NotPausedException("no cell runs that could be paused");
    }
    new Events().paused(pause);
  }

  /** Reads or sets what a paused thread has. */
  private ObjectNode work(String command, ObjectNode request)
      throws IncompatibleThreadStateException, NotPausedException, Expression.RefusedException {
    PausedThread thread = shown;
    if (thread == null) {
      throw new NotPausedException("no cell is paused");
    }
    ObjectNode asked = request.withObject("/arguments");
    return command.equals("evaluate")
        ? thread.evaluate(asked.path("expression").asText(), asked.path("frameId").asInt())
        : thread.setLocal(
            asked.path("variablesReference").asInt(),
            asked.path("name").asText(),
            asked.path("value").asText());
  }

  private ObjectNode look(String command, ObjectNode request)
      throws IncompatibleThreadStateException {
    PausedThread thread = shown;
    ObjectNode asked = request.withObject("/arguments");
    return switch (command) {
      case "stackTrace" -> {
        List<ObjectNode> all = thread == null ? List.of() : thread.frames();
        yield Dap.list("stackFrames", all).put("totalFrames", all.size());
      }
      case "scopes" ->
          Dap.list(
              "scopes", thread == null ? List.of() : thread.scopes(asked.path("frameId").asInt()));
      case "variables" ->
          Dap.list(
              "variables",
              thread == null
                  ? List.of()
                  : thread.variables(
                      asked.path("variablesReference").asInt(),
                      asked.path("start").asInt(),
                      asked.path("count").asInt()));
      default ->
          Dap.list(
              "threads",
              List.of(
                  MessageCodec.object().put("id", CellDebugging.SHOWN_THREAD).put("name", "cell")));
    };
  }

  /** A variable of a frame as text, or null when there is none of this name. */
  @Nullable String textOf(String name, int frameId) {
    PausedThread thread = shown;
    try {
      ObjectNode found = thread == null ? null : thread.find(name, frameId);
      return found == null ? null : found.path("value").asText();
    } catch (IncompatibleThreadStateException | VMDisconnectedException e) {
      return null;
    }
  }

  /** Gives the JVM up: everything goes on. */
  @Override
  public void close() {
    forget();
    pauses.clear();
    machine.close();
  }
}
