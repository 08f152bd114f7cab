package hydrocell.kernel;

import hydrocell.anna.Key;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUse;
import hydrocell.cell.SharedVersion;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private static final int MOST_TOLD = 1_000;

  private final Backend backend;
  private final Session session;
  private final InstantSource clock;
  private final SharedCut cut = new SharedCut();
  private final Set<String> told = new LinkedHashSet<>();

  /** What a user is told of, and what came from others. */
  public record News(List<String> lines, Set<Name> changed) {}

  SharedNames(Backend backend, Session session, InstantSource clock) {
    this.backend = backend;
    this.session = session;
    this.clock = clock;
  }

  /** The shared names that this notebook uses, by variable. */
  public Map<Name, SharedUse> uses() throws IOException {
    Map<Name, SharedUse> uses = new LinkedHashMap<>();
    for (Entry setting : session.manifest().beginningWith(SharedUse.FIRST)) {
      uses.put(SharedUse.variable(setting), SharedUse.of(setting));
    }
    return uses;
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
    if (!cut.read(backend.anna(), keys(uses)) && !hasUnpublished(uses)) {
      return new News(List.of(), Set.of());
    }
    List<String> lines = publish(uses);
    Map<Name, Entry> taken = new LinkedHashMap<>();
    Set<Name> gone = new LinkedHashSet<>();
    for (Map.Entry<Name, SharedUse> each : uses.entrySet()) {
      takeOver(each.getKey(), each.getValue(), taken, gone, lines);
    }
    if (!taken.isEmpty() || !gone.isEmpty()) {
      session.takeOver(List.copyOf(taken.values()), List.copyOf(gone));
    }
    Set<Name> changed = new LinkedHashSet<>(taken.keySet());
    changed.removeIf(name -> !uses.containsKey(name));
    return new News(lines, changed);
  }

  private void takeOver(
      Name name, SharedUse use, Map<Name, Entry> taken, Set<Name> gone, List<String> lines)
      throws IOException {
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
        taken.putAll(imported(name, use, newest));
        lines.add("`%s` was changed by %s".formatted(name.text(), by(newest)));
      } catch (NotUsableException e) {
        tellOnce(lines, name.text() + newest.entry().stamp(), e.getMessage());
      }
    }
    if (versions.size() > 1) {
      tellOnce(lines, name.text() + stamps(versions), describe(name, use));
    }
  }

  private void tellOnce(List<String> lines, String what, @Nullable String line) {
    if (told.size() > MOST_TOLD) {
      told.clear();
    }
    if (line != null && told.add(what)) {
      lines.add(line);
    }
  }

  private static String stamps(List<SharedVersion> versions) {
    return versions.stream().map(v -> v.entry().stamp()).sorted().toList().toString();
  }

  /** The versions of a name that stand side by side, in words. */
  public String describe(Name name, SharedUse use) throws IOException {
    StringBuilder text =
        new StringBuilder("`%s` was written at the same time:%n".formatted(name.text()));
    int number = 0;
    for (SharedVersion version : SharedVersion.readableIn(cut.register(use.shared().versions()))) {
      text.append(
          "  %d  by %s: %s%n".formatted(++number, by(version), Siblings.content(version.entry())));
    }
    return text.append("  `%%resolve %s N`, `mine` or `theirs` chooses".formatted(name.text()))
        .toString();
  }

  private String by(SharedVersion version) {
    return "%s, %s%s"
        .formatted(
            version.sessionId().equals(session.keys().sessionId())
                ? "this notebook"
                : version.person(),
            TIME.format(Instant.ofEpochMilli(version.timeMs()).atZone(ZoneId.systemDefault())),
            version.notebook().isEmpty() ? "" : " in " + version.notebook());
  }

  /** A version cannot be used here; the message says why. */
  public static final class NotUsableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotUsableException(String message) {
      super(message);
    }
  }

  /** The entries that bring a version into this notebook. */
  private Map<Name, Entry> imported(Name name, SharedUse use, SharedVersion version)
      throws NotUsableException {
    Map<Name, Entry> entries = new LinkedHashMap<>();
    Manifest manifest = session.manifest();
    String origin = use.shared().toString();
    for (Entry definition : version.definitions()) {
      Entry here = manifest.get(definition.name());
      if (here != null && here.symbol().className().equals(definition.symbol().className())) {
        continue;
      }
      if (here != null && !here.owner().equals(origin)) {
        throw new NotUsableException(
            "`%s` needs the %s `%s` of %s, and this notebook has another one: rename or %%rm that"
                .formatted(
                    name.text(),
                    definition.name().kind().name().toLowerCase(java.util.Locale.ROOT),
                    definition.name().text(),
                    version.person()));
      }
      entries.put(definition.name(), definition.ownedBy(origin));
    }
    entries.put(name, version.entry().ownedBy(origin));
    Stamp dot = version.entry().stamp();
    SharedUse now =
        new SharedUse(use.shared(), dot, use.seen().join(version.base().with(dot)), use.writes());
    Entry setting = now.entry(name, dot, session.cellNumber());
    entries.put(setting.name(), setting);
    return entries;
  }

  private boolean hasUnpublished(Map<Name, SharedUse> uses) {
    return uses.entrySet().stream().anyMatch(each -> isUnpublished(each.getKey(), each.getValue()));
  }

  private boolean isUnpublished(Name name, SharedUse use) {
    Entry here = session.manifest().get(name);
    return here != null
        && use.writes()
        && here.owner().isEmpty()
        && here.state() == Entry.State.READY
        && !told.contains("kept" + here.stamp())
        && !cut.register(use.shared().versions()).context().covers(here.stamp());
  }

  /** Shares what the notebook's cells committed; why something is not shared, in lines. */
  List<String> publish() throws IOException {
    return publish(uses());
  }

  private List<String> publish(Map<Name, SharedUse> uses) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<Stamp, Map<Key, SharedVersion>> commits = new TreeMap<>();
    for (Map.Entry<Name, SharedUse> each : uses.entrySet()) {
      Name name = each.getKey();
      SharedUse use = each.getValue();
      if (isUnpublished(name, use)) {
        Entry entry = java.util.Objects.requireNonNull(session.manifest().get(name));
        try {
          commits
              .computeIfAbsent(entry.stamp(), stamp -> new TreeMap<>())
              .put(use.shared().versions(), version(entry, use.shared(), base(use)));
        } catch (NotUsableException e) {
          tellOnce(lines, "kept" + entry.stamp(), e.getMessage());
        }
      }
    }
    for (Map<Key, SharedVersion> commit : commits.values()) {
      cut.write(backend.anna(), commit);
    }
    return lines;
  }

  /** What the notebook had seen of a name: what it took over, and what it wrote itself. */
  private VersionVector base(SharedUse use) throws IOException {
    VersionVector base = use.seen();
    for (SharedVersion version : SharedVersion.readableIn(cut.register(use.shared().versions()))) {
      boolean own = version.sessionId().equals(session.keys().sessionId());
      if (own && session.frontier().covers(version.entry().stamp())) {
        base = base.with(version.entry().stamp());
      }
    }
    return base;
  }

  private SharedVersion version(Entry entry, SharedName shared, VersionVector base)
      throws IOException, NotUsableException {
    List<Entry> definitions = definitions(entry);
    return new SharedVersion(
        SharedCut.copied(backend.anna(), entry, shared, session.keys()),
        definitions,
        session.owner(),
        session.notebook(),
        session.keys().sessionId(),
        clock.millis(),
        base,
        List.of());
  }

  /** The definitions that a variable's use needs. */
  private List<Entry> definitions(Entry entry) throws NotUsableException {
    Set<Name> needed = new LinkedHashSet<>(entry.symbol().refs());
    needed.addAll(entry.valueRefs());
    List<Entry> definitions = new ArrayList<>();
    for (Entry each : session.closure(needed).values()) {
      if (each.name().equals(entry.name())) {
        continue;
      }
      switch (each.name().kind()) {
        case TYPE, METHOD, IMPORT -> definitions.add(each);
        case VARIABLE, STATICS, KEPT ->
            throw new NotUsableException(
                "`%s` is not shared: it needs `%s`, which is not part of its value; share a copy"
                    .formatted(entry.name().text(), each.name().text()));
        case DEPENDENCY, SETTING -> {}
      }
    }
    return definitions;
  }

  /** Shares a variable under its own name; its versions, if there were some, are replaced. */
  public SharedName share(Name name) throws IOException, NotUsableException {
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
    read(uses, shared);
    VersionVector context = cut.register(shared.versions()).context();
    SharedUse use = new SharedUse(shared, entry.stamp(), context, true);
    session.takeOver(
        List.of(entry.ownedBy(""), use.entry(name, entry.stamp(), session.cellNumber())),
        List.of());
    Entry own = java.util.Objects.requireNonNull(session.manifest().get(name));
    cut.write(backend.anna(), Map.of(shared.versions(), version(own, shared, context)));
    return shared;
  }

  /** Brings a shared name into the notebook. */
  public void use(SharedName shared) throws IOException, NotUsableException {
    Map<Name, SharedUse> uses = uses();
    Name name = shared.variable();
    SharedUse known = uses.get(name);
    if (session.manifest().get(name) != null && (known == null || !known.shared().equals(shared))) {
      throw new NotUsableException(
          "this notebook has a `%s` of its own: rename or %%rm it".formatted(name.text()));
    }
    read(uses, shared);
    List<SharedVersion> versions = SharedVersion.readableIn(cut.register(shared.versions()));
    if (versions.isEmpty()) {
      cut.forget(shared.versions());
      throw new NotUsableException("nobody shares %s with you".formatted(shared));
    }
    SharedVersion newest = versions.getFirst();
    SharedUse use = new SharedUse(shared, newest.entry().stamp(), VersionVector.EMPTY, true);
    session.takeOver(List.copyOf(imported(name, use, newest).values()), List.of());
  }

  private void read(Map<Name, SharedUse> uses, SharedName shared) throws IOException {
    Set<Key> keys = new LinkedHashSet<>(keys(uses));
    keys.add(shared.versions());
    cut.read(backend.anna(), keys);
  }

  /** Ends the sharing of a name for everybody. */
  public SharedName unshare(Name name) throws IOException, NotUsableException {
    SharedUse use = uses().get(name);
    SharedName shared = use == null ? new SharedName(person(), name.text()) : use.shared();
    if (!shared.owner().equals(person())) {
      throw new NotUsableException(
          "%s is not yours: `%%unuse %s` lets go of it".formatted(shared, name.text()));
    }
    read(uses(), shared);
    if (cut.register(shared.versions()).isRemoved()) {
      throw new NotUsableException("%s is not shared".formatted(shared));
    }
    cut.remove(backend.anna(), shared.versions(), session.nextStamp());
    unuse(name, shared);
    return shared;
  }

  /** Lets go of a shared name: it becomes the notebook's own. */
  public SharedName unuse(Name name) throws IOException, NotUsableException {
    SharedUse use = uses().get(name);
    if (use == null) {
      throw new NotUsableException("`%s` is not shared".formatted(name.text()));
    }
    unuse(name, use.shared());
    return use.shared();
  }

  private void unuse(Name name, SharedName shared) throws IOException {
    Entry here = session.manifest().get(name);
    session.takeOver(
        here == null ? List.of() : List.of(here.ownedBy("")), List.of(SharedUse.setting(name)));
    cut.forget(shared.versions());
  }

  /**
   * Makes one of the versions that stand side by side the only one.
   *
   * @param choice a number, {@link Siblings#MINE} or {@link Siblings#THEIRS}
   */
  public SharedVersion resolve(Name name, SharedUse use, String choice)
      throws IOException, NotUsableException {
    CausalRegister register = cut.register(use.shared().versions());
    SharedVersion chosen = choose(SharedVersion.readableIn(register), choice);
    Map<Name, Entry> entries = imported(name, use, chosen);
    SharedUse now = new SharedUse(use.shared(), chosen.entry().stamp(), register.context(), true);
    Entry setting = now.entry(name, chosen.entry().stamp(), session.cellNumber());
    entries.put(setting.name(), setting);
    entries.put(name, chosen.entry().ownedBy(""));
    session.takeOver(List.copyOf(entries.values()), List.of());
    publish();
    return chosen;
  }

  private SharedVersion choose(List<SharedVersion> versions, String choice)
      throws NotUsableException {
    List<SharedVersion> fitting = new ArrayList<>();
    for (int i = 0; i < versions.size(); i++) {
      boolean own = versions.get(i).sessionId().equals(session.keys().sessionId());
      if (choice.equals(Integer.toString(i + 1))
          || (own && choice.equals(Siblings.MINE))
          || (!own && choice.equals(Siblings.THEIRS))) {
        fitting.add(versions.get(i));
      }
    }
    if (versions.size() < 2 || fitting.size() != 1) {
      throw new NotUsableException(
          versions.size() < 2
              ? "it has one version only"
              : "'%s' is not one version; there are 1 to %d, `mine` and `theirs`"
                  .formatted(choice, versions.size()));
    }
    return fitting.getFirst();
  }
}
