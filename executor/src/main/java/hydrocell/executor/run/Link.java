package hydrocell.executor.run;

import hydrocell.anna.wire.FrameConnection;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.Messages;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of one kernel. The output thread alone sends; any thread may close it. */
final class Link {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  private static final int REQUESTS_REMEMBERED = 1024;

  private final FrameConnection connection;
  private final Set<Long> taken = new LinkedHashSet<>();
  private volatile boolean open = true;

  Link(FrameConnection connection) {
    this.connection = connection;
  }

  /**
   * Whether this kernel asks for this run for the first time; a message that comes twice runs once.
   * For the thread that receives.
   */
  boolean isFirst(long requestId) {
    boolean first = taken.add(requestId);
    if (taken.size() > REQUESTS_REMEMBERED) {
      taken.remove(taken.iterator().next());
    }
    return first;
  }

  boolean isOpen() {
    return open;
  }

  /** Sends; false when the kernel is gone. */
  boolean send(FromExecutor message) {
    if (!open) {
      return false;
    }
    try {
      Messages.send(connection, FromExecutor.class, message);
      return true;
    } catch (IOException e) {
      LOG.info("a kernel went away: {}", e.getMessage());
      close();
      return false;
    }
  }

  void close() {
    open = false;
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
  }
}
