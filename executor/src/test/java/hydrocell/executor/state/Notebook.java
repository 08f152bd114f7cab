package hydrocell.executor.state;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Endpoint;
import hydrocell.api.CellRuntime;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Meter;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A notebook on a real storage node: cells run in executors, each with loader and state of its own,
 * and the manifest is read from Anna as a kernel does.
 */
final class Notebook implements AutoCloseable {
  private static final byte[] SECRET = "secret of the test node".getBytes();
  private static final AtomicReference<@Nullable SessionState> CURRENT = new AtomicReference<>();
  private static boolean bound;

  final Cells cells = new Cells();
  final AnnaClient anna;
  final SessionKeys keys = new SessionKeys("test", 1);
  private final StorageNode node;
  private final Path socketFolder;
  private SessionState state;
  private int executors;
  private long counter;
  private int asked;
  private hydrocell.executor.compiler.@Nullable CellCompiler compiler;
  long fence = 1;
  CommitResult last = new CommitResult(null, List.of());
  Meter meter = Meter.ZERO;
  Traffic.Watcher watcher = Traffic.Watcher.NONE;
  @Nullable Throwable thrown;

  Notebook(Path folder) throws Exception {
    bind();
    socketFolder = Files.createTempDirectory("hs");
    Endpoint endpoint = Endpoint.unix(socketFolder.resolve("a"));
    node = StorageNode.start(StorageConfig.local(folder, endpoint, SECRET));
    anna = NodeClient.connect(node.endpoint(), "executor", SECRET);
    state = fresh();
  }

  private static synchronized void bind() {
    if (bound) {
      return;
    }
    bound = true;
    CellRuntime.bind(
        new CellRuntime.Binding() {
          @Override
          public void firstTouch(String name, Class<?> holder) {
            SessionState state = CURRENT.get();
            if (state != null && state.firstTouch(name, holder)) {
              state.initialise(holder);
            }
          }

          @Override
          public boolean restores(String name, Class<?> type) {
            SessionState state = CURRENT.get();
            return state != null && state.restores(name, type);
          }

          @Override
          public Enum<?> constant(Class<?> type, String name, int ordinal) {
            return SessionState.constant(type, name, ordinal);
          }

          @Override
          public void initialiserFailed(Throwable thrown) {
            SessionState state = CURRENT.get();
            if (state != null) {
              state.initialiserFailed();
            }
          }

          @Override
          public void exit(int status) {}

          @Override
          public @Nullable Console console() {
            return null;
          }

          @Override
          public CellRuntime.Output output() {
            throw new UnsupportedOperationException();
          }
        });
  }

  private SessionState fresh() {
    executors++;
    return new SessionState(
        anna,
        keys,
        "executor-" + executors,
        SessionState.loader(anna),
        this::entriesOf,
        new SharedLattices(anna, keys, "me", "executor-" + executors));
  }

  private List<Entry> entriesOf(Collection<Name> names) {
    asked++;
    Manifest manifest = manifest();
    List<Entry> found = new ArrayList<>();
    for (Name name : names) {
      Entry entry = manifest.get(name);
      if (entry != null) {
        found.add(entry);
      }
    }
    return found;
  }

  Manifest manifest() {
    try {
      return Manifest.of(anna.get(keys.manifest()).join().lattice());
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  Entry entry(String variable) {
    Entry entry = manifest().get(Name.variable(variable));
    if (entry == null) {
      throw new AssertionError("no entry for " + variable);
    }
    return entry;
  }

  SessionState state() {
    return state;
  }

  /** How often an executor asked for a name that it was not given. */
  int asked() {
    return asked;
  }

  /** The next cell runs in an executor that holds nothing. */
  Notebook onFreshExecutor() {
    state = fresh();
    return this;
  }

  /** Runs a cell; what it returns or, in {@link #thrown}, what it threw. */
  @Nullable Object run(CellFunction function) throws Exception {
    CURRENT.set(state);
    Manifest manifest = manifest();
    Traffic traffic = new Traffic(watcher);
    List<Name> start = new ArrayList<>(function.reads());
    start.addAll(function.writes());
    start.addAll(function.refs());
    prepare(function, manifest.closure(start).values(), traffic);
    Object result = null;
    thrown = null;
    if (function.entryClass() != null || !function.initialises().isEmpty()) {
      try {
        state.initialise(function);
        if (function.entryClass() != null) {
          Class<?> entry = Class.forName(function.entryClass(), true, state.loader());
          result = entry.getMethod(hydrocell.executor.compiler.GeneratedNames.RUN).invoke(null);
        }
      } catch (java.lang.reflect.InvocationTargetException e) {
        thrown = e.getCause();
      }
    }
    counter = Math.max(counter, manifest.frontier().largest()) + 1;
    last =
        state.commit(
            new CommitRequest(
                function,
                new Stamp(counter, "w", 0),
                manifest.frontier(),
                fence,
                (int) counter,
                thrown == null ? Commit.Ending.RETURNED : Commit.Ending.THREW));
    meter = traffic.meter();
    return result;
  }

  private void prepare(CellFunction function, Collection<Entry> entries, Traffic traffic) {
    state.advance(entries, List.of());
    state.prepare(function, traffic);
    SessionState earlier = state;
    if (earlier.needsFreshClasses()) {
      state = fresh();
      state.replace(earlier);
      CURRENT.set(state);
      state.advance(entries, List.of());
      state.prepare(function, traffic);
    }
  }

  /** Runs and fails the test when the cell threw. */
  @Nullable Object ok(Cells.Cell cell) throws Exception {
    Object result = run(cell.done());
    if (thrown != null) {
      throw new AssertionError("the cell threw " + thrown, thrown);
    }
    return result;
  }

  /** Compiles a cell's source as the kernel has it done, and runs it. */
  @Nullable Object source(String source) throws Exception {
    if (compiler == null) {
      Path api =
          Path.of(CellRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      ValueStore store = new ValueStore(anna);
      compiler =
          new hydrocell.executor.compiler.CellCompiler(
              api, ref -> store.fetchClass(ref, new Traffic()));
    }
    var symbols = manifest().entries().stream().map(Entry::symbol).toList();
    var reply =
        compiler.compile(
            new hydrocell.cell.message.CompileRequest.Compile(
                1,
                "cell [" + (counter + 1) + "]",
                source,
                new hydrocell.cell.message.CompileRequest.Context(symbols, List.of(), false)));
    if (!(reply instanceof hydrocell.cell.message.CompileReply.Compiled compiled)) {
      throw new AssertionError(source + "\n" + reply);
    }
    Object result = run(compiled.function());
    if (thrown != null) {
      throw new AssertionError("the cell threw " + thrown, thrown);
    }
    return result;
  }

  /** Shortcut: declares a variable and gives it a value. */
  Notebook let(String type, String name, String value, String... reads) throws Exception {
    ok(
        cells
            .cell()
            .variable(type, name)
            .reads(reads)
            .run("v(" + name + ") = " + value + "; return null;"));
    return this;
  }

  /** Shortcut: an expression over variables. */
  @Nullable Object get(String expression, String... reads) throws Exception {
    return ok(cells.cell().reads(reads).run("return " + expression + ";"));
  }

  void raiseFence(long to) {
    anna.merge(keys.manifest(), Commit.raiseFence("w", to), Durability.LOG).join();
  }

  @Override
  public void close() throws Exception {
    CURRENT.set(null);
    anna.close();
    node.close();
    Files.deleteIfExists(socketFolder.resolve("a"));
    Files.deleteIfExists(socketFolder);
  }
}
