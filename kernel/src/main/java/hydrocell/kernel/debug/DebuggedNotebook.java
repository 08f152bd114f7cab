package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the debugger needs of its kernel. Thread-safe; nothing here waits for a running cell. */
public interface DebuggedNotebook {
  /** Asks the session's manifest something. */
  <T> T look(Function<Manifest, T> question);

  /** The codes of the cells that ran, the oldest first. */
  List<String> history() throws IOException;

  /** Publishes an event of the protocol. */
  void publish(ObjectNode event);

  /**
   * Evaluates an expression as a cell that shows and changes nothing, when its turn comes.
   *
   * @param answer given data and metadata of the value, or status {@code error} with a message; on
   *     another thread
   */
  void evaluate(String expression, Consumer<ObjectNode> answer);
}
