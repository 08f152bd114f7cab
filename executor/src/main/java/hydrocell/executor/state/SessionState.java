package hydrocell.executor.state;

import hydrocell.anna.AnnaClient;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one session in one executor. Before a cell: {@link #advance}, {@link #prepare};
 * while it runs: {@link #firstTouch}; after it: {@link #commit}. {@code firstTouch} may be called
 * from any thread, the others from one thread at a time.
 */
public final class SessionState {
  private final NamesSource source;
  private final SessionLoader loader;
  private final LiveNames names = new LiveNames();
  private final ClassVersions versions = new ClassVersions();
  private final ValueStore store;
  private final ValueLoads loads;
  private final ClassUses uses;
  private final CommitWriter writer;
  private final KeptObjects kept;
  private final ReadableEntries readable;
  private final SharedLattices shared;
  private volatile Traffic traffic = new Traffic();
  private final Initialisers initialisers = new Initialisers();
  private volatile Set<Name> declared = Set.of();
  private volatile boolean poisoned;
  private boolean holdsUnreadable;

  /**
   * The state of a session of which nothing is loaded.
   *
   * @param anna where values lie
   * @param keys of the session's epoch
   * @param executorId names this process in entries of values that cannot be stored
   * @param loader the session's classes; belongs to this state
   * @param source tells entries of names that were not foreseen
   * @param shared lattices that cells merge into
   */
  public SessionState(
      AnnaClient anna,
      SessionKeys keys,
      String executorId,
      SessionLoader loader,
      NamesSource source,
      SharedLattices shared) {
    this.loader = loader;
    this.source = source;
    this.shared = shared;
    store = new ValueStore(anna);
    uses = new ClassUses(loader);
    loads = new ValueLoads(names, store, loader, versions);
    writer =
        new CommitWriter(
            anna, keys, executorId, loader, names, store, loads, uses, versions, shared);
    readable = new ReadableEntries(executorId, names);
    kept = new KeptObjects(names, this::askFor, this::read);
  }

  /** A loader whose missing classes are fetched from Anna. */
  public static SessionLoader loader(AnnaClient anna) {
    ValueStore store = new ValueStore(anna);
    Traffic uncounted = new Traffic();
    return new SessionLoader(ref -> store.fetchClass(ref, uncounted));
  }

  /**
   * Takes news from the kernel. A value that another executor has replaced is dropped here and read
   * again by the next {@link #prepare}.
   *
   * @param entries what the next cell can reach, and whatever else changed
   * @param removed names that went away
   */
  public void advance(Collection<Entry> entries, Collection<Name> removed) {
    for (Name name : removed) {
      List<Class<?>> holders = names.remove(name);
      holders.forEach(holder -> Fields.clear(name, holder));
      if (!holders.isEmpty() && names.isOfValues(name) && !holdsUnstorable()) {
        // Stored code would find an empty field; in a fresh class it finds that there is none.
        holdsUnreadable = true;
      }
    }
    for (Entry entry : entries) {
      learn(entry);
    }
  }

  private void learn(Entry entry) {
    Entry known = names.entry(entry.name());
    names.learn(entry);
    if (known != null && known.equals(entry)) {
      return;
    }
    Symbol symbol = entry.symbol();
    loader.know(symbol.classes());
    loader.know(entry.valueClasses());
    store.stored(symbol.classes());
    store.stored(entry.valueClasses());
    uses.define(symbol);
    if (symbol.name().kind() == Kind.TYPE) {
      versions.present(symbol.name().text(), symbol.className());
    }
  }

  /**
   * Makes everything ready that a cell can reach: its classes, and in one batch the values that are
   * not here yet.
   *
   * @param cell counts what is fetched from now on
   * @throws UnreadableNameException when the cell must not run
   */
  public void prepare(CellFunction function, Traffic cell) {
    traffic = cell;
    shared.begin();
    loader.add(function.classes());
    for (Symbol symbol : function.defines()) {
      loader.know(symbol.classes());
      uses.define(symbol);
      names.present(symbol.name(), symbol.className());
      if (symbol.name().kind() == Kind.TYPE) {
        versions.present(symbol.name().text(), symbol.className());
      }
    }
    declared = DeclaredNames.of(function, names);
    initialisers.expect(function.initialises());
    Set<Name> reads = new LinkedHashSet<>(function.reads());
    reads.addAll(function.refs());
    for (Symbol symbol : function.defines()) {
      reads.addAll(symbol.refs());
      reads.addAll(symbol.reads());
      reads.addAll(symbol.writes());
    }
    Map<Name, Entry> closure = names.closure(reads);
    List<Entry> wanted = new ArrayList<>();
    for (Entry entry : closure.values()) {
      if (LiveNames.hasValue(entry.name()) && !declared.contains(entry.name())) {
        readable.require(entry);
        wanted.add(entry);
      }
    }
    dropEarlierVersions();
    loads.load(wanted, cell);
    refresh(cell);
  }

  /** Values that hold objects of an earlier version of a type are read again, and carried over. */
  private void dropEarlierVersions() {
    for (Group group : names.allGroups()) {
      if (group.stored() && versions.anyEarlier(group.classes())) {
        group.names().forEach(name -> names.forget(Name.parse(name)));
      }
    }
  }

  /**
   * Reads again what initialised classes hold and what has changed elsewhere since. The cell is not
   * known to reach these names, so it runs also when one cannot be read, with classes that are not
   * initialised yet: should it reach the name all the same, it gets the error then.
   *
   * @throws UnreadableNameException when fresh classes would cost what could not be stored
   */
  private void refresh(Traffic cell) {
    List<Entry> outdated = new ArrayList<>();
    for (Name name : names.withHolders()) {
      Entry entry = names.entry(name);
      if (entry != null
          && entry.valueKey() != null
          && entry.state() == Entry.State.READY
          && !declared.contains(name)
          && !names.holds(name)) {
        outdated.add(entry);
      }
    }
    for (Entry entry : outdated) {
      try {
        loads.load(List.of(entry), cell);
      } catch (UnreadableNameException e) {
        if (!holdsUnstorable()) {
          holdsUnreadable = true;
        } else if (loads.isStale(entry.name())) {
          // The cell redefines a type: it must not be refused for that.
          names.holdersOf(entry.name()).forEach(holder -> Fields.clear(entry.name(), holder));
        } else {
          throw e;
        }
      }
    }
  }

  /**
   * A generated class is being initialised: its fields get the value of the name. Called by {@code
   * CellRuntime}.
   *
   * @return whether the class is a type whose own initialiser has not run in this session: then
   *     {@link #initialise(Class)} comes next
   * @throws UnreadableNameException when there is a value and it cannot be read, or the variable
   *     was removed; the class is unusable from then on, see {@link #poisoned}
   */
  public boolean firstTouch(String spelling, Class<?> holder) {
    Name name = Name.parse(spelling);
    List<Class<?>> earlier = names.holdersOf(name);
    names.touch(name, holder);
    try {
      if (declared.contains(name)) {
        return initialisers.begin(name);
      }
      Entry entry = entryOf(name);
      if (entry == null) {
        readable.requireDefined(name);
        return name.kind() == Kind.STATICS;
      }
      if (!names.holds(name)) {
        read(entry);
      }
      boolean fits = true;
      if (names.waiting(name) != null) {
        fits = loads.put(name, holder, entry);
      } else if (names.holds(name) && !earlier.isEmpty()) {
        fits = copy(name, earlier.getLast(), holder);
      }
      readable.requireFitting(name, holder, fits);
      return false;
    } catch (RuntimeException | Error e) {
      names.lost(name, holder);
      poisoned = true;
      throw e;
    }
  }

  /**
   * Whether the static fields of a type that is being initialised have values in the session, so
   * that its own initialiser is not to run. Called by {@code CellRuntime}.
   */
  public boolean restores(String spelling, Class<?> type) {
    Name name = Name.parse(spelling);
    names.touch(name, type);
    try {
      return !declared.contains(name) && entryOf(name) != null;
    } catch (RuntimeException | Error e) {
      names.lost(name, type);
      poisoned = true;
      throw e;
    }
  }

  /** Runs the static initialisers of the types that a cell defines, and so code of the user. */
  public void initialise(CellFunction function) throws ReflectiveOperationException {
    for (Name type : function.initialises()) {
      Name statics = Name.statics(type.text());
      if (initialisers.begin(statics)) {
        Class<?> made = Class.forName(function.initialisedClass(type), true, loader);
        try {
          Initialisers.run(made);
        } catch (InvocationTargetException e) {
          // It has no state, and runs again in a fresh class when the type is next used.
          names.lost(statics, made);
          poisoned = true;
          throw e;
        }
      }
    }
  }

  /**
   * Runs the static initialiser of a type in the middle of its class's initialisation, as Java
   * does: when it fails, the class is lost, see {@link #poisoned}.
   */
  public void initialise(Class<?> type) {
    try {
      Initialisers.run(type);
    } catch (InvocationTargetException e) {
      poisoned = true;
      throw Jdk.asUnchecked(e.getCause() == null ? e : e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no initialiser that can be called", e);
    }
  }

  /** A constant of an enum, made without its constructor: its fields come with the static ones. */
  public static Enum<?> constant(Class<?> type, String name, int ordinal) {
    return Initialisers.constant(type, name, ordinal);
  }

  /** The class of a type failed to initialise: it cannot be used any more. */
  public void initialiserFailed() {
    poisoned = true;
  }

  private @Nullable Entry entryOf(Name name) {
    Entry known = names.entry(name);
    return known == null ? ask(name) : known;
  }

  private @Nullable Entry ask(Name name) {
    askFor(name);
    return names.entry(name);
  }

  private void askFor(Name name) {
    for (Entry entry : source.entriesOf(List.of(name))) {
      learn(entry);
    }
  }

  private void read(Entry entry) {
    readable.require(entry);
    loads.load(List.of(entry), traffic);
  }

  /** The objects that {@code hydrocell.api} keeps with the session. */
  public KeptObjects kept() {
    return kept;
  }

  /** Lattices that notebooks share. */
  public SharedLattices shared() {
    return shared;
  }

  /** A second class for the same name: what it can take of the first one's value. */
  private static boolean copy(Name name, Class<?> from, Class<?> to) {
    if (from == to) {
      return true;
    }
    try {
      Fields.write(name, to, Fields.read(name, from));
      return true;
    } catch (StaleValueException e) {
      Fields.clear(name, to);
      return false;
    }
  }

  /**
   * Commits what a cell changed.
   *
   * @throws CommitFailedException when nothing of it is in the state
   */
  public CommitResult commit(CommitRequest request) throws CommitFailedException {
    try {
      return writer.commit(request, declared, traffic);
    } finally {
      if (request.asynchronous() != null && request.asynchronous().failure() != null) {
        abandon(request.function());
      }
      declared = Set.of();
    }
  }

  /** Forgets what a cell changed that is not to be committed: it is read again when needed. */
  public void abandon(CellFunction function) {
    Set<Name> reached = new LinkedHashSet<>(function.reads());
    reached.addAll(function.writes());
    reached.addAll(function.refs());
    for (Name name : names.closure(reached).keySet()) {
      Group group = names.group(name);
      if (group != null
          && group.stored()
          && !(names.isInInterface(name) && writer.isAsStored(group))) {
        group.names().forEach(member -> names.forget(Name.parse(member)));
      }
    }
    declared = Set.of();
  }

  /**
   * Whether initialised classes hold what is not the session's value any more and cannot be
   * replaced: constants of an interface, which compiled code relies on, or a value that cannot be
   * read. This state and its loader are to be replaced before a cell runs.
   */
  public boolean needsFreshClasses() {
    return holdsUnreadable || names.constantsOutdated();
  }

  /** Takes from the state that this one replaces what the next commit is to say. */
  public void replace(SessionState earlier) {
    earlier
        .loads
        .takeStale()
        .forEach((name, why) -> {
          Entry entry = earlier.names.entry(name);
          if (entry != null) {
            learn(entry);
            loads.stale(name, why);
          }
        });
  }

  /** Whether a class's initialiser failed: the loader and this state are to be replaced. */
  public boolean poisoned() {
    return poisoned;
  }

  /** Whether a value lives here that could not be stored. */
  public boolean holdsUnstorable() {
    return names.allGroups().stream().anyMatch(group -> !group.stored());
  }

  /** How many names have their value here. */
  public int namesLoaded() {
    return names.held().size();
  }

  /** The session's classes. */
  public SessionLoader loader() {
    return loader;
  }
}
