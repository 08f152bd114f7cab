package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Guard;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.KeptOutput;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUpdates;
import hydrocell.cell.SharedVersion;
import hydrocell.cell.Symbol;
import hydrocell.cell.TheirSession;
import hydrocell.cell.message.CommMessage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The session of this notebook: which one it is, its manifest, and this kernel as one of its
 * writers. Thread-safe: the shell's thread moves it on while connections ask it for entries.
 */
public final class Session {
  /** Said where nothing better is known of what others did. */
  static final String OTHERS_COMMITTED = "another kernel of this notebook committed";

  private final Backend backend;
  private final SessionIdentity identity;
  private final String writer;
  private final Participation participation;
  private final SessionRecord record;
  private final KeptOutputs keptOutputs;
  private SessionKeys keys;
  private final HeldManifest held;
  private long abandoned;
  private int cellNumber;
  private volatile boolean open;
  private boolean moved;
  private final UntoldNames untold = new UntoldNames();
  private final OthersCommits others;

  /** A session that is opened when it is first needed. */
  Session(Backend backend, SessionIdentity identity, String writer, InstantSource clock) {
    this.backend = backend;
    this.identity = identity;
    this.writer = writer;
    this.participation = new Participation(backend, identity, writer);
    this.record = new SessionRecord(backend, identity, participation, writer, clock);
    this.held = new HeldManifest(backend, record, writer);
    this.others = new OthersCommits(writer);
    this.keptOutputs = new KeptOutputs(backend);
    this.keys = new SessionKeys(identity.defaultId(), 1);
  }

  /**
   * Finds the session in the registry and reads its manifest; the line that says what was resumed.
   */
  synchronized String open() throws IOException {
    SessionRecord.Found found = record.find();
    keys = found.keys();
    if (backend.severalPeople() && !identity.isPrivate() && !participation.isTheirs()) {
      // Who moves the session away fences off the writers that its manifest knows.
      HeldManifest.whereThereIsRoom(() -> merge(Commit.raiseFence(writer, 1), null));
    }
    if (backend.severalPeople()) {
      held.readHere(keys);
    } else {
      held.read(keys); // Nobody moves it out of a store that a running node serves.
    }
    participation.look(keys);
    if (participation.isElsewhere() || found.together()) {
      participation.introduce(keys);
    }
    HeldManifest.whereThereIsRoom(this::publishShared);
    open = true;
    cellNumber = Math.max(cellNumber, found.lastCell());
    for (Commit.Trace trace : held.now().traces()) {
      cellNumber = Math.max(cellNumber, trace.cellNumber());
    }
    List<String> lines = new ArrayList<>();
    if (!found.ended().isEmpty()) {
      lines.add(found.ended());
    }
    int comms = held.now().find(List.of(Name.kept(CommMessage.keyOf("*")))).size();
    long names =
        held.now().entries().stream().filter(entry -> entry.name().kind() != Kind.KEPT).count();
    if (names + comms > 0) {
      lines.add(
          "resumed %d names%s as of cell [%d]"
              .formatted(
                  names, comms == 0 ? "" : ", %d widgets and comms".formatted(comms), cellNumber));
    }
    LostNames lost = LostNames.in(held.now(), found.lost());
    if (!lost.isEmpty() && !participation.isTheirs()) {
      lines.add(lost.text());
      HeldManifest.whereThereIsRoom(() -> commit(lost.commit(nextStamp(), held.now(), cellNumber)));
    }
    String news = identity.isPrivate() || participation.isTheirs() ? "" : keptOutputs.news(keys);
    if (!news.isEmpty()) {
      lines.add(news);
    }
    return String.join("; ", lines);
  }

  /** What cells showed while no kernel listened, the oldest first. */
  public List<KeptOutput> keptOutputs() throws IOException {
    return keptOutputs.all(keys());
  }

  /** Keeps only the newest of them. */
  void trimKeptOutputs() throws IOException {
    keptOutputs.trim(keys());
  }

  boolean isOpen() {
    return open;
  }

  /** Whether nothing can be in it yet: it has no path, and no cell has opened it. */
  boolean isNew() {
    return !open && identity.isPrivate();
  }

  /** Reads the manifest again if somebody else moved it on; a line for the user, or empty. */
  synchronized String refresh() throws IOException {
    record.noteUse(keys);
    String anew = participation.isElsewhere() ? followEpoch() : "";
    if (!anew.isEmpty()) {
      return anew;
    }
    if (held.isCurrent(keys)) {
      return "";
    }
    Manifest before = held.now();
    held.readHere(keys);
    untold.noteChanges(before, held.now());
    if (!others.note(before, held.now())) {
      return "";
    }
    if (participation.isTheirs()) {
      return OTHERS_COMMITTED;
    }
    keepSiblings(before);
    String ended = keptOutputs.news(keys);
    return ended.isEmpty() ? OTHERS_COMMITTED : ended;
  }

  /** Others may begin the session anew, or let nobody in any more; a line where they have. */
  private String followEpoch() throws IOException {
    long epoch = record.epoch(keys);
    if (epoch == 0) {
      throw new SharingEndedException(participation.ended());
    }
    participation.look(keys);
    if (epoch == keys.epoch()) {
      return "";
    }
    keys = new SessionKeys(keys.sessionId(), epoch);
    held.read(keys);
    untold.forget();
    moved = true;
    return participation.owner() + " has begun this notebook anew";
  }

  /** Whether another epoch has begun since this was last asked. */
  synchronized boolean takeMoved() {
    boolean was = moved;
    moved = false;
    return was;
  }

  /** What others committed since this was last asked. */
  synchronized List<Commit.Trace> takeStrange() {
    return others.take();
  }

  /** In whose session this notebook runs its cells. */
  Participation participation() {
    return participation;
  }

  /** Whether it is another person's session. */
  public boolean isTheirs() {
    return participation.isTheirs();
  }

  /** Whether this notebook runs its cells in another one's session. */
  public boolean isElsewhere() {
    return participation.isElsewhere();
  }

  /** Whether this person may change the session. */
  public boolean mayWrite() {
    return !participation.readsOnly();
  }

  /** Whether people with hosts of their own run cells in it. */
  synchronized boolean isTogether() {
    return isTheirs() || held.now().get(SharedVersion.SESSION) != null;
  }

  /** Goes on in another session; null: in the notebook's own. What is there, in a line. */
  synchronized String goTo(@Nullable TheirSession session) throws IOException {
    participation.goTo(session);
    // Where that cannot be opened now, the next cell tries again.
    open = false;
    untold.forget();
    others.take();
    return open();
  }

  /**
   * Versions that stand side by side go when somebody writes the name again: a commit of their own
   * keeps them among what can be gone back to.
   */
  private void keepSiblings(Manifest before) throws IOException {
    List<Entry> fresh = untold.noteSiblings(before, held.now());
    if (!fresh.isEmpty()) {
      commit(kernelCommit().keep(fresh));
    }
  }

  /** Names found to be written by two kernels at once since this was last asked. */
  synchronized Set<Name> takeUntoldSiblings() {
    return untold.takeSiblings(held.now());
  }

  /** How far the manifest was read. */
  synchronized ManifestReading reading() {
    return held.reading();
  }

  /** The stamp of the next commit: one of which nothing was written yet. */
  synchronized Stamp nextStamp() {
    return new Stamp(Math.max(held.now().frontier().largest(), abandoned) + 1, writer, 0);
  }

  /**
   * A cell ended without a commit, and values that it wrote may arrive still. Values are named by
   * their stamp, so no other commit may have it.
   */
  synchronized void abandon(Stamp stamp) {
    abandoned = Math.max(abandoned, stamp.counter());
  }

  /** What the next cell runs on. */
  synchronized VersionVector frontier() {
    return held.now().frontier();
  }

  /** This writer's fencing number. */
  synchronized long fence() {
    return held.fence();
  }

  /** Takes over a commit that an executor made for this kernel. */
  synchronized void applied(Commit commit) {
    held.apply(commit);
  }

  /**
   * Takes over what became of an asynchronous cell; the executor with the notebook's values is
   * told.
   */
  synchronized void settled(Commit commit, boolean foreseen) {
    held.applyToCopy(commit);
    untold.add(commit.entries(), commit.removed());
    if (!foreseen) {
      // Whether a name that nobody foresaw was written or removed since, only Anna knows.
      held.doubt();
    }
  }

  /** Merges something into the manifest under a guard; takes nothing over. */
  synchronized void merge(MapLattice delta, @Nullable Guard guard) throws IOException {
    held.merge(keys, delta, guard);
  }

  /** Raises the fence of an asynchronous cell, which moves the manifest on and changes no name. */
  synchronized void raiseFence(String cell, long fence) throws IOException {
    merge(Commit.raiseFence(cell, fence), null);
    held.movedOn();
  }

  /** Reads the manifest, whoever moved it on. */
  synchronized void reread() throws IOException {
    Manifest before = held.now();
    held.readHere(keys);
    HeldManifest.whereThereIsRoom(this::publishShared);
    untold.noteChanges(before, held.now());
  }

  /** Merges what a cell shared whose executor was lost after its commit. */
  private void publishShared() throws IOException {
    if (!participation.isTheirs() && !held.now().beginningWith(SharedUpdates.NAME).isEmpty()) {
      String allowed = backend.severalPeople() ? SharedName.ALL : SharedName.prefixOf(owner());
      Backend.await(SharedUpdates.publish(held.now(), backend.anna(), allowed));
    }
  }

  /**
   * Removes what asynchronous cells shared, once it is merged. Between cells: it is a commit. Where
   * there is no room for it, a later cell does it.
   *
   * @param open the entries of those that have not ended
   */
  synchronized void dropShared(Set<Name> open) throws IOException {
    List<Name> ended = new ArrayList<>(SharedUpdates.ofAsynchronous(held.now()));
    ended.removeAll(open);
    if (!ended.isEmpty() && !participation.isTheirs()) {
      HeldManifest.whereThereIsRoom(() -> {
        publishShared();
        takeOver(List.of(), ended);
      });
    }
  }

  /** What this kernel would commit by itself now. */
  private KernelCommit kernelCommit() {
    return new KernelCommit(held.now(), nextStamp(), cellNumber);
  }

  /** Commits a change of the kernel's own. */
  public synchronized void commit(List<Entry> entries, List<Name> removed) throws IOException {
    commit(kernelCommit().command(entries, removed));
    untold.add(entries, removed);
  }

  private void commit(Commit commit) throws IOException {
    participation.requireWrite();
    try {
      merge(commit.delta(), Commit.guard(writer, held.fence()));
    } catch (IOException | AnnaException e) {
      // It may be on its way still.
      abandon(commit.stamp());
      throw e;
    }
    applied(commit);
  }

  /**
   * Commits what comes from elsewhere, or is kept as it is: a step that one goes back by only where
   * it replaces what a cell of this notebook wrote.
   */
  synchronized void takeOver(List<Entry> entries, List<Name> removed) throws IOException {
    commit(kernelCommit().takeOver(entries, removed));
    untold.add(entries, removed);
  }

  /**
   * Gives a name in which changes are not found any more the value that was stored before; whether
   * it still waited for them.
   */
  synchronized boolean restore(Entry saving) throws IOException {
    if (!saving.equals(held.now().get(saving.name()))) {
      return false;
    }
    commit(kernelCommit().restore(saving));
    untold.add(List.of(saving), List.of());
    return true;
  }

  /** Commits a setting of the notebook. */
  public synchronized void set(Symbol setting) throws IOException {
    commit(List.of(Entry.definition(setting, nextStamp(), cellNumber)), List.of());
  }

  /**
   * Declares what this writer may still have on its way lost, and reads what is really there.
   *
   * @return whether the commit with this stamp is in the manifest
   */
  synchronized boolean fenceOff(Stamp stamp) throws IOException {
    abandon(stamp);
    long fence = held.raiseFence();
    if (!participation.readsOnly()) {
      merge(Commit.raiseFence(writer, fence), null);
    }
    reread();
    return held.now().frontier().covers(stamp);
  }

  /** Begins a new epoch, empty; the present one is kept. */
  public synchronized void newEpoch() throws IOException {
    participation.requireOwn();
    Entry shared = held.now().get(SharedVersion.SESSION);
    // Shared names outlive the epoch: what this writer wrote to them has these stamps.
    abandoned = Math.max(abandoned, held.now().frontier().largest());
    keys = record.startEpoch(keys.sessionId(), keys.epoch() + 1);
    held.read(keys);
    untold.forget();
    if (shared != null) {
      // Who shares a session goes on sharing it.
      takeOver(List.of(shared), List.of());
    }
  }

  /** Begins a new epoch with the names of the one before the present; how many there are. */
  public synchronized int restoreEarlierEpoch() throws IOException {
    participation.requireOwn();
    if (keys.epoch() < 2) {
      return 0;
    }
    List<Entry> there = EarlierEpoch.entries(backend, keys);
    if (!there.isEmpty()) {
      newEpoch();
      commit(there, List.of());
    }
    return there.size();
  }

  /** The entries of those names that exist. */
  synchronized List<Entry> entries(Collection<Name> names) {
    return held.now().find(names);
  }

  /** The entries of those names that existed for somebody who knew {@code base} and no more. */
  synchronized List<Entry> entriesAsOf(Collection<Name> names, VersionVector base) {
    return names.stream()
        .map(name -> held.now().asOf(name, base))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Everything that a cell touching these names can reach. */
  synchronized Map<Name, Entry> closure(Collection<Name> names) {
    return held.now().closure(names);
  }

  /** The names that changed without the executor's doing since this was last asked. */
  synchronized Set<Name> takeUntold() {
    return untold.take();
  }

  /** A fresh executor is told what it needs with each cell; older news mean nothing to it. */
  synchronized void forgetUntold() {
    untold.forget();
  }

  /** Asks the manifest something while nobody moves it on; any thread. */
  synchronized <T> T look(Function<Manifest, T> question) {
    return question.apply(held.now());
  }

  /** The manifest as it stands; only for the thread that runs cells. */
  public synchronized Manifest manifest() {
    return held.now();
  }

  /** Where the session lies. */
  public synchronized SessionKeys keys() {
    return keys;
  }

  /** The sessions of all notebooks of this owner, this one first; at most so many. */
  Set<String> ofOwner(int limit) throws IOException {
    return record.ofOwner(keys(), limit);
  }

  /** Whether nobody can find the session again: it has no notebook that is open somewhere. */
  boolean isPrivate() {
    return identity.isPrivate();
  }

  /** Who the session belongs to. */
  String owner() {
    return identity.owner();
  }

  /** The notebook's file name; empty for a session without one. */
  String notebook() {
    return identity.path().substring(identity.path().lastIndexOf('/') + 1);
  }

  /** This kernel among the writers of the session. */
  public String writer() {
    return writer;
  }

  /** The number of the last cell. */
  public synchronized int cellNumber() {
    return cellNumber;
  }

  /** The number of a new cell. */
  synchronized int nextCellNumber() {
    return ++cellNumber;
  }
}
