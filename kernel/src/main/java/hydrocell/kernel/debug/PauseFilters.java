package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.protocol.MessageCodec;
import java.util.List;

/** The kinds of exceptions at which a cell can pause. */
final class PauseFilters {
  /** Nothing of the cell catches it: it ends the cell, or a thread that the cell started. */
  static final String UNCAUGHT = "uncaught";

  /** Everything that is thrown by a cell's code or caught by it. */
  static final String RAISED = "raised";

  private PauseFilters() {}

  /** What a front end offers. */
  static List<ObjectNode> offered() {
    return List.of(
        MessageCodec.object().put("filter", UNCAUGHT).put("label", "Uncaught exceptions"),
        MessageCodec.object().put("filter", RAISED).put("label", "Raised exceptions"));
  }
}
