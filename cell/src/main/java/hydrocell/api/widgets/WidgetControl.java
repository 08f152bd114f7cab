package hydrocell.api.widgets;

import hydrocell.api.comm.Comm;
import hydrocell.api.comm.CommEvent;
import hydrocell.api.comm.Comms;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells a page that has just come all widgets of the notebook, with their states. */
public final class WidgetControl {
  private static final int MAX_BYTES = 6 << 20;

  private WidgetControl() {}

  /** Answers a message of the comm by which a page asks. */
  public static void take(Comm comm, CommEvent event) {
    if (!"request_states".equals(event.fields().get("method"))) {
      return;
    }
    Map<String, Object> states = new LinkedHashMap<>();
    long bytes = 0;
    for (Comm open : Comms.open(Widget.TARGET)) {
      if (open.handler() instanceof Widget widget) {
        // A picture that is left out here is asked for when it is shown.
        long own = WireState.of(widget.described(true)).bytes();
        states.put(open.id(), widget.described(bytes + own <= MAX_BYTES));
        bytes += bytes + own <= MAX_BYTES ? own : 0;
      }
    }
    WireState wire = WireState.of(states);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("method", "update_states");
    answer.put("states", wire.state());
    answer.put("buffer_paths", wire.paths());
    comm.send(answer, wire.buffers().toArray(byte[][]::new));
  }
}
