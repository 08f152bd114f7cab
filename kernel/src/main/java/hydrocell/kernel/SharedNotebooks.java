package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Permission;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedVersion;
import hydrocell.cell.Symbol;
import hydrocell.cell.TheirSession;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whole notebooks that are shared: as they stood at one moment, for others to go on with on their
 * own, or the session itself, for others to read or to run cells in. Sharing a moment copies the
 * values to the shared name; opening copies none, and what the fork writes is its own. A session is
 * shared by saying which one it is, and by the rights to it. For the thread that runs cells.
 */
public final class SharedNotebooks {
  private static final String SUFFIX = ".ipynb";

  /** What a fork gets; settings and widgets belong to the notebook that has them. */
  private static final Set<Kind> KINDS =
      Set.of(Kind.VARIABLE, Kind.STATICS, Kind.METHOD, Kind.TYPE, Kind.IMPORT, Kind.DEPENDENCY);

  private final Backend backend;
  private final Session session;
  private final InstantSource clock;
  private final SharedParts parts;
  private final SharedRights rights;
  private final SharedCut cut = new SharedCut();

  SharedNotebooks(
      Backend backend,
      Session session,
      InstantSource clock,
      SharedParts parts,
      SharedRights rights) {
    this.backend = backend;
    this.session = session;
    this.clock = clock;
    this.parts = parts;
    this.rights = rights;
  }

  /**
   * A notebook that was opened.
   *
   * @param names how many names came
   * @param bytes how much they hold
   */
  public record Opened(SharedVersion version, int names, long bytes) {}

  /** What this notebook is shared as, unless it is told otherwise. */
  private SharedName named(String asked) throws IOException, NotUsableException {
    session.participation().requireOwn();
    String text = asked.isEmpty() ? session.notebook() : asked;
    if (text.isEmpty()) {
      throw new NotUsableException(
          "this notebook has no file: say at the end what it is shared as");
    }
    String plain =
        text.endsWith(SUFFIX) ? text.substring(0, text.length() - SUFFIX.length()) : text;
    String spelled = plain.replaceAll("[^\\w.-]+", "-");
    return new SharedName(
        session.owner(), spelled.substring(0, Math.min(spelled.length(), 70)) + SUFFIX);
  }

  /**
   * Shares the notebook as it stands, in place of what was shared of it before.
   *
   * @param permissions what other people are permitted from now on; null when that stays as it is
   */
  public SharedName share(String asked, @Nullable Permissions permissions)
      throws IOException, NotUsableException {
    SharedName shared = named(asked);
    // What was the session itself is a copy from now on; under another name it goes on being that.
    List<SharedVersion> before = publish(shared, SharedVersion.FORK);
    unshare(shared, before);
    if (permissions != null) {
      rights.permit(shared, permissions);
    }
    return shared;
  }

  /**
   * Shares the session itself: who may read it sees its names as they are at each cell, who may
   * write it runs cells in it.
   *
   * @param permissions what other people are permitted from now on; null when that stays as it is
   */
  public SharedName shareSession(String asked, @Nullable Permissions permissions)
      throws IOException, NotUsableException {
    SharedName shared = named(asked);
    if (permissions != null) {
      rights.permit(ofSession(), shared, permissions);
    }
    Symbol setting = Symbol.plain(SharedVersion.SESSION, shared.toString());
    session.takeOver(
        List.of(Entry.definition(setting, session.nextStamp(), session.cellNumber())), List.of());
    session.participation().introduce(session.keys());
    if (backend.severalPeople()) {
      takeIn();
    }
    publish(shared, SharedVersion.LIVE);
    if (permissions != null) {
      rights.permit(
          shared,
          new Permissions(
              permissions.given().stream()
                  .map(each ->
                      new Permission(each.whom(), each.name(), Use.READ, each.expiresAtMs()))
                  .toList()));
    }
    return shared;
  }

  /** Values that lie with shared names come into the session: rights to that are none to those. */
  private void takeIn() throws IOException {
    Stamp stamp = session.nextStamp();
    Map<String, String> keys = new HashMap<>();
    List<Entry> taken = new ArrayList<>();
    for (Entry entry : session.manifest().entries()) {
      String from = entry.valueKey();
      if (from != null && from.startsWith(SharedName.ALL)) {
        Key to = session.keys().value(stamp, keys.size());
        if (keys.containsKey(from) || SharedParts.copyValue(backend.anna(), new Key(from), to)) {
          taken.add(entry.valueAt(keys.computeIfAbsent(from, each -> to.text())));
        }
      }
    }
    if (!taken.isEmpty()) {
      session.takeOver(taken, List.of());
    }
  }

  /** This notebook's session, as others know it. */
  private TheirSession ofSession() {
    return new TheirSession(session.owner(), session.keys().sessionId());
  }

  /** Nobody else may use the sessions that these versions are, from the next request on. */
  void unshare(SharedName shared, List<SharedVersion> versions) throws IOException {
    for (SharedVersion version : versions) {
      if (version.isLive()) {
        rights.takeBack(new TheirSession(shared.owner(), version.sessionId()).rights());
        forgetSession(version.sessionId());
      }
    }
  }

  private void forgetSession(String sessionId) throws IOException {
    if (session.keys().sessionId().equals(sessionId)
        && session.manifest().get(SharedVersion.SESSION) != null) {
      session.takeOver(List.of(), List.of(SharedVersion.SESSION));
    }
  }

  /** Writes a version of the notebook's name; those that it replaces. */
  private List<SharedVersion> publish(SharedName shared, String how)
      throws IOException, NotUsableException {
    cut.read(backend.anna(), List.of(shared.versions()), false);
    List<SharedVersion> before = versions(shared);
    for (SharedVersion version : before) {
      if (!version.sessionId().equals(session.keys().sessionId())) {
        throw new NotUsableException(
            "another notebook is %s: say `%%share notebook` with another name at its end"
                .formatted(shared));
      }
    }
    Stamp stamp = session.nextStamp();
    // No commit may have it: what is shared again at once is another version.
    session.abandon(stamp);
    Entry marker =
        Entry.definition(Symbol.plain(SharedVersion.NOTEBOOK, how), stamp, session.cellNumber());
    List<Entry> entries = how.equals(SharedVersion.FORK) ? copied(shared, stamp) : List.<Entry>of();
    if (backend.severalPeople()) {
      parts.give(shared, marker, entries);
    }
    SharedVersion version =
        new SharedVersion(
            marker,
            entries,
            session.owner(),
            session.notebook(),
            session.keys().sessionId(),
            clock.millis(),
            cut.register(shared.versions()).context(),
            List.of(),
            0);
    cut.write(backend.anna(), Map.of(shared.versions(), version));
    return before;
  }

  private List<SharedVersion> versions(SharedName shared) {
    return SharedVersion.readableIn(cut.register(shared.versions()));
  }

  /** The names as a fork has them, with their values stored under the shared name. */
  private List<Entry> copied(SharedName shared, Stamp stamp)
      throws IOException, NotUsableException {
    AnnaClient anna = backend.anna();
    Map<String, String> keys = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Entry each : session.manifest().entries()) {
      if (!KINDS.contains(each.name().kind())) {
        continue;
      }
      Entry entry = EarlierEpoch.settled(each).ownedBy("");
      String from = entry.valueKey();
      if (from != null && !from.startsWith(shared.prefix())) {
        requireReadable(entry, from);
        SharedParts.requireOwnValue(entry);
        String to = keys.get(from);
        if (to == null) {
          Key key = shared.value(stamp, keys.size());
          if (!SharedParts.copyValue(anna, new Key(from), key)) {
            throw new IOException("the store has no value under " + from);
          }
          to = key.text();
          keys.put(from, to);
        }
        entry = entry.valueAt(to);
      }
      entries.add(entry);
    }
    return List.copyOf(entries);
  }

  /** Cells can write the manifest, and may not have us read what they cannot. */
  private void requireReadable(Entry entry, String key) throws IOException {
    if (!key.startsWith(session.keys().valuePrefix()) && !key.startsWith(SharedName.ALL)) {
      throw new IOException(
          "`%s` is not shared: its value is not this notebook's".formatted(entry.name().text()));
    }
  }

  /** Checks that a version is what a notebook writes: others could write anything. */
  private static void check(SharedName shared, SharedVersion version) throws NotUsableException {
    for (Entry each : version.definitions()) {
      String value = each.valueKey();
      if (!KINDS.contains(each.name().kind())
          || (value != null && !value.startsWith(shared.prefix() + "d/"))) {
        throw new NotUsableException(
            "what %s has written to %s is no notebook".formatted(version.person(), shared));
      }
    }
  }

  /**
   * The entries of a version, with what they need where this person's executors find it. Of another
   * person's notebook these are copies, which stay when the notebook does not.
   */
  private List<Entry> own(SharedName shared, SharedVersion version)
      throws IOException, NotUsableException {
    check(shared, version);
    if (!backend.severalPeople()) {
      return version.definitions();
    }
    rights.requireTrust(shared);
    parts.takeClasses(shared, version);
    if (shared.owner().equals(session.owner()) && !session.isTogether()) {
      return version.definitions();
    }
    Stamp commit = session.nextStamp();
    Map<String, String> keys = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : version.definitions()) {
      String from = entry.valueKey();
      if (from != null && !keys.containsKey(from)) {
        Key to = session.keys().value(commit, keys.size());
        if (!SharedParts.copyValue(backend.anna(), new Key(from), to)) {
          throw new ReplacedException(shared);
        }
        keys.put(from, to.text());
      }
      entries.add(from == null ? entry : entry.valueAt(String.valueOf(keys.get(from))));
    }
    return entries;
  }

  /**
   * The session behind a shared notebook, which this one is to go on in; null when it is shared as
   * it stood, to be forked.
   */
  public @Nullable TheirSession session(SharedName shared) throws IOException, NotUsableException {
    SharedVersion version = standing(shared);
    if (!version.isLive()) {
      return null;
    }
    if (backend.severalPeople() && !shared.owner().equals(session.owner())) {
      rights.requireTrust(shared);
    }
    try {
      return new TheirSession(shared.owner(), version.sessionId());
    } catch (IllegalArgumentException e) {
      throw new NotUsableException(
          "what %s has written to %s is no notebook".formatted(version.person(), shared));
    }
  }

  /** Makes this notebook, which has no names yet, a fork of a shared one. */
  public Opened open(SharedName shared) throws IOException, NotUsableException {
    long own =
        session.manifest().entries().stream()
            .filter(entry -> KINDS.contains(entry.name().kind()))
            .count();
    if (own > 0) {
      throw new NotUsableException(
          "this notebook has %d names of its own: open %s in a new one, or say `%%reset` first"
              .formatted(own, shared));
    }
    SharedVersion version = standing(shared);
    session.commit(own(shared, version), List.of());
    Stamp dot = version.entry().stamp();
    if (standingOrNone(shared).stream().noneMatch(each -> each.entry().stamp().equals(dot))) {
      // Its values may be collected: nothing says that this notebook needs them before the commit.
      session.commit(List.of(), version.definitions().stream().map(Entry::name).toList());
      throw new NotUsableException(
          "%s was unshared or shared anew just now: try again".formatted(shared));
    }
    long bytes =
        version.definitions().stream()
            .filter(entry -> entry.valueKey() != null)
            .collect(Collectors.toMap(Entry::valueKey, Entry::sizeBytes, (one, other) -> one))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .sum();
    return new Opened(version, version.definitions().size(), bytes);
  }

  private List<SharedVersion> standingOrNone(SharedName shared) throws IOException {
    cut.read(backend.anna(), List.of(shared.versions()), false);
    return versions(shared);
  }

  private SharedVersion standing(SharedName shared) throws IOException, NotUsableException {
    List<SharedVersion> versions = standingOrNone(shared);
    if (versions.isEmpty()) {
      throw new NotUsableException("nobody shares %s with you".formatted(shared));
    }
    if (!versions.getFirst().isNotebook()) {
      throw new NotUsableException(
          "%s is a variable: `%%use %s` has it here".formatted(shared, shared));
    }
    return versions.getFirst();
  }
}
