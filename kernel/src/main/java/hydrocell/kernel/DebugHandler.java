package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.Manifest;
import hydrocell.kernel.channel.Channels;
import hydrocell.kernel.debug.DebuggedNotebook;
import hydrocell.kernel.debug.Debugger;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code debug_request}. The debugger is made when the first one comes; it answers on a
 * thread of its own, so that control stays free for an interrupt.
 */
final class DebugHandler {
  private static final int MAX_LOOKS = 16;
  private static final long IDLE_S = 10;

  private final Channels channels;
  private final MessageCodec codec;
  private final Publisher publisher;
  private final Debugging debugging;
  private final Notebook notebook;
  private @Nullable Debugger debugger;
  private volatile @Nullable JupyterMessage last;

  /**
   * A kernel without a debugger.
   *
   * @param evaluation the value of an expression for a request, waited for until it is its turn
   */
  DebugHandler(
      Channels channels,
      MessageCodec codec,
      Publisher publisher,
      Debugging debugging,
      Session session,
      History history,
      BiFunction<JupyterMessage, String, ObjectNode> evaluation) {
    this.channels = channels;
    this.codec = codec;
    this.publisher = publisher;
    this.debugging = debugging;
    this.notebook = new Notebook(session, history, evaluation);
  }

  /** Takes a request in; its reply and its idle come later. On the control thread. */
  void handle(JupyterMessage request) {
    last = request;
    Debugger there = debugger;
    if (there == null) {
      there = new Debugger(notebook);
      debugger = there;
      debugging.begin(there.cells());
    }
    there.request(request.content(), response -> reply(request, response));
  }

  private void reply(JupyterMessage request, ObjectNode response) {
    channels.sendControl(
        codec.make(request.identities(), "debug_reply", request.header(), response));
    publisher.status(request, "idle");
  }

  /** The notebook as the debugger sees it. */
  private final class Notebook implements DebuggedNotebook {
    private final Session session;
    private final History history;
    private final BiFunction<JupyterMessage, String, ObjectNode> evaluation;
    private @Nullable ThreadPoolExecutor looks;

    Notebook(
        Session session,
        History history,
        BiFunction<JupyterMessage, String, ObjectNode> evaluation) {
      this.session = session;
      this.history = history;
      this.evaluation = evaluation;
    }

    @Override
    public <T> T look(Function<Manifest, T> question) {
      return session.look(question);
    }

    @Override
    public List<String> history() throws IOException {
      return history.lines().stream().map(History.Line::source).toList();
    }

    @Override
    public void publish(ObjectNode event) {
      JupyterMessage request = last;
      if (request != null) {
        publisher.debugEvent(request, event);
      }
    }

    @Override
    public void evaluate(String expression, Consumer<ObjectNode> answer) {
      JupyterMessage request = last;
      if (request == null) {
        return;
      }
      try {
        threads().execute(() -> answer.accept(evaluation.apply(request, expression)));
      } catch (RejectedExecutionException e) {
        answer.accept(Replies.error("Busy", "a cell runs: look again when it is done"));
      }
    }

    private synchronized ThreadPoolExecutor threads() {
      ThreadPoolExecutor open = looks;
      if (open == null) {
        open =
            new ThreadPoolExecutor(
                1,
                1,
                IDLE_S,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_LOOKS),
                Thread.ofPlatform().daemon().name("debug-look").factory());
        open.allowCoreThreadTimeOut(true);
        looks = open;
      }
      return open;
    }
  }
}
