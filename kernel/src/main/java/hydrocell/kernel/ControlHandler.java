package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.channel.Channels;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the control channel while a cell runs: interrupt, shutdown, kernel_info, subshells,
 * debugger.
 */
final class ControlHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);

  private final Channels channels;
  private final MessageCodec codec;
  private final Publisher publisher;
  private final CellPipeline pipeline;
  private final Subshells subshells;
  private final DebugHandler debugger;
  private final Consumer<Boolean> shutdown;

  /** {@code shutdown} is told whether the kernel is to start again, empty. */
  ControlHandler(
      Channels channels,
      MessageCodec codec,
      Publisher publisher,
      CellPipeline pipeline,
      Subshells subshells,
      DebugHandler debugger,
      Consumer<Boolean> shutdown) {
    this.channels = channels;
    this.codec = codec;
    this.publisher = publisher;
    this.pipeline = pipeline;
    this.subshells = subshells;
    this.debugger = debugger;
    this.shutdown = shutdown;
  }

  void handle(JupyterMessage request) {
    publisher.status(request, "busy");
    switch (request.type()) {
      case "interrupt_request" -> {
        pipeline.interrupt();
        reply(request, "interrupt_reply", Replies.status("ok"));
      }
      case "shutdown_request" -> {
        boolean restart = request.content().path("restart").asBoolean();
        pipeline.interrupt();
        reply(request, "shutdown_reply", Replies.status("ok").put("restart", restart));
        publisher.status(request, "idle");
        shutdown.accept(restart);
        return;
      }
      case "kernel_info_request" -> reply(request, "kernel_info_reply", Replies.kernelInfo(""));
      case "debug_request" -> {
        debugger.handle(request);
        return;
      }
      case "create_subshell_request" -> createSubshell(request);
      case "delete_subshell_request" -> deleteSubshell(request);
      case "list_subshell_request" -> {
        ObjectNode content = Replies.status("ok");
        subshells.ids().forEach(content.putArray("subshell_id")::add);
        reply(request, "list_subshell_reply", content);
      }
      default -> LOG.warn("no answer to {} on control", request.type());
    }
    publisher.status(request, "idle");
  }

  private void createSubshell(JupyterMessage request) {
    String id = subshells.create();
    ObjectNode content =
        id == null
            ? Replies.error("TooManySubshells", "delete one that is no longer needed")
            : Replies.status("ok").put("subshell_id", id);
    reply(request, "create_subshell_reply", content);
  }

  private void deleteSubshell(JupyterMessage request) {
    String id = request.content().path("subshell_id").asText();
    ObjectNode content =
        subshells.delete(id)
            ? Replies.status("ok")
            : Replies.error("NoSubshell", "there is no subshell " + id);
    reply(request, "delete_subshell_reply", content);
  }

  private void reply(JupyterMessage request, String type, ObjectNode content) {
    channels.sendControl(codec.make(request.identities(), type, request.header(), content));
  }
}
