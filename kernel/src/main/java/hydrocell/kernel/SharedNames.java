package hydrocell.kernel;

import hydrocell.anna.Key;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.Permissions;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUse;
import hydrocell.cell.SharedVersion;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a notebook shares with others. Before a cell, {@link #takeOver} goes on to one
 * cut of all of them and brings what others wrote into the session's manifest; after it, {@link
 * #publish} writes what the cell committed to them. From there on they are names like any others.
 * Loaded when the first name is shared. For the thread that runs cells.
 */
public final class SharedNames {
  private static final int MOST_TRIES = 5;

  private final Backend backend;
  private final Session session;
  private final SharedCut cut = new SharedCut();
  private final ToldOnce told = new ToldOnce();
  private final SharedRights rights;
  private final SharedImports imports;
  private final SharedPublications publications;
  private final SharedConflicts conflicts;
  private final SharedNotebooks notebooks;

  /**
   * What was taken over.
   *
   * @param lines what a user is told of it
   * @param changed what came from others
   * @param steps the most {@link SharedVersion#steps} of it
   */
  public record News(List<String> lines, Set<Name> changed, int steps) {
    /** Nothing. */
    static final News NONE = new News(List.of(), Set.of(), 0);
  }

  SharedNames(Backend backend, Session session, InstantSource clock) {
    this.backend = backend;
    this.session = session;
    SharedParts parts = new SharedParts(backend);
    this.rights = new SharedRights(backend, session, clock);
    this.imports = new SharedImports(backend, session, parts, rights);
    this.publications = new SharedPublications(backend, session, clock, cut, told, parts);
    this.notebooks = new SharedNotebooks(backend, session, clock, parts, rights);
    this.conflicts = new SharedConflicts(session, cut, imports, publications);
  }

  /** The shared names that this notebook uses, by variable. */
  public Map<Name, SharedUse> uses() throws IOException {
    Map<Name, SharedUse> uses = new LinkedHashMap<>();
    for (Entry setting : session.manifest().beginningWith(SharedUse.FIRST)) {
      uses.put(SharedUse.variable(setting), SharedUse.of(setting));
    }
    return uses;
  }

  /** What others are permitted, and whose code may run here. */
  public SharedRights rights() {
    return rights;
  }

  /** Who runs cells here. */
  public String person() {
    return session.owner();
  }

  private static Collection<Key> keys(Map<Name, SharedUse> uses) {
    return uses.values().stream().map(use -> use.shared().versions()).toList();
  }

  /** Goes on to the present cut of all shared names, and takes over what others wrote. */
  News takeOver() throws IOException {
    Map<Name, SharedUse> uses = uses();
    List<String> lines = new ArrayList<>();
    Set<Name> changed = new LinkedHashSet<>();
    int tries = 0;
    while (tries < MOST_TRIES && isBehind(uses)) {
      tries++;
      // Once taken over, it is looked at again: what was replaced before this notebook named it may
      // be collected.
      changed.addAll(takeOver(uses, lines, tries == MOST_TRIES));
      uses = uses();
    }
    changed.retainAll(uses.keySet());
    return tries == 0 ? News.NONE : new News(lines, changed, steps(uses, changed));
  }

  private boolean isBehind(Map<Name, SharedUse> uses) throws IOException {
    return cut.read(backend.anna(), keys(uses), !backend.severalPeople())
        || publications.isNeeded(uses);
  }

  /**
   * Takes over what the cut shows: all of it, or, where some was replaced and collected while it
   * was read, nothing, unless it is the last try. What was taken over.
   */
  private Set<Name> takeOver(Map<Name, SharedUse> uses, List<String> lines, boolean last)
      throws IOException {
    lines.addAll(publications.publish(uses));
    Map<Name, Entry> taken = new LinkedHashMap<>();
    Set<Name> gone = new LinkedHashSet<>();
    List<String> news = new ArrayList<>();
    for (Map.Entry<Name, SharedUse> each : uses.entrySet()) {
      try {
        takeOver(each.getKey(), each.getValue(), taken, gone, news);
      } catch (ReplacedException e) {
        if (!last) {
          cut.lookAgain();
          return Set.of();
        }
        told.tell(news, each.getKey().text(), e.getMessage());
      }
    }
    lines.addAll(news);
    if (!taken.isEmpty() || !gone.isEmpty()) {
      session.takeOver(List.copyOf(taken.values()), List.copyOf(gone));
    }
    return taken.keySet();
  }

  private int steps(Map<Name, SharedUse> uses, Set<Name> changed) {
    int steps = 0;
    for (Name name : changed) {
      SharedUse use = java.util.Objects.requireNonNull(uses.get(name));
      CausalRegister register = cut.register(use.shared().versions());
      steps = Math.max(steps, SharedVersion.readableIn(register).getFirst().steps());
    }
    return steps;
  }

  /** The followed names, and the state of each that is known here. */
  Map<Key, Long> followed() throws IOException {
    Map<Key, Long> followed = new TreeMap<>();
    for (SharedUse use : uses().values()) {
      if (use.followed()) {
        Key key = use.shared().versions();
        followed.put(key, cut.version(key));
      }
    }
    return followed;
  }

  /** What is shared from now on comes of this many steps, see {@link SharedVersion#steps}. */
  void steps(int now) {
    publications.steps(now);
  }

  /** Has a function make one of all versions that there are now, see {@link SharedConflicts}. */
  public SharedConflicts.Settlement settle(Name name, SharedUse use, String function)
      throws IOException, NotUsableException {
    read(uses(), use.shared());
    return conflicts.begin(name, use, function);
  }

  /** Says whether the readers of a name run again when others have changed it. */
  public SharedName follow(Name name, boolean follow) throws IOException, NotUsableException {
    requireOwn();
    SharedUse use = uses().get(name);
    if (use == null) {
      throw new NotUsableException("`%s` is not shared: `%%use` it first".formatted(name.text()));
    }
    Entry setting = use.followed(follow).entry(name, use.dot(), session.cellNumber());
    session.takeOver(List.of(setting), List.of());
    return use.shared();
  }

  private void takeOver(
      Name name, SharedUse use, Map<Name, Entry> taken, Set<Name> gone, List<String> lines)
      throws IOException, ReplacedException {
    CausalRegister register = cut.register(use.shared().versions());
    Entry here = session.manifest().get(name);
    List<SharedVersion> versions = SharedVersion.readableIn(register);
    if (here == null || versions.isEmpty()) {
      gone.add(SharedUse.setting(name));
      cut.forget(use.shared().versions());
      lines.add(
          here == null
              ? "`%s` is gone, and %s is used here no more".formatted(name.text(), use.shared())
              : "%s is shared no more; `%s` stays as it is here"
                  .formatted(use.shared(), name.text()));
      return;
    }
    Stamp dot = here.owner().isEmpty() ? here.stamp() : use.dot();
    boolean stands = versions.stream().anyMatch(v -> v.entry().stamp().sameWork(dot));
    boolean waits = here.owner().isEmpty() && use.writes() && !register.context().covers(dot);
    if (!stands && !waits) {
      SharedVersion newest = versions.getFirst();
      try {
        taken.putAll(entries(name, use, newest));
        lines.add(
            "%s was changed by %s"
                .formatted(SharedConflicts.called(name, use), conflicts.by(newest)));
      } catch (ReplacedException e) {
        throw e;
      } catch (NotUsableException e) {
        told.tell(lines, name.text() + newest.entry().stamp(), e.getMessage());
      }
    }
    if (versions.size() > 1) {
      told.tell(lines, name.text() + stamps(versions), conflicts.describe(name, use));
    }
  }

  private static String stamps(List<SharedVersion> versions) {
    return versions.stream().map(v -> v.entry().stamp()).sorted().toList().toString();
  }

  /** The entries that bring a version into this notebook, with what it has seen then. */
  private Map<Name, Entry> entries(Name name, SharedUse use, SharedVersion version)
      throws IOException, NotUsableException {
    Map<Name, Entry> entries = imports.of(name, use.shared(), version);
    Stamp dot = version.entry().stamp();
    Entry setting =
        use.at(dot, use.seen().join(version.base().with(dot)))
            .entry(name, dot, session.cellNumber());
    entries.put(setting.name(), setting);
    return entries;
  }

  /** Shares what the notebook's cells committed; why something is not shared, in lines. */
  List<String> publish() throws IOException {
    return publications.publish(uses());
  }

  /** Whole notebooks. */
  public SharedNotebooks notebooks() {
    return notebooks;
  }

  /** The names of which versions stand side by side. */
  public SharedConflicts conflicts() {
    return conflicts;
  }

  /**
   * Shares a variable under its own name; its versions, if there were some, are replaced.
   *
   * @param permissions what other people are permitted from now on; null when that stays as it is
   */
  public SharedName share(Name name, @Nullable Permissions permissions)
      throws IOException, NotUsableException {
    Entry entry = session.manifest().get(name);
    if (entry == null || entry.state() != Entry.State.READY || entry.valueKey() == null) {
      throw new NotUsableException(
          "there is no variable `%s` with a stored value here".formatted(name.text()));
    }
    SharedName shared = new SharedName(person(), name.text());
    Map<Name, SharedUse> uses = uses();
    SharedUse known = uses.get(name);
    if (known != null && !known.shared().equals(shared)) {
      throw new NotUsableException(
          "`%s` is %s here: `%%unuse %s` first"
              .formatted(name.text(), known.shared(), name.text()));
    }
    requireUnused(uses, name, shared);
    read(uses, shared);
    VersionVector context = cut.register(shared.versions()).context();
    if (permissions != null) {
      // First: nobody is to see this version by a right that is not given again.
      rights.permit(shared, permissions);
    }
    SharedUse use =
        new SharedUse(shared, entry.stamp(), context, true, known != null && known.followed());
    session.takeOver(
        List.of(entry.ownedBy(""), use.entry(name, entry.stamp(), session.cellNumber())),
        List.of());
    publications.publish(
        java.util.Objects.requireNonNull(session.manifest().get(name)), shared, context);
    return shared;
  }

  /**
   * Brings a shared name into the notebook.
   *
   * @param name what the variable is called here
   */
  public void use(SharedName shared, Name name) throws IOException, NotUsableException {
    Map<Name, SharedUse> uses = uses();
    SharedUse known = uses.get(name);
    if (session.manifest().get(name) != null && (known == null || !known.shared().equals(shared))) {
      throw new NotUsableException(
          known == null
              ? "this notebook has a `%s` of its own: rename or %%rm it, or say `%%use %s as NAME`"
                  .formatted(name.text(), shared)
              : "`%s` is %s here: `%%unuse %s` first, or say `%%use %s as NAME`"
                  .formatted(name.text(), known.shared(), name.text(), shared));
    }
    requireUnused(uses, name, shared);
    read(uses, shared);
    List<SharedVersion> versions = SharedVersion.readableIn(cut.register(shared.versions()));
    if (versions.isEmpty()) {
      cut.forget(shared.versions());
      throw new NotUsableException("nobody shares %s with you".formatted(shared));
    }
    SharedVersion newest = versions.getFirst();
    if (newest.isNotebook()) {
      cut.forget(shared.versions());
      throw new NotUsableException(
          "%s is a notebook: `%%open %s` in a new one goes on with it".formatted(shared, shared));
    }
    SharedUse use =
        known == null
            ? new SharedUse(
                shared, newest.entry().stamp(), VersionVector.EMPTY, rights.mayWrite(shared), false)
            : new SharedUse(
                shared, known.dot(), known.seen(), rights.mayWrite(shared), known.followed());
    session.takeOver(List.copyOf(entries(name, use, newest).values()), List.of());
  }

  /** Lets a person's code run in this person's notebooks, or no more. */
  public void trust(String person, boolean trusted) throws IOException, NotUsableException {
    rights.trust(person, trusted);
    cut.lookAgain();
  }

  private void read(Map<Name, SharedUse> uses, SharedName shared)
      throws IOException, NotUsableException {
    requireOwn();
    Set<Key> keys = new LinkedHashSet<>(keys(uses));
    keys.add(shared.versions());
    cut.read(backend.anna(), keys, !backend.severalPeople());
    cut.lookAgain(); // The next cell is to take over and tell what is new in it.
  }

  private void requireOwn() throws NotUsableException {
    if (session.isTheirs()) {
      throw new NotUsableException(
          "this is a notebook of %s, who shares what is in it: `%%leave` goes back to your own"
              .formatted(session.participation().owner()));
    }
  }

  /** Two variables of one shared name would be written one after the other, never together. */
  private static void requireUnused(Map<Name, SharedUse> uses, Name name, SharedName shared)
      throws NotUsableException {
    for (Map.Entry<Name, SharedUse> each : uses.entrySet()) {
      if (each.getValue().shared().equals(shared) && !each.getKey().equals(name)) {
        throw new NotUsableException(
            "%s is `%s` here already: `%%unuse %s` first"
                .formatted(shared, each.getKey().text(), each.getKey().text()));
      }
    }
  }

  /** Ends the sharing of a name for everybody; the name is what it is called here, or shared as. */
  public SharedName unshare(Name called) throws IOException, NotUsableException {
    Map<Name, SharedUse> uses = uses();
    SharedName own = new SharedName(person(), called.text());
    Name name = called;
    if (!uses.containsKey(called)) {
      for (Map.Entry<Name, SharedUse> each : uses.entrySet()) {
        name = each.getValue().shared().equals(own) ? each.getKey() : name;
      }
    }
    SharedUse use = uses.get(name);
    SharedName shared = use == null ? own : use.shared();
    if (!shared.owner().equals(person())) {
      throw new NotUsableException(
          "%s is not yours: `%%unuse %s` lets go of it".formatted(shared, name.text()));
    }
    read(uses, shared);
    if (cut.register(shared.versions()).isRemoved()) {
      throw new NotUsableException("%s is not shared".formatted(shared));
    }
    rights.takeBack(shared.rights());
    notebooks.unshare(shared, SharedVersion.readableIn(cut.register(shared.versions())));
    cut.remove(backend.anna(), shared.versions(), session.nextStamp());
    unuse(name, shared);
    return shared;
  }

  /** Lets go of a shared name: it becomes the notebook's own. */
  public SharedName unuse(Name name) throws IOException, NotUsableException {
    requireOwn();
    SharedUse use = uses().get(name);
    if (use == null) {
      throw new NotUsableException("`%s` is not shared".formatted(name.text()));
    }
    unuse(name, use.shared());
    return use.shared();
  }

  private void unuse(Name name, SharedName shared) throws IOException {
    Entry setting = session.manifest().get(SharedUse.setting(name));
    Entry here = setting == null ? null : session.manifest().get(name);
    session.takeOver(
        here == null ? List.of() : List.of(here.ownedBy("")), List.of(SharedUse.setting(name)));
    cut.forget(shared.versions());
  }
}
