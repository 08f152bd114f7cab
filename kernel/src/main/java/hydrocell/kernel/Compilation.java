package hydrocell.kernel;

import hydrocell.anna.fault.FaultPoint;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The compilation of one cell. It is begun on the names as this kernel knows them, while Anna is
 * asked whether somebody else has moved them on, and done again if so: most cells wait for the two
 * answers at once and not for one after the other. Only for the shell's thread.
 */
final class Compilation {
  private final Backend backend;
  private final Session session;
  private final CellRequest cell;
  private @Nullable ManifestReading begunOn;
  private @Nullable CompletableFuture<@Nullable CompileReply> begun;

  private Compilation(Backend backend, Session session, CellRequest cell) {
    this.backend = backend;
    this.session = session;
    this.cell = cell;
  }

  /** Begins, where that waits for nobody. */
  static Compilation begin(Backend backend, Session session, CellRequest cell) throws IOException {
    Compilation compilation = new Compilation(backend, session, cell);
    FaultPoint.KERNEL_BEFORE_COMPILE.reached();
    if (session.isOpen() && backend.reachesCompiler()) {
      compilation.begunOn = session.reading();
      // If this fails, the whole is asked once more, after the session has found its node again.
      compilation.begun = compilation.ask().handle((reply, failure) -> reply);
    }
    return compilation;
  }

  /** The answer for the names as they are now. */
  CompileReply await(Interruption interruption) throws IOException, Interruption.InterruptedCell {
    if (begun != null && session.reading().equals(begunOn)) {
      CompileReply reply = interruption.await(begun);
      if (reply != null) {
        return reply;
      }
    }
    return interruption.await(ask());
  }

  private CompletableFuture<CompileReply> ask() throws IOException {
    CompileRequest.Context context = CompileStep.context(session.manifest(), cell.source());
    return backend.compile(
        id -> new CompileRequest.Compile(id, cell.name(), cell.source(), context));
  }
}
