package hydrocell.kernel;

import hydrocell.kernel.protocol.JupyterMessage;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The main shell and the subshells beside it (JEP 91), each with a queue and a thread of its own.
 * Thread-safe.
 */
final class Subshells {
  private static final int MAX_SUBSHELLS = 64;

  /** What is asked while somebody types: it runs nothing, and is answered beside a running cell. */
  private static final Set<String> TYPING =
      Set.of("complete_request", "inspect_request", "is_complete_request");

  private final BiConsumer<JupyterMessage, RequestQueue> answer;
  private final RequestQueue main;
  private final RequestQueue typing;
  private final Map<String, RequestQueue> byId = new ConcurrentSkipListMap<>();

  Subshells(BiConsumer<JupyterMessage, RequestQueue> answer) {
    this.answer = answer;
    main = new RequestQueue("shell-requests", answer);
    typing = new RequestQueue("typing-requests", answer);
  }

  /** Starts the main shell. */
  void start() {
    main.start();
    typing.start();
  }

  /** Where a request belongs; null when its subshell does not exist. */
  @Nullable RequestQueue queueOf(JupyterMessage request) {
    String id = request.subshell();
    if (id.isEmpty() && TYPING.contains(request.type())) {
      return typing;
    }
    return id.isEmpty() ? main : byId.get(id);
  }

  /** Begins a subshell; its id, or null when there are too many. */
  synchronized @Nullable String create() {
    if (byId.size() >= MAX_SUBSHELLS) {
      return null;
    }
    String id = UUID.randomUUID().toString();
    RequestQueue queue = new RequestQueue("subshell-" + id, answer);
    byId.put(id, queue);
    queue.start();
    return id;
  }

  /** Ends a subshell after what waits there; false when there is none with this id. */
  synchronized boolean delete(String id) {
    RequestQueue queue = byId.remove(id);
    if (queue != null) {
      queue.end();
    }
    return queue != null;
  }

  /** The ids of all subshells. */
  List<String> ids() {
    return List.copyOf(byId.keySet());
  }
}
