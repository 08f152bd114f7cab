package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.Manifest;
import hydrocell.cell.local.CauseText;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the Debug Adapter Protocol as Jupyter's front ends speak it. {@code initialize} starts
 * it, which costs nothing; the first breakpoint makes that the next cell runs in an executor under
 * the debugger. Any thread may call; one thread of its own does everything.
 */
public final class Debugger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Debugger.class);
  private static final String JUPYTERLAB = "jupyterlab";

  private static final String NO_COPY =
      "a value of a paused cell cannot be copied: have the cell assign it to a variable of the"
          + " notebook";

  private final DebuggedNotebook notebook;
  private final ExecutorService desk =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("debugger").factory());
  private final CellCodes codes = new CellCodes();
  private final CodePlaces places;
  private final Map<String, List<Stop>> stops = new LinkedHashMap<>();
  private final CellDebugging cells;
  private Set<String> filters = Set.of();
  private boolean started;
  private boolean types;
  private int events;

  /** A debugger that nobody has started yet. */
  public Debugger(DebuggedNotebook notebook) {
    this.notebook = notebook;
    places = new CodePlaces(codes, new Past());
    cells = new CellDebugging(desk, codes, places, stops, this::event, notebook::look);
  }

  private final class Past implements CodePlaces.History {
    @Override
    public Manifest manifest() {
      return notebook.look(manifest -> manifest);
    }

    @Override
    public List<String> codes() {
      try {
        return notebook.history();
      } catch (IOException e) {
        LOG.info("the history cannot be read: {}", e.getMessage());
        return List.of();
      }
    }
  }

  /** What the cells of this kernel have to do with the debugger. */
  public CellDebugging cells() {
    return cells;
  }

  /** Takes a request of the protocol in; its response is given to {@code reply} later. */
  public void request(ObjectNode request, Consumer<ObjectNode> reply) {
    desk.execute(() -> {
      try {
        answer(request, reply);
      } catch (RuntimeException e) {
        LOG.error(
            "the request {} of the debugger failed: {}",
            request.path("command").asText(),
            CauseText.of(e));
        reply.accept(Dap.failed(request, "the debugger failed: " + e));
      }
    });
  }

  private void answer(ObjectNode request, Consumer<ObjectNode> reply) {
    String command = request.path("command").asText();
    switch (command) {
      case "richInspectVariables" -> richInspect(request, reply);
      case "stackTrace", "scopes", "variables", "threads" -> reply.accept(cells.look(request));
      case "evaluate" -> evaluate(request, reply);
      case "copyToGlobals" -> reply.accept(Dap.failed(request, NO_COPY));
      case "continue", "next", "stepIn", "stepOut", "pause", "setVariable" ->
          reply.accept(cells.act(request));
      case "disconnect", "terminate" -> {
        stop();
        reply.accept(Dap.done(request));
      }
      default -> {
        ObjectNode body = bodyOf(command, request.withObject("/arguments"));
        reply.accept(
            body == null
                ? Dap.failed(request, "this debugger has no " + command)
                : Dap.done(request, body));
        if (command.equals("initialize")) {
          event("initialized", MessageCodec.object());
        }
      }
    }
  }

  /** What answers a request that any state allows; null for one that is not known. */
  private @Nullable ObjectNode bodyOf(String command, ObjectNode asked) {
    return switch (command) {
      case "debugInfo" -> info();
      case "initialize" -> start(asked);
      case "attach", "configurationDone" -> MessageCodec.object();
      case "dumpCell" ->
          MessageCodec.object().put("sourcePath", codes.add(asked.path("code").asText()));
      case "source" -> source(asked);
      case "setBreakpoints" -> setBreakpoints(asked);
      case "setExceptionBreakpoints" -> setFilters(asked);
      case "inspectVariables" ->
          Dap.list("variables", notebook.look(all -> NotebookVariables.of(all, types)));
      case "modules" -> Dap.list("modules", List.of()).put("totalModules", 0);
      default -> null;
    };
  }

  private ObjectNode info() {
    ObjectNode body =
        MessageCodec.object()
            .put("isStarted", started)
            .put("hashMethod", "Murmur2")
            .put("hashSeed", CellCodes.SEED)
            .put("tmpFilePrefix", CellCodes.PREFIX)
            .put("tmpFileSuffix", CellCodes.SUFFIX)
            .put("richRendering", true)
            .put("copyToGlobals", false);
    ArrayNode all = body.putArray("breakpoints");
    stops.forEach((path, ofPath) -> {
      ObjectNode cell = all.addObject().put("source", path);
      ArrayNode points = cell.putArray("breakpoints");
      for (Stop stop : ofPath) {
        ObjectNode point = points.addObject().put("line", stop.line());
        if (!stop.condition().isEmpty()) {
          point.put("condition", stop.condition());
        }
      }
    });
    body.putArray("exceptionPaths");
    ArrayNode stopped = body.putArray("stoppedThreads");
    if (cells.isPaused()) {
      stopped.add(CellDebugging.SHOWN_THREAD);
    }
    return body;
  }

  private ObjectNode start(ObjectNode asked) {
    started = true;
    // JupyterLab's tree shows the type of a variable instead of its value, where it has a type.
    types = !asked.path("clientID").asText().equals(JUPYTERLAB);
    cells.showTypes(types);
    ObjectNode body =
        MessageCodec.object()
            .put("supportsConfigurationDoneRequest", true)
            .put("supportsConditionalBreakpoints", true)
            .put("supportsSetVariable", true)
            .put("supportsExceptionInfoRequest", false)
            .put("supportsModulesRequest", false);
    ArrayNode offered = body.putArray("exceptionBreakpointFilters");
    PauseFilters.offered().forEach(offered::add);
    return body;
  }

  private void stop() {
    started = false;
    stops.clear();
    filters = Set.of();
    cells.stop();
  }

  private ObjectNode source(ObjectNode asked) {
    String code = codes.get(asked.withObject("/source").path("path").asText());
    return MessageCodec.object()
        .put("content", code == null ? "// this cell is not known any more" : code)
        .put("mimeType", "text/x-java");
  }

  private ObjectNode setBreakpoints(ObjectNode asked) {
    String path = asked.withObject("/source").path("path").asText();
    Map<Integer, Stop> wanted = new LinkedHashMap<>();
    List<ObjectNode> set = new ArrayList<>();
    for (JsonNode each : asked.withArray("/breakpoints")) {
      int line = codes.stoppingLine(path, each.path("line").asInt());
      String condition = each.path("condition").asText("").strip();
      ObjectNode point = MessageCodec.object().put("verified", true).put("line", line);
      point.putObject("source").put("path", path);
      try {
        if (!condition.isEmpty()) {
          Expression.parse(condition);
        }
        wanted.put(line, new Stop(line, condition));
      } catch (Expression.RefusedException e) {
        point.put("verified", false).put("message", e.getMessage());
      }
      set.add(point);
    }
    if (wanted.isEmpty()) {
      stops.remove(path);
    } else {
      stops.put(path, List.copyOf(wanted.values()));
    }
    cells.pauseAt(filters);
    return Dap.list("breakpoints", set);
  }

  private ObjectNode setFilters(ObjectNode asked) {
    Set<String> chosen = new LinkedHashSet<>();
    asked.withArray("/filters").forEach(each -> chosen.add(each.asText()));
    filters = chosen;
    cells.pauseAt(filters);
    return MessageCodec.object();
  }

  private void event(String event, ObjectNode body) {
    notebook.publish(Dap.event(++events, event, body));
  }

  /** In a frame what can be read there; between cells any expression, as a cell would show it. */
  private void evaluate(ObjectNode request, Consumer<ObjectNode> reply) {
    String expression = request.withObject("/arguments").path("expression").asText();
    if (cells.isPaused()) {
      reply.accept(cells.act(request));
      return;
    }
    notebook.evaluate(
        expression,
        value -> {
          if (value.path("status").asText().equals("error")) {
            reply.accept(Dap.failed(request, value.path("evalue").asText()));
          } else {
            ObjectNode body = MessageCodec.object().put("variablesReference", 0);
            body.put("result", value.path("data").path("text/plain").asText());
            reply.accept(Dap.done(request, body));
          }
        });
  }

  /** A variable as its cell would show it; of a paused thread as text. */
  private void richInspect(ObjectNode request, Consumer<ObjectNode> reply) {
    ObjectNode asked = request.withObject("/arguments");
    String name = asked.path("variableName").asText();
    if (cells.isPaused()) {
      String text = cells.textOf(name, asked.path("frameId").asInt());
      ObjectNode body = MessageCodec.object();
      body.putObject("data").put("text/plain", text == null ? name + " has no value here" : text);
      body.putObject("metadata");
      reply.accept(Dap.done(request, body));
    } else if (!isIdentifier(name)) {
      reply.accept(Dap.failed(request, "'" + name + "' is no name of this notebook"));
    } else {
      notebook.evaluate(
          name,
          value ->
              reply.accept(
                  value.path("status").asText().equals("error")
                      ? Dap.failed(request, value.path("evalue").asText())
                      : Dap.done(request, value)));
    }
  }

  private static boolean isIdentifier(String name) {
    return !name.isEmpty()
        && Character.isJavaIdentifierStart(name.charAt(0))
        && name.chars().allMatch(Character::isJavaIdentifierPart);
  }

  @Override
  public void close() {
    desk.execute(this::stop);
    desk.shutdown();
  }
}
