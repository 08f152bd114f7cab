package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.CompileReply;
import hydrocell.kernel.protocol.MessageCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The contents of the replies that are not about running a cell. */
final class Replies {
  private static final String VERSION = "0.1.0";

  private Replies() {}

  static ObjectNode kernelInfo(String resumed) {
    ObjectNode content = MessageCodec.object();
    content.put("status", "ok");
    content.put("protocol_version", MessageCodec.PROTOCOL_VERSION);
    content.put("implementation", "hydrocell");
    content.put("implementation_version", VERSION);
    content.put(
        "banner",
        "Hydrocell %s: Java cells as functions, state in Anna%s"
            .formatted(VERSION, resumed.isEmpty() ? "" : "\n" + resumed));
    content.put("debugger", true);
    content.putArray("supported_features").add("debugger").add("kernel subshells");
    ObjectNode language = content.putObject("language_info");
    language
        .put("name", "java")
        .put("version", String.valueOf(Runtime.version().feature()))
        .put("mimetype", "text/x-java-source")
        .put("file_extension", ".java")
        .put("pygments_lexer", "java")
        .put("codemirror_mode", "text/x-java")
        .put("nbconvert_exporter", "script");
    ArrayNode links = content.putArray("help_links");
    links
        .addObject()
        .put("text", "Java SE 25 API")
        .put("url", "https://docs.oracle.com/en/java/javase/25/docs/api/");
    return content;
  }

  static ObjectNode status(String status) {
    return MessageCodec.object().put("status", status);
  }

  static ObjectNode error(String name, String message) {
    ObjectNode content = status("error").put("ename", name).put("evalue", message);
    content.putArray("traceback");
    return content;
  }

  static ObjectNode completeness(CompileReply.Completeness reply) {
    ObjectNode content = MessageCodec.object().put("status", reply.status());
    if (reply.status().equals("incomplete")) {
      content.put("indent", reply.indent());
    }
    return content;
  }

  /** Cursors of Jupyter count code points, Java's count UTF-16 units. */
  static ObjectNode completions(String code, CompileReply.Completions reply) {
    ObjectNode content = status("ok");
    ArrayNode matches = content.putArray("matches");
    ArrayNode types = MessageCodec.object().putArray("types");
    int start = code.codePointCount(0, reply.start());
    int end = code.codePointCount(0, reply.end());
    for (CompileReply.Completion proposal : reply.proposals()) {
      matches.add(proposal.text());
      types
          .addObject()
          .put("start", start)
          .put("end", end)
          .put("text", proposal.text())
          .put("type", proposal.kind())
          .put("signature", proposal.signature());
    }
    content.put("cursor_start", start).put("cursor_end", end);
    content.putObject("metadata").set("_jupyter_types_experimental", types);
    return content;
  }

  static ObjectNode completions(List<String> words, int start, int end) {
    ObjectNode content = status("ok");
    ArrayNode matches = content.putArray("matches");
    words.forEach(matches::add);
    content.put("cursor_start", start).put("cursor_end", end);
    content.putObject("metadata");
    return content;
  }

  static ObjectNode inspection(@Nullable MimeBundle documentation, Publisher publisher) {
    ObjectNode content = status("ok").put("found", documentation != null);
    if (documentation != null) {
      content.setAll(publisher.bundle(documentation));
    } else {
      content.putObject("data");
      content.putObject("metadata");
    }
    return content;
  }

  static ObjectNode history(List<History.Line> lines, boolean output) {
    ObjectNode content = status("ok");
    ArrayNode history = content.putArray("history");
    for (History.Line line : lines) {
      ArrayNode entry = history.addArray().add(line.kernelStart()).add(line.cellNumber());
      if (output) {
        entry.addArray().add(line.source()).add(line.output());
      } else {
        entry.add(line.source());
      }
    }
    return content;
  }
}
