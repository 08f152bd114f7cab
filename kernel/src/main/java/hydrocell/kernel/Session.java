package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Guard;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
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
import java.util.TreeSet;
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
  private Manifest manifest = new Manifest();
  private long version;
  private long fence;
  private int generation;
  private long abandoned;
  private int cellNumber;
  private volatile boolean open;
  private boolean moved;
  private final UntoldNames untold = new UntoldNames();
  private final List<Commit.Trace> strange = new ArrayList<>();

  /** A session that is opened when it is first needed. */
  Session(Backend backend, SessionIdentity identity, String writer, InstantSource clock) {
    this.backend = backend;
    this.identity = identity;
    this.writer = writer;
    this.participation = new Participation(backend, identity, writer);
    this.record = new SessionRecord(backend, identity, participation, writer, clock);
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
      whereThereIsRoom(() -> merge(Commit.raiseFence(writer, 1), null));
    }
    if (backend.severalPeople()) {
      readHere();
    } else {
      read(); // Nobody moves it out of a store that a running node serves.
    }
    participation.look(keys);
    if (participation.isElsewhere() || found.together()) {
      participation.introduce(keys);
    }
    whereThereIsRoom(this::publishShared);
    open = true;
    cellNumber = Math.max(cellNumber, found.lastCell());
    for (Commit.Trace trace : manifest.traces()) {
      cellNumber = Math.max(cellNumber, trace.cellNumber());
    }
    List<String> lines = new ArrayList<>();
    if (!found.ended().isEmpty()) {
      lines.add(found.ended());
    }
    int comms = manifest.find(List.of(Name.kept(CommMessage.keyOf("*")))).size();
    long names =
        manifest.entries().stream().filter(entry -> entry.name().kind() != Kind.KEPT).count();
    if (names + comms > 0) {
      lines.add(
          "resumed %d names%s as of cell [%d]"
              .formatted(
                  names, comms == 0 ? "" : ", %d widgets and comms".formatted(comms), cellNumber));
    }
    LostNames lost = LostNames.in(manifest, found.lost());
    if (!lost.isEmpty() && !participation.isTheirs()) {
      lines.add(lost.text());
      whereThereIsRoom(() -> commit(lost.commit(nextStamp(), manifest, cellNumber)));
    }
    String news = identity.isPrivate() || participation.isTheirs() ? "" : keptOutputs.news(keys);
    if (!news.isEmpty()) {
      lines.add(news);
    }
    return String.join("; ", lines);
  }

  /** Something that the session does beside what it was asked for. */
  private interface Write {
    void run() throws IOException;
  }

  /** A store that takes no writes, as its disk or a quota is full, can still be read from. */
  private static void whereThereIsRoom(Write write) throws IOException {
    try {
      write.run();
    } catch (AnnaException e) {
      if (e.reason() != AnnaException.Reason.STORAGE && e.reason() != AnnaException.Reason.LIMIT) {
        throw e;
      }
    }
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

  private void read() throws IOException {
    AnnaClient.Read read = Backend.await(backend.anna().get(keys.manifest()));
    manifest = Manifest.of(read.lattice());
    version = read.version();
    generation = backend.generation();
    if (read.lattice() instanceof MapLattice map
        && map.field("fence/" + writer) instanceof MaxLattice max) {
      fence = Math.max(fence, max.value());
    }
  }

  /**
   * Reads the manifest, and asks only then whether the session is here still: who moves it away
   * says so, and then raises the fences, of which this writer may have read his just now.
   */
  private void readHere() throws IOException {
    Manifest before = manifest;
    long known = version;
    read();
    try {
      record.requireHere(keys);
    } catch (IOException | RuntimeException e) {
      manifest = before;
      version = known;
      throw e;
    }
  }

  /** Reads the manifest again if somebody else moved it on; a line for the user, or empty. */
  synchronized String refresh() throws IOException {
    record.noteUse(keys);
    String anew = participation.isElsewhere() ? followEpoch() : "";
    if (!anew.isEmpty()) {
      return anew;
    }
    long now = Backend.await(backend.anna().version(keys.manifest()));
    if (now == version && generation == backend.generation()) {
      return "";
    }
    Manifest before = manifest;
    readHere();
    Set<String> others = new TreeSet<>();
    manifest
        .frontier()
        .counters()
        .forEach((who, counter) -> {
          if (!who.equals(writer) && counter > before.frontier().counters().getOrDefault(who, 0L)) {
            others.add(who);
          }
        });
    untold.noteChanges(before, manifest);
    if (others.isEmpty()) {
      return "";
    }
    for (Commit.Trace trace : manifest.traces()) {
      if (others.contains(trace.stamp().writer()) && !before.frontier().covers(trace.stamp())) {
        strange.add(trace);
      }
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
    read();
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
    List<Commit.Trace> taken = List.copyOf(strange);
    strange.clear();
    return taken;
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
    return isTheirs() || manifest.get(SharedVersion.SESSION) != null;
  }

  /** Goes on in another session; null: in the notebook's own. What is there, in a line. */
  synchronized String goTo(@Nullable TheirSession session) throws IOException {
    participation.goTo(session);
    // Where that cannot be opened now, the next cell tries again.
    open = false;
    untold.forget();
    strange.clear();
    return open();
  }

  /**
   * Versions that stand side by side go when somebody writes the name again: a commit of their own
   * keeps them among what can be gone back to.
   */
  private void keepSiblings(Manifest before) throws IOException {
    List<Entry> fresh = untold.noteSiblings(before, manifest);
    if (!fresh.isEmpty()) {
      commit(kernelCommit().keep(fresh));
    }
  }

  /** Names found to be written by two kernels at once since this was last asked. */
  synchronized Set<Name> takeUntoldSiblings() {
    return untold.takeSiblings(manifest);
  }

  /** How far the manifest was read. */
  synchronized ManifestReading reading() {
    return new ManifestReading(manifest, version);
  }

  /** The stamp of the next commit: one of which nothing was written yet. */
  synchronized Stamp nextStamp() {
    return new Stamp(Math.max(manifest.frontier().largest(), abandoned) + 1, writer, 0);
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
    return manifest.frontier();
  }

  /** This writer's fencing number. */
  synchronized long fence() {
    return fence;
  }

  /** Takes over a commit that an executor made for this kernel. */
  synchronized void applied(Commit commit) {
    manifest.apply(commit);
    version++;
  }

  /**
   * Takes over what became of an asynchronous cell; the executor with the notebook's values is
   * told.
   */
  synchronized void settled(Commit commit, boolean foreseen) {
    // On any thread: whoever reads the manifest goes on with the one he has.
    manifest = manifest.copy();
    applied(commit);
    untold.add(commit.entries(), commit.removed());
    if (!foreseen) {
      // Whether a name that nobody foresaw was written or removed since, only Anna knows.
      version = -1;
    }
  }

  /** Merges something into the manifest under a guard; takes nothing over. */
  synchronized void merge(MapLattice delta, @Nullable Guard guard) throws IOException {
    AnnaClient anna = backend.anna();
    Backend.await(
        guard == null
            ? anna.merge(keys.manifest(), delta, Durability.LOG)
            : anna.merge(keys.manifest(), delta, Durability.LOG, guard));
  }

  /** Raises the fence of an asynchronous cell, which moves the manifest on and changes no name. */
  synchronized void raiseFence(String cell, long fence) throws IOException {
    merge(Commit.raiseFence(cell, fence), null);
    version++;
  }

  /** Reads the manifest, whoever moved it on. */
  synchronized void reread() throws IOException {
    Manifest before = manifest;
    readHere();
    whereThereIsRoom(this::publishShared);
    untold.noteChanges(before, manifest);
  }

  /** Merges what a cell shared whose executor was lost after its commit. */
  private void publishShared() throws IOException {
    if (!participation.isTheirs() && !manifest.beginningWith(SharedUpdates.NAME).isEmpty()) {
      String allowed = backend.severalPeople() ? SharedName.ALL : SharedName.prefixOf(owner());
      Backend.await(SharedUpdates.publish(manifest, backend.anna(), allowed));
    }
  }

  /**
   * Removes what asynchronous cells shared, once it is merged. Between cells: it is a commit. Where
   * there is no room for it, a later cell does it.
   *
   * @param open the entries of those that have not ended
   */
  synchronized void dropShared(Set<Name> open) throws IOException {
    List<Name> ended = new ArrayList<>(SharedUpdates.ofAsynchronous(manifest));
    ended.removeAll(open);
    if (!ended.isEmpty() && !participation.isTheirs()) {
      whereThereIsRoom(() -> {
        publishShared();
        takeOver(List.of(), ended);
      });
    }
  }

  /** What this kernel would commit by itself now. */
  private KernelCommit kernelCommit() {
    return new KernelCommit(manifest, nextStamp(), cellNumber);
  }

  /** Commits a change of the kernel's own. */
  public synchronized void commit(List<Entry> entries, List<Name> removed) throws IOException {
    commit(kernelCommit().command(entries, removed));
    untold.add(entries, removed);
  }

  private void commit(Commit commit) throws IOException {
    participation.requireWrite();
    try {
      merge(commit.delta(), Commit.guard(writer, fence));
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
    if (!saving.equals(manifest.get(saving.name()))) {
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
    fence++;
    if (!participation.readsOnly()) {
      merge(Commit.raiseFence(writer, fence), null);
    }
    reread();
    return manifest.frontier().covers(stamp);
  }

  /** Begins a new epoch, empty; the present one is kept. */
  public synchronized void newEpoch() throws IOException {
    participation.requireOwn();
    Entry shared = manifest.get(SharedVersion.SESSION);
    // Shared names outlive the epoch: what this writer wrote to them has these stamps.
    abandoned = Math.max(abandoned, manifest.frontier().largest());
    keys = record.startEpoch(keys.sessionId(), keys.epoch() + 1);
    read();
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
    return manifest.find(names);
  }

  /** The entries of those names that existed for somebody who knew {@code base} and no more. */
  synchronized List<Entry> entriesAsOf(Collection<Name> names, VersionVector base) {
    return names.stream().map(name -> manifest.asOf(name, base)).filter(Objects::nonNull).toList();
  }

  /** Everything that a cell touching these names can reach. */
  synchronized Map<Name, Entry> closure(Collection<Name> names) {
    return manifest.closure(names);
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
    return question.apply(manifest);
  }

  /** The manifest as it stands; only for the thread that runs cells. */
  public synchronized Manifest manifest() {
    return manifest;
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
