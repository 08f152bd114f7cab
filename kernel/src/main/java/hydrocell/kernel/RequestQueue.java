package hydrocell.kernel;

import hydrocell.kernel.protocol.JupyterMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one shell, answered one after the other on a thread of its own. Bounded.
 * Thread-safe.
 */
final class RequestQueue {
  /** More requests than this are refused. */
  static final int MAX_WAITING = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(RequestQueue.class);

  private final String name;
  private final BiConsumer<JupyterMessage, RequestQueue> answer;

  /** An empty place is the end. */
  private final LinkedBlockingQueue<Optional<JupyterMessage>> waiting = new LinkedBlockingQueue<>();

  /** A queue whose requests {@code answer} takes, with the queue that they came from. */
  RequestQueue(String name, BiConsumer<JupyterMessage, RequestQueue> answer) {
    this.name = name;
    this.answer = answer;
  }

  void start() {
    Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** Takes a request in; false when too many wait. */
  boolean offer(JupyterMessage request) {
    return waiting.size() < MAX_WAITING && waiting.add(Optional.of(request));
  }

  /** Ends the thread once it has answered what waits. */
  void end() {
    waiting.add(Optional.empty());
  }

  private void run() {
    boolean ended = false;
    while (!ended) {
      try {
        Optional<JupyterMessage> next = waiting.take();
        next.ifPresent(request -> answer.accept(request, this));
        ended = next.isEmpty();
      } catch (InterruptedException e) {
        LOG.warn("nobody interrupts this thread; going on");
      }
    }
  }

  /** The request that waits first; null when none does. */
  @Nullable JupyterMessage next() {
    Optional<JupyterMessage> first = waiting.peek();
    return first == null ? null : first.orElse(null);
  }

  /** Takes the requests for execution out that wait. */
  List<JupyterMessage> takeExecutions() {
    List<JupyterMessage> executions = new ArrayList<>();
    waiting.removeIf(each ->
        each.filter(request -> request.type().equals("execute_request"))
            .map(executions::add)
            .orElse(false));
    return executions;
  }
}
