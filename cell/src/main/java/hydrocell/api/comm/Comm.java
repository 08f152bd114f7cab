package hydrocell.api.comm;

import hydrocell.api.Json;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One end of a channel to the page. It is part of the notebook's state: its handlers are called
 * also when the cell that made it was run by another process long ago. Each message is taken by a
 * call of its own, which reads and commits as a cell does, one after the other with the cells.
 */
public final class Comm {
  private final String id;
  private final String target;
  private @Nullable Handler onMessage;
  private @Nullable Handler onClose;
  private boolean open = true;

  Comm(String id, String target) {
    this.id = id;
    this.target = target;
  }

  /** What is done with a message. */
  @FunctionalInterface
  public interface Handler {
    /** Takes it; what is thrown is shown as an error of the message. */
    void take(CommEvent event) throws Exception;
  }

  /** What is done when the page opens a comm. */
  @FunctionalInterface
  public interface Target {
    /** Takes the new comm, whose handlers it sets. */
    void opened(Comm comm, CommEvent event) throws Exception;
  }

  /** Opens a comm to a target that the page has registered. */
  public static Comm open(String target, @Nullable Object data) {
    return open(UUID.randomUUID().toString(), target, data, Map.of(), List.of(), null);
  }

  /**
   * Opens a comm under an id.
   *
   * @param owner takes its messages; null when handlers are set
   */
  public static Comm open(
      String id,
      String target,
      @Nullable Object data,
      Map<String, ?> metadata,
      List<byte[]> buffers,
      @Nullable Handler owner) {
    Comm comm = new Comm(id, target);
    comm.onMessage = owner;
    Comms.keep(comm);
    Comms.say("comm_open", comm, data, metadata, buffers);
    return comm;
  }

  /** Registers what is done when the page opens a comm to this target; replaces what was. */
  public static void target(String name, Target opened) {
    Comms.keepTarget(name, opened);
  }

  /** Names the comm on both ends. */
  public String id() {
    return id;
  }

  /** Whom it was opened to. */
  public String target() {
    return target;
  }

  /** Whether neither end has closed it. */
  public boolean isOpen() {
    return open;
  }

  /** What takes its messages; null when nothing does. */
  public @Nullable Handler handler() {
    return onMessage;
  }

  /** Sets what is done with messages. */
  public Comm onMessage(Handler handler) {
    onMessage = handler;
    return this;
  }

  /** Sets what is done when the page closes it. */
  public Comm onClose(Handler handler) {
    onClose = handler;
    return this;
  }

  /**
   * Says something.
   *
   * @param data what {@link Json#write} writes
   * @param buffers bytes beside it
   * @throws IllegalStateException when it is closed
   */
  public void send(@Nullable Object data, byte[]... buffers) {
    if (!open) {
      throw new IllegalStateException("this comm is closed");
    }
    Comms.say("comm_msg", this, data, Map.of(), List.of(buffers));
  }

  /** Closes it; nothing when it is closed. */
  public void close() {
    if (open) {
      open = false;
      Comms.drop(this);
      Comms.say("comm_close", this, Map.of(), Map.of(), List.of());
    }
  }

  void take(CommEvent event) throws Exception {
    if (onMessage != null) {
      onMessage.take(event);
    }
  }

  void closed(CommEvent event) throws Exception {
    open = false;
    Comms.drop(this);
    if (onClose != null) {
      onClose.take(event);
    }
  }
}
