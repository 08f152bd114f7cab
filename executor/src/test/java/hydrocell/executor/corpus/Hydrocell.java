package hydrocell.executor.corpus;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Endpoint;
import hydrocell.api.CellRuntime;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.executor.compiler.CellCompiler;
import hydrocell.executor.compiler.GeneratedNames;
import hydrocell.executor.state.CommitRequest;
import hydrocell.executor.state.SessionLoader;
import hydrocell.executor.state.SessionState;
import hydrocell.executor.state.SharedLattices;
import hydrocell.executor.state.Traffic;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs sequences as notebooks do: compiled by the real compiler, with their state in a real storage
 * node. One thread at a time.
 */
final class Hydrocell implements AutoCloseable {
  private static final byte[] SECRET = "secret of the corpus".getBytes();

  private final Path socketFolder = Files.createTempDirectory("hs");
  private final StorageNode node;
  private final AnnaClient anna;
  private final CellCompiler compiler;
  private final Map<String, byte[]> classes = new HashMap<>();
  private int sequences;
  private volatile @Nullable Session current;

  Hydrocell(Path folder) throws Exception {
    Endpoint endpoint = Endpoint.unix(socketFolder.resolve("a"));
    node = StorageNode.start(StorageConfig.local(folder, endpoint, SECRET));
    anna = NodeClient.connect(node.endpoint(), "corpus", SECRET);
    Path api =
        Path.of(CellRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    compiler = new CellCompiler(api, ref -> classes.get(ref.sha256()));
    CellRuntime.bind(new Runtime());
  }

  /** What cells call. */
  private final class Runtime implements CellRuntime.Binding {
    @Override
    public void firstTouch(String name, Class<?> holder) {
      Session session = current;
      if (session != null && session.state.firstTouch(name, holder)) {
        session.state.initialise(holder);
      }
    }

    @Override
    public boolean restores(String name, Class<?> type) {
      Session session = current;
      return session != null && session.state.restores(name, type);
    }

    @Override
    public Enum<?> constant(Class<?> type, String name, int ordinal) {
      return SessionState.constant(type, name, ordinal);
    }

    @Override
    public void initialiserFailed(Throwable thrown) {
      Session session = current;
      if (session != null) {
        session.state.initialiserFailed();
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
      throw new IllegalStateException("the corpus shows nothing");
    }
  }

  /**
   * What the cells of a sequence gave.
   *
   * @param outcomes one a cell
   * @param errors what the compiler said
   */
  record Ran(List<String> outcomes, List<String> errors) {}

  /** Runs the cells of a sequence. */
  Ran run(List<String> cells, boolean preview) throws Exception {
    Session session = new Session(new SessionKeys("corpus-" + ++sequences, 1), preview);
    current = session;
    List<String> outcomes = new ArrayList<>();
    for (String cell : cells) {
      CapturedOutput.begin();
      String outcome = session.run(cell);
      outcomes.add(Outcome.printed(CapturedOutput.end(), outcome));
    }
    return new Ran(outcomes, session.errors);
  }

  private final class Session {
    private final SessionKeys keys;
    private final boolean preview;
    private final SessionState state;
    private final List<String> errors = new ArrayList<>();
    private long counter;

    Session(SessionKeys keys, boolean preview) {
      this.keys = keys;
      this.preview = preview;
      SessionLoader loader = SessionState.loader(anna);
      String id = "executor-" + keys;
      SharedLattices shared = new SharedLattices(anna, keys, "me", id);
      state = new SessionState(anna, keys, id, loader, this::entriesOf, shared);
    }

    private Manifest manifest() throws Exception {
      return Manifest.of(anna.get(keys.manifest()).join().lattice());
    }

    private List<Entry> entriesOf(Collection<Name> names) {
      try {
        return manifest().entries().stream().filter(e -> names.contains(e.name())).toList();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    String run(String source) throws Exception {
      List<Symbol> symbols = manifest().entries().stream().map(Entry::symbol).toList();
      CompileReply reply =
          compiler.compile(
              new CompileRequest.Compile(
                  1, "cell [1]", source, new CompileRequest.Context(symbols, List.of(), preview)));
      if (reply instanceof CompileReply.Compiled compiled) {
        compiled.function().classes().forEach(c -> classes.put(c.ref().sha256(), c.bytes()));
        return run(compiled.function());
      }
      if (reply instanceof CompileReply.Rejected rejected) {
        rejected.diagnostics().forEach(each -> errors.add(each.message()));
        return Outcome.COMPILE_ERROR;
      }
      return reply.toString();
    }

    private String run(CellFunction function) throws Exception {
      Manifest manifest = manifest();
      List<Name> start = new ArrayList<>(function.reads());
      start.addAll(function.writes());
      start.addAll(function.refs());
      state.advance(manifest.closure(start).values(), List.of());
      state.prepare(function, new Traffic());
      String outcome = Outcome.DONE;
      try {
        Object result = execute(function);
        if (function.showsResult() && function.entryClass() != null) {
          outcome = "gives " + Outcome.value(result);
        }
      } catch (InvocationTargetException e) {
        outcome = Outcome.thrown(e.getCause().getClass().getName());
      }
      counter = Math.max(counter, manifest.frontier().largest()) + 1;
      state.commit(
          new CommitRequest(
              function,
              new Stamp(counter, "w", 0),
              manifest.frontier(),
              1,
              (int) counter,
              outcome.startsWith("throws") ? Commit.Ending.THREW : Commit.Ending.RETURNED));
      return outcome;
    }

    private @Nullable Object execute(CellFunction function) throws Exception {
      ClassLoader loader = state.loader();
      state.initialise(function);
      String entry = function.entryClass();
      return entry == null
          ? null
          : invoke(Class.forName(entry, true, loader).getDeclaredMethod(GeneratedNames.RUN));
    }

    private static @Nullable Object invoke(Method method) throws Exception {
      method.setAccessible(true);
      return method.invoke(null);
    }
  }

  @Override
  public void close() throws Exception {
    current = null;
    anna.close();
    node.close();
    Files.deleteIfExists(socketFolder.resolve("a"));
    Files.deleteIfExists(socketFolder);
  }
}
