package hydrocell.kernel;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The connection to a compile service, made when it is first needed. Thread-safe. */
final class CompilerLink {
  private static final long REACH_LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long REACH_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Backend backend;
  private final LongFunction<HostRequest> where;
  private volatile @Nullable Link<CompileRequest, CompileReply> link;

  /**
   * None yet.
   *
   * @param where asks the host where the service listens
   */
  CompilerLink(Backend backend, LongFunction<HostRequest> where) {
    this.backend = backend;
    this.where = where;
  }

  /** Whether there is a connection. */
  boolean isOpen() {
    Link<CompileRequest, CompileReply> open = link;
    return open != null && open.isOpen();
  }

  /** Asks; if the service dies over the request, another one is asked once. */
  CompletableFuture<CompileReply> ask(LongFunction<CompileRequest> request) {
    return attempt(request).exceptionallyComposeAsync(failure -> attempt(request));
  }

  private CompletableFuture<CompileReply> attempt(LongFunction<CompileRequest> request) {
    try {
      return open().ask(request);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized Link<CompileRequest, CompileReply> open() throws IOException {
    Link<CompileRequest, CompileReply> open = link;
    if (open != null && open.isOpen()) {
      return open;
    }
    FrameConnection connection = connect();
    open =
        Link.over(
            connection,
            "compile-replies",
            CompileRequest.class,
            CompileReply.class,
            CompileReply::id,
            reply -> {});
    link = open;
    return open;
  }

  /** The host learns of a death a little later than we do, and may name a service that is gone. */
  private FrameConnection connect() throws IOException {
    long startNs = System.nanoTime();
    while (true) {
      HostReply.CompileServiceAt at = backend.host(HostReply.CompileServiceAt.class, where);
      try {
        return connect(at);
      } catch (Handshake.RefusedException e) {
        throw e;
      } catch (IOException e) {
        if (System.nanoTime() - startNs > REACH_LIMIT_NS) {
          throw new IOException(
              "the compile service does not answer (%s): run the cell again".formatted(e), e);
        }
        LockSupport.parkNanos(REACH_AGAIN_NS);
      }
    }
  }

  private static FrameConnection connect(HostReply.CompileServiceAt at) throws IOException {
    FrameConnection connection = FrameConnection.connect(new Endpoint(at.endpoint()));
    try {
      Handshake.open(connection, "kernel", HexFormat.of().parseHex(at.token()));
      return connection;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Closes the connection, if there is one. Waits for nobody: whoever connects waits for the host.
   */
  void close() {
    Link<CompileRequest, CompileReply> open = link;
    link = null;
    if (open != null) {
      open.close();
    }
  }
}
