package hydrocell.kernel;

import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.Effects;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.message.Submission;
import hydrocell.cell.message.ToExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One asynchronous cell, from its submission to its end. What moves is guarded by {@link Jobs}, but
 * for {@link #ended}.
 */
final class Job {
  /** How far it is. */
  enum State {
    /** It waits for names, for its turn, or for an executor. */
    QUEUED("queued"),
    /** It runs. */
    RUNNING("running"),
    /** It returned. */
    DONE("done"),
    /** It threw, or could not run. */
    FAILED("failed"),
    /** The user did not want it any more. */
    CANCELLED("cancelled");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** For people. */
    String word() {
      return word;
    }
  }

  private final SessionKeys keys;
  private final CellRequest cell;
  private final Submission submission;
  private final Set<Name> reads;
  private final Effects effects;
  private final Map<Name, Entry> inputs = new LinkedHashMap<>();
  private final Interruption interruption = new Interruption();
  private final CompletableFuture<CellResult> ended = new CompletableFuture<>();
  private final JobLine line;
  private final boolean adopted;
  private State state = State.QUEUED;
  private int attempt = 1;
  private int fenced = 1;
  private volatile boolean late;
  private long startNs = System.nanoTime();
  private long endNs;

  /**
   * A cell.
   *
   * @param keys the epoch that it was submitted in
   * @param reads names that it reads
   * @param effects of what it runs
   * @param adopted whether another kernel submitted it, which is gone
   */
  Job(
      SessionKeys keys,
      CellRequest cell,
      Submission submission,
      Set<Name> reads,
      Effects effects,
      JobLine line,
      boolean adopted) {
    this.keys = keys;
    this.cell = cell;
    this.submission = submission;
    this.reads = reads;
    this.effects = effects;
    this.line = line;
    this.adopted = adopted;
    submission.execute().entries().forEach(entry -> inputs.put(entry.name(), entry));
  }

  /** The epoch that it was submitted in. */
  SessionKeys keys() {
    return keys;
  }

  CellRequest cell() {
    return cell;
  }

  /** What it may do beside writing its names; so may code in the values that it makes. */
  Effects effects() {
    return effects;
  }

  /** Whether its request was answered before it ended, so that its end is shown apart. */
  boolean isLate() {
    return late;
  }

  /** Its request is being answered. */
  void late() {
    late = true;
    line.show();
  }

  Submission submission() {
    return submission;
  }

  /** Names it, whichever attempt. */
  Stamp stamp() {
    return submission.execute().stamp();
  }

  String name() {
    return submission.execute().cellName();
  }

  int cellNumber() {
    return submission.execute().cellNumber();
  }

  /** The names that wait for it, as they were committed. */
  List<Entry> pending() {
    ToExecutor.Asynchronous own = submission.execute().asynchronous();
    return own == null ? List.of() : own.pending();
  }

  /** Completes when it has ended and nothing waits for it any more. */
  CompletableFuture<CellResult> ended() {
    return ended;
  }

  Interruption interruption() {
    return interruption;
  }

  JobLine line() {
    return line;
  }

  State state() {
    return state;
  }

  void state(State next) {
    state = next;
    if (isOver()) {
      endNs = System.nanoTime();
    }
  }

  /** It begins to run. */
  void begins() {
    state = State.RUNNING;
    startNs = System.nanoTime();
  }

  /** How long it has been running, or, before it runs, waiting. */
  Duration took() {
    return Duration.ofNanos((isOver() ? endNs : System.nanoTime()) - startNs);
  }

  int attempt() {
    return attempt;
  }

  void nextAttempt() {
    attempt(attempt + 1);
  }

  /** This attempt is the one that may commit. */
  void attempt(int number) {
    attempt = number;
    fenced = number;
  }

  /** The present attempt cannot commit any more. */
  void fencedOff() {
    fenced = attempt + 1;
  }

  /** What its fence is as long as no other kernel takes it over. */
  int fenced() {
    return fenced;
  }

  /** Whether another kernel submitted it, which is gone. */
  boolean isAdopted() {
    return adopted;
  }

  boolean isOver() {
    return state != State.QUEUED && state != State.RUNNING;
  }

  /** What it reads and is in this state, as far as it is known now. */
  List<Entry> inputs(Entry.State asked) {
    return inputs.values().stream()
        .filter(entry -> entry.state() == asked && reads.contains(entry.name()))
        .toList();
  }

  /** Whether it is to change what another cell is still to write: only then it can be given up. */
  boolean changesWhatIsOpen() {
    return inputs(Entry.State.PENDING).stream()
        .anyMatch(input -> pending().stream().anyMatch(own -> own.name().equals(input.name())));
  }

  /** Takes what another cell made of a name that this one waits for. */
  void learn(Stamp writer, Name name, Entry made) {
    Entry known = inputs.get(name);
    if (known != null && known.state() == Entry.State.PENDING && known.stamp().sameWork(writer)) {
      inputs.put(name, made);
    }
  }

  /** Takes what cells that have ended made of the names that this one waits for. */
  void learn(Manifest manifest) {
    for (Entry input : inputs(Entry.State.PENDING)) {
      Entry made = manifest.asOf(input.name(), submission.execute().base());
      if (made != null && made.stamp().sameWork(input.stamp())) {
        inputs.put(made.name(), made);
      }
    }
  }

  /** The same for a name that went away. */
  void learnRemoved(Stamp writer, Name name) {
    Entry known = inputs.get(name);
    if (known != null && known.stamp().sameWork(writer)) {
      inputs.remove(name);
    }
  }

  /**
   * A name that waits for this cell, as it is when the cell fails: with the value that the cell
   * read, if it did. What failed before it stays as that left it.
   */
  Entry asFailed(Entry pending, String reason, Stamp under) {
    Entry read = inputs.get(pending.name());
    if (read != null && read.state() == Entry.State.FAILED) {
      return read.at(under, read.cellNumber());
    }
    Entry before =
        read == null || read.state() == Entry.State.PENDING
            ? pending
            : read.with(pending.symbol()).pendingFor(pending.cellHash());
    return before.in(Entry.State.FAILED, reason).at(under, cellNumber());
  }

  /** The message that has it run: the submission with what is known by now. */
  ToExecutor.Execute execute() {
    ToExecutor.Execute first = submission.execute();
    return new ToExecutor.Execute(
        first.requestId(),
        first.cellName(),
        first.source(),
        first.function(),
        new ArrayList<>(inputs.values()),
        List.of(),
        stampOfAttempt(),
        first.base(),
        attempt,
        first.cellNumber(),
        first.options(),
        first.classPath(),
        first.parentId(),
        first.comm(),
        first.asynchronous());
  }

  /** The stamp under which this attempt commits. */
  Stamp stampOfAttempt() {
    return new Stamp(stamp().counter(), stamp().writer(), attempt);
  }

  /** Whose fencing number guards its commits. */
  String fence() {
    return SessionKeys.jobId(stamp());
  }
}
