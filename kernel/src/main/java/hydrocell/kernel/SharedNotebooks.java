package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Permissions;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedVersion;
import hydrocell.cell.Symbol;
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
 * Whole notebooks that are shared as they stood at one moment, for others to go on with on their
 * own. Sharing copies the values to the shared name; opening copies none, and what the fork writes
 * is its own. For the thread that runs cells.
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
  private SharedName named(String asked) throws NotUsableException {
    String text = asked.isEmpty() ? session.notebook() : asked;
    if (text.isEmpty()) {
      throw new NotUsableException(
          "this notebook has no file: say after --fork what it is shared as");
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
    cut.read(backend.anna(), List.of(shared.versions()), false);
    for (SharedVersion version : versions(shared)) {
      if (!version.sessionId().equals(session.keys().sessionId())) {
        throw new NotUsableException(
            "another notebook is %s: say `%%share notebook --fork NAME`".formatted(shared));
      }
    }
    Stamp stamp = session.nextStamp();
    // No commit may have it: what is shared again at once is another version.
    session.abandon(stamp);
    Entry marker =
        Entry.definition(Symbol.plain(SharedVersion.NOTEBOOK, "fork"), stamp, session.cellNumber());
    List<Entry> entries = copied(shared, stamp);
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
    if (permissions != null) {
      rights.permit(shared, permissions);
    }
    return shared;
  }

  private List<SharedVersion> versions(SharedName shared) {
    return SharedVersion.readableIn(cut.register(shared.versions()));
  }

  /** The names as a fork has them, with their values stored under the shared name. */
  private List<Entry> copied(SharedName shared, Stamp stamp) throws IOException {
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
    if (shared.owner().equals(session.owner())) {
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
          throw new NotUsableException("%s was shared anew just now: try again".formatted(shared));
        }
        keys.put(from, to.text());
      }
      entries.add(from == null ? entry : entry.valueAt(String.valueOf(keys.get(from))));
    }
    return entries;
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
    if (standingOrNone(shared).isEmpty()) {
      // Its values may be collected: nothing says that this notebook needs them before the commit.
      session.commit(List.of(), version.definitions().stream().map(Entry::name).toList());
      throw new NotUsableException("%s was unshared just now".formatted(shared));
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
