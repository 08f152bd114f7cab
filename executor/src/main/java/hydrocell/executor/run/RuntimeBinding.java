package hydrocell.executor.run;

import hydrocell.api.CellRuntime;
import hydrocell.api.Renderer;
import hydrocell.api.Renderers;
import hydrocell.api.shared.Lattices;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.CommMessage;
import hydrocell.cell.message.FromExecutor;
import hydrocell.executor.render.Rendering;
import hydrocell.executor.state.SessionState;
import java.io.Console;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What generated code and {@code hydrocell.api} call in this process. Thread-safe. */
final class RuntimeBinding implements CellRuntime.Binding, CellRuntime.Output {
  private final CellThreads threads;
  private final Gates gates;
  private final Supplier<SessionState> state;

  /**
   * A binding.
   *
   * @param state gives a holder's fields their values
   */
  RuntimeBinding(CellThreads threads, Gates gates, Supplier<SessionState> state) {
    this.threads = threads;
    this.gates = gates;
    this.state = state;
  }

  @Override
  public void firstTouch(String name, Class<?> holder) {
    SessionState here = state.get();
    if (unstopped(() -> here.firstTouch(name, holder))) {
      here.initialise(holder);
    }
  }

  @Override
  public boolean restores(String name, Class<?> type) {
    SessionState here = state.get();
    return unstopped(() -> here.restores(name, type));
  }

  /** A stop waits until we are done, and longer: it would end the initialisation of a class. */
  private boolean unstopped(BooleanSupplier work) {
    Gate gate = gates.mine();
    gate.shut();
    try {
      return work.getAsBoolean();
    } finally {
      gate.openQuietly();
    }
  }

  @Override
  public Enum<?> constant(Class<?> type, String name, int ordinal) {
    return SessionState.constant(type, name, ordinal);
  }

  @Override
  public void initialiserFailed(Throwable thrown) {
    state.get().initialiserFailed();
  }

  @Override
  public void exit(int status) {
    running().exit(status);
  }

  @Override
  public @Nullable Console console() {
    CellRun run = threads.current();
    return run != null && run.request().options().allowStdin() ? CellConsole.of(threads) : null;
  }

  @Override
  public CellRuntime.Output output() {
    return this;
  }

  private CellRun running() {
    return Objects.requireNonNull(threads.current(), "no cell runs on this thread");
  }

  @Override
  public String display(@Nullable Object value, String... mimeTypes) {
    String id = UUID.randomUUID().toString();
    show(value, id, false, mimeTypes);
    return id;
  }

  @Override
  public void update(String displayId, @Nullable Object value, String... mimeTypes) {
    show(value, displayId, true, mimeTypes);
  }

  private void show(@Nullable Object value, String id, boolean update, String... mimeTypes) {
    CellRun run = running();
    MimeBundle bundle = bundle(value, mimeTypes);
    run.show(
        new FromExecutor.Display(run.requestId(), bundle, id, update), Rendering.bytes(bundle));
  }

  private static MimeBundle bundle(@Nullable Object value, String... mimeTypes) {
    try {
      return Rendering.of(value, mimeTypes);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalArgumentException("cannot show this: " + e.getMessage(), e);
    }
  }

  @Override
  public Map<String, String> render(@Nullable Object value, String... mimeTypes) {
    return bundle(value, mimeTypes).data();
  }

  @Override
  public void clear(boolean wait) {
    CellRun run = running();
    run.show(new FromExecutor.ClearOutput(run.requestId(), wait), 0);
  }

  @Override
  public void comm(
      String type, String id, String target, String data, String metadata, List<byte[]> buffers) {
    CellRun run = running();
    for (CommMessage.Kind kind : CommMessage.Kind.values()) {
      if (kind.type().equals(type)) {
        run.say(new CommMessage(kind, id, target, data, metadata, buffers));
      }
    }
  }

  @Override
  public String parentId() {
    return running().request().parentId();
  }

  @Override
  public CellRuntime.Kept kept() {
    return new GuardedKept(running(), state.get().kept());
  }

  @Override
  public Lattices shared() {
    return new GuardedLattices(running(), state.get().shared());
  }

  @Override
  public @Nullable Renderer<?> rendererOf(Object value) {
    CellRun run = threads.current();
    if (run == null || value.getClass().getName().startsWith("hydrocell.api.")) {
      return null;
    }
    List<Class<?>> types = Renderers.typesOf(value);
    SessionState here = state.get();
    Renderer<?> own = Renderers.nearest(new GuardedKept(run, here.kept()), types);
    return own == null ? here.loader().renderers().nearest(types) : own;
  }

  @Override
  public void payload(String json) {
    CellRun run = running();
    run.show(new FromExecutor.Payload(run.requestId(), json), json.length());
  }

  @Override
  public void atEnd(Runnable action) {
    running().atEnd(action);
  }
}
