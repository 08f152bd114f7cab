package hydrocell.kernel;

import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.FromExecutor;
import hydrocell.kernel.protocol.JupyterMessage;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives what an executor says to the request that it belongs to, also when that ended long ago.
 * Thread-safe.
 */
public final class Outputs {
  private static final Logger LOG = LoggerFactory.getLogger(Outputs.class);
  private static final int MAX_PAYLOADS = 100;

  private final Publisher publisher;
  private final BiConsumer<JupyterMessage, FromExecutor.InputWanted> onInputWanted;
  private final RememberedRequests requests = new RememberedRequests();
  private final Map<JupyterMessage, List<String>> payloads = new IdentityHashMap<>();

  Outputs(Publisher publisher, BiConsumer<JupyterMessage, FromExecutor.InputWanted> onInputWanted) {
    this.publisher = publisher;
    this.onInputWanted = onInputWanted;
  }

  /** A run belongs to a request. */
  void belongTo(long runId, JupyterMessage request) {
    requests.add(runId, request);
  }

  /** Publishes what an executor said. */
  void fromExecutor(FromExecutor said) {
    JupyterMessage request =
        said instanceof FromExecutor.OfRequest ofRequest
            ? requests.of(ofRequest.requestId())
            : null;
    if (request == null) {
      LOG.debug("nobody waits for {}", said);
    } else if (said instanceof FromExecutor.Stream(long id, String stream, String text)) {
      publisher.stream(request, stream, text);
    } else if (said instanceof FromExecutor.Display display) {
      publisher.display(request, display.bundle(), display.displayId(), display.update());
    } else if (said instanceof FromExecutor.ClearOutput clear) {
      publisher.clear(request, clear.untilNext());
    } else if (said instanceof FromExecutor.InputWanted wanted) {
      onInputWanted.accept(request, wanted);
    } else if (said instanceof FromExecutor.Comm comm) {
      publisher.comm(request, comm.message());
    } else if (said instanceof FromExecutor.Payload payload) {
      keep(request, payload.json());
    }
  }

  private void keep(JupyterMessage request, String payload) {
    synchronized (payloads) {
      if (payloads.size() >= MAX_PAYLOADS) {
        // Left by threads that spoke after the replies to their cells.
        payloads.clear();
      }
      List<String> kept = payloads.computeIfAbsent(request, r -> new ArrayList<>());
      if (kept.size() < MAX_PAYLOADS) {
        kept.add(payload);
      }
    }
  }

  /** What is to go with the reply to a request, as JSON objects. Forgets it. */
  List<String> takePayloads(JupyterMessage request) {
    synchronized (payloads) {
      List<String> kept = payloads.remove(request);
      return kept == null ? List.of() : kept;
    }
  }

  /** A line of ours that is shown, or takes the place of what was shown under the same id. */
  void place(JupyterMessage request, String text, String displayId, boolean update) {
    publisher.display(request, MimeBundle.text(text), displayId, update);
  }

  /** A line of ours above or below a cell's own output. */
  public void note(JupyterMessage request, String text) {
    publisher.display(request, MimeBundle.text("[" + text + "]"), "", false);
  }
}
