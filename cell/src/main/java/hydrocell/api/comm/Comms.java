package hydrocell.api.comm;

import hydrocell.api.CellRuntime;
import hydrocell.api.Json;
import hydrocell.api.widgets.WidgetControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The notebook's open comms and registered targets, which are kept with its state. The executor
 * calls {@link #receive}; user code has no reason to. Thread-safe.
 */
public final class Comms {
  /** The key of an open comm begins like this. */
  public static final String COMM = "comm/";

  /** How many comms of a notebook are open at most; they are read by every page that opens it. */
  static final int MAX_OPEN = 1_000;

  private static final String TARGET = "target/";
  private static final String CONTROL = "jupyter.widget.control";
  private static final int MAX_BUFFERS_BYTES = 8 << 20;

  private Comms() {}

  /** A message from the page, on the user's thread. What a handler throws passes through. */
  public static void receive(
      String type, String id, String target, String data, String metadata, List<byte[]> buffers)
      throws Exception {
    CommEvent event = new CommEvent(Json.parse(data), Json.parse(metadata), buffers);
    if (type.equals("comm_open")) {
      opened(new Comm(id, target), event);
      return;
    }
    if (target.equals(CONTROL)) {
      WidgetControl.take(new Comm(id, target), event);
      return;
    }
    Object kept = CellRuntime.kept().get(COMM + id);
    if (kept instanceof Comm comm) {
      if (type.equals("comm_close")) {
        comm.closed(event);
      } else {
        comm.take(event);
      }
    }
  }

  private static void opened(Comm comm, CommEvent event) throws Exception {
    Object handler = CellRuntime.kept().get(TARGET + comm.target());
    if (handler instanceof Comm.Target target) {
      keep(comm);
      target.opened(comm, event);
    } else {
      comm.close();
    }
  }

  /** The open comms to a target. */
  public static List<Comm> open(String target) {
    List<Comm> open = new ArrayList<>();
    for (String key : CellRuntime.kept().keys(COMM)) {
      if (CellRuntime.kept().get(key) instanceof Comm comm && comm.target().equals(target)) {
        open.add(comm);
      }
    }
    return open;
  }

  /** Whether the notebook knows it as open. */
  public static boolean isKept(Comm comm) {
    return CellRuntime.kept().keys(COMM).contains(COMM + comm.id());
  }

  static void keep(Comm comm) {
    String key = COMM + comm.id();
    Set<String> open = CellRuntime.kept().keys(COMM);
    if (open.size() >= MAX_OPEN && !open.contains(key)) {
      throw new IllegalStateException(
          ("this notebook has %,d open comms, of which a widget takes one, and so does its layout:"
                  + " close() those that nobody looks at, or Widget.closeAll()")
              .formatted(open.size()));
    }
    CellRuntime.kept().put(key, comm.target(), comm);
  }

  static void keepTarget(String name, Comm.Target target) {
    CellRuntime.kept().put(TARGET + name, "", target);
  }

  static void drop(Comm comm) {
    CellRuntime.kept().remove(COMM + comm.id());
  }

  static void say(
      String type,
      Comm comm,
      @Nullable Object data,
      Map<String, ?> metadata,
      List<byte[]> buffers) {
    long bytes = buffers.stream().mapToLong(buffer -> buffer.length).sum();
    if (bytes > MAX_BUFFERS_BYTES) {
      throw new IllegalArgumentException(
          "%,d bytes are too many for one message of a comm, which takes %,d"
              .formatted(bytes, MAX_BUFFERS_BYTES));
    }
    CellRuntime.output()
        .comm(type, comm.id(), comm.target(), Json.write(data), Json.write(metadata), buffers);
  }
}
