package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.anna.AnnaException;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Name;
import hydrocell.cell.local.CauseText;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.cell.message.ResolveRequest;
import hydrocell.kernel.channel.Channels;
import hydrocell.kernel.magic.CellText;
import hydrocell.kernel.magic.Magics;
import hydrocell.kernel.magic.Paths;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the shell channel and the subshells beside it: the requests of each one after the other,
 * in order of arrival, each between busy and idle. Requests for execution that wait when a cell
 * fails are answered {@code aborted}. Cells of all shells run one after the other; everything else
 * is answered beside them.
 */
final class ShellHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ShellHandler.class);

  private final Channels channels;
  private final MessageCodec codec;
  private final Publisher publisher;
  private final Backend backend;
  private final Session session;
  private final History history;
  private final Execution execution;
  private final Magics magics;
  private final Comms comms;
  private final Map<String, JupyterMessage> running = new LinkedHashMap<>();
  private final LibraryDocumentation documentation;
  private final Subshells subshells = new Subshells(this::handle);

  ShellHandler(
      Channels channels,
      MessageCodec codec,
      Publisher publisher,
      Backend backend,
      Session session,
      History history,
      Execution execution,
      Magics magics,
      Comms comms) {
    this.channels = channels;
    this.codec = codec;
    this.publisher = publisher;
    this.backend = backend;
    this.session = session;
    this.history = history;
    this.execution = execution;
    this.magics = magics;
    this.comms = comms;
    this.documentation = new LibraryDocumentation(backend);
  }

  /** Takes a request in; any thread. What cannot be taken is answered with an error. */
  void enqueue(JupyterMessage request) {
    RequestQueue queue = subshells.queueOf(request);
    if (queue == null) {
      refuse(request, "NoSubshell", "there is no subshell " + request.subshell());
    } else if (!queue.offer(request)) {
      refuse(
          request,
          "KernelBusy",
          "more than %d requests wait already".formatted(RequestQueue.MAX_WAITING));
    }
  }

  /** Has the readers of followed names run again in turn with the cells; whether it will be so. */
  boolean follow() {
    JupyterMessage own =
        codec.make(List.of(), Following.TYPE, MessageCodec.object(), MessageCodec.object());
    RequestQueue queue = subshells.queueOf(own);
    return queue != null && queue.offer(own);
  }

  private void refuse(JupyterMessage request, String name, String message) {
    publisher.status(request, "busy");
    reply(request, replyType(request), Replies.error(name, message));
    publisher.status(request, "idle");
  }

  /** The subshells, which the control channel makes and deletes. */
  Subshells subshells() {
    return subshells;
  }

  /** Starts to answer. */
  void start() {
    subshells.start();
  }

  /** Answers a request, and aborts what waits behind it if it failed. On its queue's thread. */
  private void handle(JupyterMessage request, RequestQueue queue) {
    boolean isCell = request.type().equals("execute_request");
    Interruption interruption = isCell ? execution.announce() : null;
    begin(request, isCell);
    List<JupyterMessage> aborted = List.of();
    try {
      if (interruption != null) {
        ObjectNode reply = execution.execute(request, interruption);
        if (reply.path("status").asText().equals("error")
            && request.content().path("stop_on_error").asBoolean(true)) {
          // Before the reply: what a client sends once it knows of the error is to run.
          aborted = queue.takeExecutions();
        }
        FaultPoint.KERNEL_BEFORE_REPLY.reached();
        reply(request, "execute_reply", reply);
        FaultPoint.KERNEL_AFTER_REPLY.reached();
      } else if (!Comms.isSuperseded(request, queue.next())) {
        answer(request);
      }
    } catch (IOException | AnnaException e) {
      reply(
          request, replyType(request), Replies.error("NodeError", String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("a request failed inside the kernel: {}", CauseText.of(e));
      reply(request, replyType(request), Replies.error("InternalError", e.toString()));
    }
    end(request);
    aborted.forEach(this::abort);
  }

  private void begin(JupyterMessage request, boolean isCell) {
    synchronized (running) {
      publisher.status(request, "busy");
      if (isCell) {
        running.put(request.id(), request);
      }
    }
  }

  /** Front ends show what was said last: a cell that runs beside this request is busy still. */
  private void end(JupyterMessage request) {
    synchronized (running) {
      running.remove(request.id());
      publisher.status(request, "idle");
      running.values().forEach(cell -> publisher.status(cell, "busy"));
    }
  }

  private static String replyType(JupyterMessage request) {
    return request.type().replaceFirst("_request$", "_reply");
  }

  private void reply(JupyterMessage request, String type, ObjectNode content) {
    channels.sendShell(codec.make(request.identities(), type, request.header(), content));
  }

  private void abort(JupyterMessage request) {
    publisher.status(request, "busy");
    reply(request, "execute_reply", Replies.status("aborted"));
    publisher.status(request, "idle");
  }

  private void answer(JupyterMessage request) throws IOException {
    ObjectNode content = request.content();
    switch (request.type()) {
      case "kernel_info_request" ->
          reply(request, "kernel_info_reply", Replies.kernelInfo(execution.resumed()));
      case "is_complete_request" -> isComplete(request);
      case "complete_request" -> complete(request);
      case "inspect_request" -> inspect(request);
      case "history_request" -> reply(request, "history_reply", history(content));
      case "comm_info_request" -> {
        execution.ensureOpen();
        reply(request, "comm_info_reply", comms.info(content.path("target_name").asText()));
      }
      case Following.TYPE -> execution.follow();
      case "comm_open", "comm_msg", "comm_close" -> execution.take(request);
      default -> LOG.warn("no answer to {}", request.type());
    }
  }

  private void isComplete(JupyterMessage request) {
    String java = CellText.javaOf(request.content().path("code").asText());
    ObjectNode content = java.isBlank() ? Replies.status("complete") : completeness(java);
    reply(request, "is_complete_reply", content);
  }

  /** Without a compile service nobody knows, and the front end decides for itself. */
  private ObjectNode completeness(String source) {
    try {
      CompileReply reply =
          Backend.await(backend.compile(id -> new CompileRequest.CheckComplete(id, source)));
      if (reply instanceof CompileReply.Completeness completeness) {
        return Replies.completeness(completeness);
      }
    } catch (IOException e) {
      LOG.info("nobody knows whether a cell is complete: {}", e.getMessage());
    }
    return Replies.status("unknown");
  }

  private void complete(JupyterMessage request) throws IOException {
    String code = request.content().path("code").asText();
    int cursor = utf16(code, request.content().path("cursor_pos").asInt());
    Magics.Proposals proposals = session.look(all -> withoutCompiler(all, code, cursor));
    if (proposals != null) {
      reply(
          request,
          "complete_reply",
          Replies.completions(
              proposals.texts(),
              code.codePointCount(0, proposals.start()),
              code.codePointCount(0, cursor)));
      return;
    }
    execution.ensureOpen();
    String java = CellText.javaOf(code);
    CompileRequest.Context context = session.look(all -> CompileStep.completing(all, java, cursor));
    CompileReply reply =
        Backend.await(
            backend.compile(id -> new CompileRequest.Complete(id, java, cursor, context)));
    ObjectNode content =
        reply instanceof CompileReply.Completions completions
            ? Replies.completions(code, completions)
            : Replies.completions(
                List.of(), code.codePointCount(0, cursor), code.codePointCount(0, cursor));
    reply(request, "complete_reply", content);
  }

  /** Proposals for a command or a file; null when the compile service is to be asked. */
  private Magics.@Nullable Proposals withoutCompiler(Manifest manifest, String code, int cursor) {
    List<String> names =
        manifest.entries().stream()
            .map(Entry::name)
            .filter(name -> name.kind().isSpoken())
            .map(Name::text)
            .toList();
    Path directory = Surroundings.directory(manifest);
    Magics.Proposals command =
        magics.propose(
            manifest, code, cursor, names, Surroundings.environment(manifest).keySet(), directory);
    StringLiteral literal = command == null ? StringLiteral.at(code, cursor) : null;
    return literal == null
        ? command
        : new Magics.Proposals(literal.start(), Paths.beginning(literal.typed(), directory, false));
  }

  private void inspect(JupyterMessage request) throws IOException {
    String code = request.content().path("code").asText();
    int cursor = utf16(code, request.content().path("cursor_pos").asInt());
    int detail = request.content().path("detail_level").asInt();
    execution.ensureOpen();
    CompileRequest.Context context = session.look(all -> CompileStep.context(all, code));
    Map<String, Integer> numbers = session.look(all -> CompileStep.cellNumbers(all, context));
    CompileReply reply =
        Backend.await(
            backend.compile(
                id -> new CompileRequest.Inspect(id, code, cursor, detail, context, numbers)));
    MimeBundle shown =
        reply instanceof CompileReply.Inspected inspected ? documented(inspected) : null;
    reply(request, "inspect_reply", Replies.inspection(shown, publisher));
  }

  private @Nullable MimeBundle documented(CompileReply.Inspected inspected) {
    MimeBundle shown = inspected.documentation();
    String jar = inspected.undocumentedJar();
    ResolveRequest more =
        jar.isEmpty() ? null : session.look(all -> LibraryDocumentation.wanted(all, jar));
    return shown != null && more != null && documentation.isComing(jar, more)
        ? LibraryDocumentation.announced(shown)
        : shown;
  }

  private static int utf16(String code, int codePoints) {
    int bounded = Math.max(0, Math.min(codePoints, code.codePointCount(0, code.length())));
    return code.offsetByCodePoints(0, bounded);
  }

  private ObjectNode history(ObjectNode content) throws IOException {
    if (session.isNew()) {
      // A console asks first of all, and does not wait for a node that is still to start.
      return Replies.history(List.of(), false);
    }
    execution.ensureOpen();
    List<History.Line> lines =
        HistoryQuery.of(content).select(history.lines(), history.kernelStart());
    return Replies.history(lines, content.path("output").asBoolean());
  }
}
