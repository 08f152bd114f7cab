package hydrocell.kernel;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.Messages;
import hydrocell.cell.message.ToExecutor;
import java.io.IOException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the executor that this session leases. A thread of its own reads what the
 * executor says and passes it on in order. Thread-safe; one run at a time.
 */
final class ExecutorLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorLink.class);

  private final FrameConnection connection;
  private final HostReply.Leased lease;
  private final int generation;
  private final Listener listener;
  private final CompletableFuture<FromExecutor.Attached> attached = new CompletableFuture<>();
  private volatile @Nullable Run run;

  /** A cell that was sent. */
  static final class Run {
    private final long requestId;
    private final CompletableFuture<CellOutcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<FromExecutor.@Nullable Saved> saved = new CompletableFuture<>();
    private volatile boolean started;

    private Run(long requestId) {
      this.requestId = requestId;
    }

    /** The kernel's number for it. */
    long requestId() {
      return requestId;
    }

    /** How it ended; fails with {@link LostException}. */
    CompletableFuture<CellOutcome> outcome() {
      return outcome;
    }

    /** What it left to be saved after its end; null when the executor went away before. */
    CompletableFuture<FromExecutor.@Nullable Saved> saved() {
      return saved;
    }
  }

  /** The executor is gone. */
  static final class LostException extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean started;

    LostException(boolean started) {
      super("the executor is gone");
      this.started = started;
    }

    /** Whether the cell had begun; if not, nothing of it has happened. */
    boolean started() {
      return started;
    }
  }

  /** The executor was gone before it was bound to the session: nothing has happened there. */
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException(IOException cause) {
      super("the leased executor cannot be reached: " + cause.getMessage(), cause);
    }
  }

  /** Who hears what the executor says; on the thread that reads it, so nobody may wait there. */
  interface Listener {
    /** It printed, showed or asked something. */
    void said(FromExecutor output);

    /** A cell touched names that nobody foresaw: the entries of those that exist, once they do. */
    CompletableFuture<List<Entry>> entriesOf(long requestId, Collection<Name> names);
  }

  private ExecutorLink(
      FrameConnection connection, HostReply.Leased lease, int generation, Listener listener) {
    this.connection = connection;
    this.lease = lease;
    this.generation = generation;
    this.listener = listener;
  }

  /** Connects to a leased executor and binds it to the session. */
  static ExecutorLink connect(
      HostReply.Leased lease, int generation, Session session, NodeFile node, Listener listener)
      throws GoneException {
    FrameConnection connection;
    try {
      connection = FrameConnection.connect(new Endpoint(lease.endpoint()));
    } catch (IOException e) {
      throw new GoneException(e);
    }
    ExecutorLink link = new ExecutorLink(connection, lease, generation, listener);
    try {
      Handshake.open(connection, "kernel", HexFormat.of().parseHex(lease.token()));
      Thread.ofPlatform().daemon().name("executor-says").start(link::read);
      link.say(
          new ToExecutor.Attach(
              session.keys().sessionId(),
              session.keys().epoch(),
              session.owner(),
              node.anna().text(),
              lease.annaToken(),
              session.participation().of()));
      Backend.await(link.attached);
      return link;
    } catch (IOException e) {
      link.close();
      throw new GoneException(e);
    } catch (RuntimeException e) {
      link.close();
      throw e;
    }
  }

  private void read() {
    try {
      for (FromExecutor said = Messages.receive(connection, FromExecutor.class);
          said != null;
          said = Messages.receive(connection, FromExecutor.class)) {
        take(said);
      }
    } catch (IOException e) {
      LOG.debug("the executor's connection ended: {}", e.toString());
    }
    close();
    attached.completeExceptionally(new IOException("the executor closed the connection"));
    Run open = run;
    if (open != null) {
      open.outcome.completeExceptionally(new LostException(open.started));
      open.saved.complete(null);
    }
  }

  private void take(FromExecutor said) {
    Run open = run;
    if (said instanceof FromExecutor.Attached hello) {
      if (hello.runningRequestId() != 0) {
        Run left = new Run(hello.runningRequestId());
        left.started = true;
        run = left;
      }
      attached.complete(hello);
    } else if (said instanceof FromExecutor.NamesWanted wanted) {
      listener
          .entriesOf(wanted.requestId(), wanted.names())
          .thenAccept(entries -> tell(new ToExecutor.Names(wanted.queryId(), entries)));
    } else if (said instanceof FromExecutor.Started started
        && open != null
        && open.requestId == started.requestId()) {
      open.started = true;
    } else if (said instanceof FromExecutor.Finished finished
        && open != null
        && open.requestId == finished.requestId()) {
      open.outcome.complete(finished.outcome());
    } else if (said instanceof FromExecutor.Saved saved
        && open != null
        && open.requestId == saved.requestId()) {
      open.saved.complete(saved);
    } else {
      listener.said(said);
    }
  }

  private void say(ToExecutor message) throws IOException {
    Messages.send(connection, ToExecutor.class, message);
  }

  /** The cell that goes on here, or went on last. */
  @Nullable Run run() {
    return run;
  }

  /** Sends a cell. */
  Run execute(ToExecutor.Execute execute) {
    Run fresh = new Run(execute.requestId());
    run = fresh;
    try {
      say(execute);
    } catch (IOException e) {
      fresh.outcome.completeExceptionally(new LostException(fresh.started));
    }
    if (!connection.isOpen()) {
      fresh.outcome.completeExceptionally(new LostException(fresh.started));
    }
    return fresh;
  }

  /** Says something; that the executor is gone shows elsewhere. */
  private void tell(ToExecutor message) {
    try {
      say(message);
    } catch (IOException e) {
      LOG.info("an executor could not be told something: {}", e.getMessage());
    }
  }

  /** Asks the executor to stop a cell. */
  void interrupt(long requestId) {
    tell(new ToExecutor.Interrupt(requestId));
  }

  /** Hands a line to a cell that asked for it; null is the end of the file. */
  void input(long requestId, @Nullable String line) {
    tell(new ToExecutor.InputReply(requestId, line));
  }

  /** The life of the node that this executor belongs to. */
  int generation() {
    return generation;
  }

  HostReply.Leased lease() {
    return lease;
  }

  boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.info("could not close the executor's connection: {}", e.getMessage());
    }
  }
}
