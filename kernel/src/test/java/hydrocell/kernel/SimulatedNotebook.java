package hydrocell.kernel;

import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Commit;
import hydrocell.cell.Effects;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.Submission;
import hydrocell.cell.message.ToExecutor;
import hydrocell.kernel.RandomProgram.Cell;
import hydrocell.kernel.RandomProgram.Held;
import hydrocell.kernel.RandomProgram.Kind;
import hydrocell.kernel.RandomProgram.Result;
import hydrocell.kernel.RandomProgram.Verdict;
import hydrocell.kernel.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs a program as kernel, executors and store would, in one thread: cells are submitted, begin,
 * end, are cancelled and lose their executors in an order that a seed chooses, their commits are
 * merged late and twice. Scheduler, jobs, manifests, commits and lattices are the real ones.
 */
final class SimulatedNotebook {
  private static final int MAX_PLACES = 4;
  private static final int MAX_STEPS = 10_000;
  private static final int MAX_ATTEMPTS = 3;
  private static final SessionKeys KEYS = new SessionKeys("s", 1);
  private static final String WRITER = "k";

  /** How cells are ordered: as the scheduler does, or broken on purpose. */
  interface Order {
    /** What is told of a cell's reads that wait. */
    default Set<Name> reads(Set<Name> pending) {
      return pending;
    }

    /** What is told of its writes. */
    default Set<Name> writes(Set<Name> names, Schedule<Job> schedule) {
      return names;
    }

    /** Whether its effects keep their turn. */
    default boolean keepsTurn(boolean outside) {
      return outside;
    }

    /** Whether it runs on the values of its submission. */
    default boolean readsAtSubmission() {
      return true;
    }
  }

  /** As it is. */
  static final Order RIGHT = new Order() {};

  /** A cell under way. */
  private static final class Open {
    final Cell cell;
    boolean running;
    List<Entry> entries = List.of();

    Open(Cell cell) {
      this.cell = cell;
    }
  }

  private final RandomProgram program;
  private final Random chance;
  private final Order order;
  private final MapLattice store = MapLattice.of(Map.of());
  private final Schedule<Job> schedule = new Schedule<>();
  private final Map<Job, Open> open = new LinkedHashMap<>();
  private final Map<Integer, Verdict> verdicts = new TreeMap<>();
  private final Map<Integer, List<String>> inputs = new LinkedHashMap<>();
  private final List<String> effects = new ArrayList<>();
  private final List<Commit> late = new ArrayList<>();
  private final Map<String, Symbol> symbols = new HashMap<>();
  private Manifest manifest = new Manifest();
  private int next;

  SimulatedNotebook(RandomProgram program, Random chance, Order order) {
    this.program = program;
    this.chance = chance;
    this.order = order;
    List<Entry> entries = new ArrayList<>();
    Stamp stamp = new Stamp(1, WRITER, 0);
    RandomProgram.start().forEach((name, value) -> entries.add(holding(name, value, stamp, 0)));
    commit(
        new Commit(
            stamp, VersionVector.EMPTY, 0, Commit.Ending.RETURNED, entries, List.of(), List.of()));
  }

  private Entry holding(String name, String value, Stamp stamp, int number) {
    Symbol symbol = symbols.computeIfAbsent(name, n -> Symbol.plain(Name.variable(n), "int"));
    return new Entry(
        symbol,
        stamp,
        number,
        Entry.State.READY,
        "",
        value,
        value,
        1,
        "int",
        Set.of(),
        List.of(),
        "",
        "");
  }

  /** What the world did to cells. */
  Map<Integer, Verdict> verdicts() {
    return verdicts;
  }

  /** Runs everything to its end. */
  Result run() throws Exception {
    for (int step = 0; next < program.cells().size() || !open.isEmpty(); step++) {
      if (step > MAX_STEPS) {
        throw new AssertionError("cells wait for ever: " + schedule.open().size());
      }
      if (next < program.cells().size() && chance.nextInt(3) == 0) {
        submitNext();
      } else if (!open.isEmpty()) {
        act(pick(List.copyOf(open.keySet())));
      }
    }
    late.forEach(this::mergeLate);
    Map<String, Held> names = held(manifest);
    Map<String, Held> stored = held(Manifest.of(store));
    if (!names.equals(stored)) {
      throw new AssertionError("the kernel knows " + names + ", the store " + stored);
    }
    return new Result(names, inputs, effects);
  }

  private Map<String, Held> held(Manifest manifest) {
    Map<String, Held> names = new TreeMap<>();
    if (!manifest.siblings().isEmpty()) {
      throw new AssertionError("siblings: " + manifest.siblings());
    }
    for (Entry entry : manifest.entries()) {
      if (entry.state() == Entry.State.PENDING) {
        throw new AssertionError(entry.name() + " is pending for ever");
      }
      boolean failed = entry.state() == Entry.State.FAILED;
      boolean kept = !failed || readBy(entry.cellNumber()).contains(entry.name().text());
      names.put(
          entry.name().text(),
          new Held(kept ? String.valueOf(entry.valueKey()) : "", failed ? entry.cellNumber() : 0));
    }
    return names;
  }

  private List<String> readBy(int cellNumber) {
    return program.cells().get(cellNumber - 1).reads();
  }

  private <T> T pick(List<T> from) {
    return from.get(chance.nextInt(from.size()));
  }

  private static Set<Name> names(List<String> spelled) {
    Set<Name> names = new LinkedHashSet<>();
    spelled.forEach(each -> names.add(Name.variable(each)));
    return names;
  }

  private Stamp nextStamp() {
    return new Stamp(manifest.frontier().largest() + 1, WRITER, 0);
  }

  private void submitNext() {
    Cell cell = program.cells().get(next);
    if (cell.kind() == Kind.FOREGROUND) {
      if (mayRunInForeground(cell)) {
        next++;
        runInForeground(cell);
      }
      return;
    }
    next++;
    Stamp stamp = nextStamp();
    List<Entry> read = manifest.find(names(cell.reads()));
    List<Entry> pending =
        manifest.find(names(cell.writes())).stream()
            .map(entry -> entry.pendingFor("h").at(stamp, cell.number()))
            .toList();
    Job job = job(cell, stamp, read, pending);
    Set<Name> waits = new LinkedHashSet<>();
    job.inputs(Entry.State.PENDING).forEach(entry -> waits.add(entry.name()));
    commit(
        new Commit(
            stamp,
            manifest.frontier(),
            cell.number(),
            Commit.Ending.SUBMITTED,
            pending,
            List.of(),
            List.of()));
    schedule.submit(
        job,
        order.reads(waits),
        order.writes(names(cell.writes()), schedule),
        order.keepsTurn(cell.kind() == Kind.OUTSIDE));
    open.put(job, new Open(cell));
    begin();
  }

  private Job job(Cell cell, Stamp stamp, List<Entry> read, List<Entry> pending) {
    ToExecutor.Execute execute =
        new ToExecutor.Execute(
            cell.number(),
            "cell [" + cell.number() + "]",
            "",
            CellFunction.call(Set.of()),
            read,
            List.of(),
            stamp,
            manifest.frontier().with(stamp),
            1,
            cell.number(),
            new ToExecutor.Options(false, true, true, 0),
            List.of(),
            "",
            null,
            new ToExecutor.Asynchronous(pending, SessionKeys.jobId(stamp)));
    return new Job(
        KEYS,
        new CellRequest(null, "", cell.number(), true, false, true),
        new Submission(execute, cell.kind() == Kind.PURE, "{}", 0),
        names(cell.reads()),
        Effects.NONE,
        new JobLine(null, null, false),
        false);
  }

  private boolean mayRunInForeground(Cell cell) {
    boolean ready =
        manifest.find(names(cell.reads())).stream()
            .noneMatch(entry -> entry.state() == Entry.State.PENDING);
    return ready && schedule.outside().isEmpty();
  }

  /** Other cells end while it runs: it knows them no more than its own base. */
  private void runInForeground(Cell cell) {
    List<Entry> read = manifest.find(names(cell.reads()));
    if (read.stream().anyMatch(entry -> entry.state() == Entry.State.FAILED)) {
      return;
    }
    List<String> values = read.stream().map(entry -> String.valueOf(entry.valueKey())).toList();
    inputs.put(cell.number(), values);
    effects.add(cell.number() + " " + values.hashCode());
    Stamp stamp = nextStamp();
    VersionVector base = manifest.frontier();
    while (!open.isEmpty() && chance.nextBoolean()) {
      act(pick(List.copyOf(open.keySet())));
    }
    if (!cell.fails()) {
      List<Entry> entries = new ArrayList<>();
      for (String name : cell.writes()) {
        entries.add(holding(name, cell.value(name, values), stamp, cell.number()));
      }
      commit(
          new Commit(
              stamp, base, cell.number(), Commit.Ending.RETURNED, entries, List.of(), List.of()));
    }
  }

  private void begin() {
    int running = (int) open.values().stream().filter(each -> each.running).count();
    for (Job job : schedule.begin(MAX_PLACES - running)) {
      boolean vain = !job.inputs(Entry.State.FAILED).isEmpty();
      if (vain || job.interruption().isRequested()) {
        fail(job);
        begin();
        return;
      }
      Open here = open.get(job);
      here.running = true;
      here.entries =
          order.readsAtSubmission()
              ? job.execute().entries()
              : manifest.find(names(here.cell.reads()));
      List<String> values = values(here);
      inputs.put(here.cell.number(), values);
      if (here.cell.kind() == Kind.OUTSIDE) {
        effects.add(here.cell.number() + " " + values.hashCode());
      }
    }
  }

  private static List<String> values(Open here) {
    List<String> values = new ArrayList<>();
    for (String name : here.cell.reads()) {
      for (Entry entry : here.entries) {
        if (entry.name().text().equals(name)) {
          values.add(String.valueOf(entry.valueKey()));
        }
      }
    }
    return values;
  }

  /** Something happens to a cell. */
  private void act(Job job) {
    Open here = open.get(job);
    int event = chance.nextInt(20);
    if (event == 0 && !here.running && job.changesWhatIsOpen()) {
      job.interruption().request();
      verdicts.put(here.cell.number(), Verdict.CANCELLED);
    } else if (event == 0) {
      forget(here);
      verdicts.put(here.cell.number(), Verdict.CANCELLED);
      fence(job);
      fail(job);
    } else if (here.running && event < 4) {
      loseExecutor(job, here);
    } else if (here.running) {
      end(job, here);
    }
    begin();
  }

  /** What it read and did counts no more: it was never there as far as the serial run knows. */
  private void forget(Open here) {
    inputs.remove(here.cell.number());
    effects.removeIf(each -> each.startsWith(here.cell.number() + " "));
  }

  private void end(Job job, Open here) {
    Commit commit = commitOf(job, here);
    merge(commit);
    settle(job, commit);
  }

  private Commit commitOf(Job job, Open here) {
    List<Entry> entries = new ArrayList<>();
    for (Entry pending : job.pending()) {
      Entry written =
          holding(
              pending.name().text(),
              here.cell.value(pending.name().text(), values(here)),
              job.stampOfAttempt(),
              here.cell.number());
      entries.add(
          here.cell.fails() ? job.asFailed(pending, "it threw", job.stampOfAttempt()) : written);
    }
    return new Commit(
        job.stampOfAttempt(),
        job.submission().execute().base(),
        here.cell.number(),
        Commit.Ending.RETURNED,
        entries,
        List.of(),
        List.of());
  }

  private void loseExecutor(Job job, Open here) {
    Commit begun = commitOf(job, here);
    if (chance.nextBoolean()) {
      // It had committed, and could not say so any more.
      merge(begun);
      fence(job);
      settle(job, begun);
      return;
    }
    late.add(begun);
    fence(job);
    if (job.submission().repeatable() && job.attempt() < MAX_ATTEMPTS) {
      here.running = false;
      job.nextAttempt();
      schedule.again(job);
    } else {
      forget(here);
      verdicts.put(here.cell.number(), Verdict.LOST);
      fail(job);
    }
  }

  private void fence(Job job) {
    store.merge(Commit.raiseFence(job.fence(), job.attempt() + 1));
    job.fencedOff();
  }

  private void mergeLate(Commit commit) {
    String field = Commit.guard(SessionKeys.jobId(commit.stamp()), 0).field();
    Lattice fence = store.field(field);
    if (!(fence instanceof MaxLattice max) || max.value() <= commit.stamp().attempt()) {
      throw new AssertionError("a lost executor could still commit " + commit.stamp());
    }
  }

  private void fail(Job job) {
    Stamp stamp = new Stamp(job.stamp().counter(), WRITER, job.attempt() + 1);
    List<Entry> failed =
        job.pending().stream().map(entry -> job.asFailed(entry, "why", stamp)).toList();
    Commit commit =
        new Commit(
            stamp,
            job.submission().execute().base(),
            job.cellNumber(),
            Commit.Ending.THREW,
            failed,
            List.of(),
            List.of());
    merge(commit);
    settle(job, commit);
  }

  private void settle(Job job, Commit commit) {
    manifest.apply(commit);
    for (Job other : schedule.open()) {
      if (other != job) {
        commit.entries().forEach(entry -> other.learn(job.stamp(), entry.name(), entry));
      }
    }
    schedule.ended(job);
    open.remove(job);
  }

  private void commit(Commit commit) {
    merge(commit);
    manifest.apply(commit);
  }

  /** The network may say a thing twice. */
  private void merge(Commit commit) {
    store.merge(commit.delta());
    if (chance.nextInt(4) == 0) {
      store.merge(commit.delta());
    }
  }
}
