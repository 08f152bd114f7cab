package hydrocell.executor.run;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.NodeClient;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.api.comm.Comms;
import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Entry;
import hydrocell.cell.KeptOutput;
import hydrocell.cell.Manifest;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import hydrocell.cell.TheirSession;
import hydrocell.cell.local.CauseText;
import hydrocell.cell.message.CommMessage;
import hydrocell.cell.message.ToExecutor.Attach;
import hydrocell.cell.message.ToExecutor.Execute;
import hydrocell.cell.wire.RecordCodec;
import hydrocell.executor.compiler.GeneratedNames;
import hydrocell.executor.render.Rendering;
import hydrocell.executor.state.NamesSource;
import hydrocell.executor.state.SessionState;
import hydrocell.executor.state.SharedLattices;
import hydrocell.executor.state.Traffic;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session that this process works for: its connection to Anna and its state. Used by the work
 * thread, but for {@link #state} and {@link #keep}.
 */
final class CellSession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CellSession.class);

  private final String sessionId;
  private final String executorId;
  private final NodeClient anna;
  private final String owner;
  private final Traces traces;
  private final NamesSource kernel;
  private long epoch;
  private volatile SessionState state;

  /**
   * Connects to Anna.
   *
   * @param kernel answers what the kernel knows of names; null when no kernel is there
   */
  CellSession(Attach attach, String executorId, Traces traces, Kernel kernel) throws IOException {
    this.sessionId = attach.sessionId();
    this.owner = attach.owner();
    this.executorId = executorId;
    this.traces = traces;
    this.epoch = attach.epoch();
    this.kernel = names -> entriesOf(names, kernel);
    anna =
        NodeClient.connect(
            new Endpoint(attach.annaEndpoint()),
            "cell executor",
            HexFormat.of().parseHex(attach.annaToken()));
    if (!attach.of().isEmpty()) {
      anna.alias(TheirSession.parse(attach.of()).aliases());
    }
    state = freshState();
  }

  /** What the kernel knows of names. */
  interface Kernel {
    /** The entries of those that exist; null when no kernel answers. Blocks. */
    @Nullable List<Entry> entriesOf(Collection<Name> names);
  }

  String sessionId() {
    return sessionId;
  }

  SessionState state() {
    return state;
  }

  private SessionState freshState() {
    return new SessionState(
        anna,
        keys(),
        executorId,
        SessionState.loader(anna),
        names -> kernel.entriesOf(names),
        new SharedLattices(anna, keys(), owner, executorId));
  }

  private SessionKeys keys() {
    return new SessionKeys(sessionId, epoch);
  }

  /** Goes on with a fresh token; from any thread. */
  void renew(byte[] annaToken) {
    try {
      anna.renew(annaToken);
    } catch (IOException e) {
      LOG.warn("the node did not take a fresh token now: {}", e.getMessage());
    }
  }

  /** Another epoch begins with nothing of the earlier one. */
  void enter(long newEpoch) {
    if (newEpoch != epoch) {
      epoch = newEpoch;
      state = freshState();
    }
  }

  /**
   * Starts over with fresh classes and stored values, because those here cannot be used any more.
   */
  void discardClasses() {
    LOG.info("the session's classes and values are loaded anew");
    state = freshState();
  }

  /** A kernel that went away cannot be asked; then the manifest itself says it. */
  private List<Entry> entriesOf(Collection<Name> names, Kernel asked) {
    List<Entry> told = asked.entriesOf(names);
    if (told != null) {
      return told;
    }
    try {
      Manifest manifest = Manifest.of(anna.get(keys().manifest()).join().lattice());
      return manifest.find(names);
    } catch (MalformedFrameException e) {
      throw new AnnaException(
          AnnaException.Reason.CORRUPT, "the manifest cannot be read: " + e.getMessage(), e);
    }
  }

  /** Takes the kernel's news and makes ready what the cell can reach. */
  void prepare(Execute request, Traffic traffic) {
    learnTraces(request);
    FaultPoint.EXECUTOR_BEFORE_FETCH.reached();
    try {
      prepareState(request, traffic);
    } catch (OutOfMemoryError e) {
      if (state.holdsUnstorable()) {
        throw e;
      }
      // What earlier cells read may fill the heap, and is stored: this cell may need none of it.
      discardClasses();
      prepareState(request, traffic);
    }
    SessionState earlier = state;
    if (earlier.needsFreshClasses()) {
      discardClasses();
      state.replace(earlier);
      prepareState(request, traffic);
    }
  }

  private void prepareState(Execute request, Traffic traffic) {
    state.loader().libraries(request.classPath());
    state.advance(request.entries(), request.removed());
    state.prepare(request.function(), traffic);
  }

  private void learnTraces(Execute request) {
    for (Entry entry : request.entries()) {
      for (ClassRef ref : entry.symbol().classes()) {
        traces.learn(ref.binaryName(), "cell [%d]".formatted(entry.cellNumber()));
      }
    }
    for (ClassFile file : request.function().classes()) {
      traces.learnIfNew(file.ref().binaryName(), request.cellName());
    }
    for (Symbol symbol : request.function().defines()) {
      symbol.classes().forEach(ref -> traces.learn(ref.binaryName(), request.cellName()));
      // The lines of what was only compiled again as a dependent are not this cell's.
      if (symbol.sources().stream().allMatch(request.source()::contains)) {
        symbol.classes().forEach(ref -> traces.learnSource(ref.binaryName(), request.source()));
      }
    }
    String entry = request.function().entryClass();
    if (entry != null) {
      traces.learn(entry, request.cellName());
      traces.learnSource(entry, request.source());
    }
  }

  /** The user's code of a cell: static initialisers, statements, the form of the result. */
  @Nullable MimeBundle runUserCode(Execute request) throws Exception {
    CommMessage comm = request.comm();
    if (comm != null) {
      Comms.receive(
          comm.kind().type(),
          comm.commId(),
          comm.target(),
          comm.data(),
          comm.metadata(),
          comm.buffers());
      return null;
    }
    return runCell(request.function(), request.options().outputLimitBytes());
  }

  private @Nullable MimeBundle runCell(CellFunction function, long outputLimitBytes)
      throws Exception {
    ClassLoader classes = state.loader();
    state.initialise(function);
    String entry = function.entryClass();
    if (entry == null) {
      return null;
    }
    Object result =
        invoke(Class.forName(entry, true, classes).getDeclaredMethod(GeneratedNames.RUN));
    return function.showsResult()
        ? Rendering.bounded(Rendering.of(result), outputLimitBytes)
        : null;
  }

  private static @Nullable Object invoke(Method method) throws ReflectiveOperationException {
    method.setAccessible(true);
    return method.invoke(null);
  }

  /** Keeps what a cell showed and how it ended for the next kernel, or for a page opened later. */
  void keep(Execute request, String output, Route.End end) {
    KeptOutput kept =
        new KeptOutput(request.cellName(), request.cellNumber(), output, end.outcome(), end.told());
    anna.merge(
            keys().output(request.stamp()),
            new LwwRegister(request.stamp(), RecordCodec.encode(kept)),
            Durability.LOG)
        .whenComplete((merged, failure) -> {
          if (failure != null) {
            LOG.warn(
                "the output of {} is lost: nobody listened: {}",
                request.cellName(),
                CauseText.of(failure));
          }
        });
  }

  @Override
  public void close() {
    anna.close();
  }
}
