package hydrocell.executor.state;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.anna.ValueReader;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings values from Anna into fields. Each value is decoded once, whoever asks first, so that
 * names that share objects go on sharing them; others wait. Nothing is locked while bytes are
 * fetched or objects made, because making objects can initialise classes of the user. Thread-safe.
 */
final class ValueLoads {
  private static final long WAIT_SECONDS = 120;

  private final LiveNames names;
  private final ValueStore store;
  private final SessionLoader loader;
  private final ClassVersions versions;
  private final List<String> notices = new ArrayList<>();
  private final Map<Name, String> stale = new LinkedHashMap<>();
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  private record Running(Thread owner, CompletableFuture<@Nullable Void> done) {}

  ValueLoads(LiveNames names, ValueStore store, SessionLoader loader, ClassVersions versions) {
    this.names = names;
    this.store = store;
    this.loader = loader;
    this.versions = versions;
  }

  /** Loads the values that these entries name, in one batch. */
  void load(Collection<Entry> wanted, Traffic traffic) {
    Map<String, Entry> mine = new LinkedHashMap<>();
    List<Running> others = new ArrayList<>();
    List<Entry> ofSameValue = new ArrayList<>();
    for (Entry entry : wanted) {
      String key = entry.valueKey();
      if (key == null || names.holds(entry.name())) {
        continue;
      }
      if (mine.containsKey(key)) {
        ofSameValue.add(entry);
        continue;
      }
      Running fresh = new Running(Thread.currentThread(), new CompletableFuture<>());
      Running earlier = running.putIfAbsent(key, fresh);
      if (earlier == null) {
        mine.put(key, entry);
      } else if (earlier.owner != Thread.currentThread()) {
        others.add(earlier);
      }
    }
    try {
      fetch(mine, traffic);
    } finally {
      for (String key : mine.keySet()) {
        Running ended = running.remove(key);
        if (ended != null) {
          ended.done.complete(null);
        }
      }
    }
    others.forEach(ValueLoads::await);
    for (Entry entry : ofSameValue) {
      // Names that share no objects, which once were one shared name.
      if (!names.holds(entry.name())) {
        load(List.of(entry), traffic);
      }
    }
  }

  private static void await(Running other) {
    try {
      other.done.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "another thread has been reading the same value for %d s".formatted(WAIT_SECONDS), e);
    }
  }

  private void fetch(Map<String, Entry> mine, Traffic traffic) {
    if (mine.isEmpty()) {
      return;
    }
    List<Key> keys = new ArrayList<>();
    List<ClassRef> missing = new ArrayList<>();
    Set<String> asked = new LinkedHashSet<>();
    for (Entry entry : mine.values()) {
      keys.add(new Key(java.util.Objects.requireNonNull(entry.valueKey())));
      loader.know(entry.valueClasses());
      for (ClassRef ref : entry.valueClasses()) {
        if (!loader.has(ref) && asked.add(ref.binaryName())) {
          missing.add(ref);
        }
      }
    }
    missing.forEach(ref -> keys.add(SessionKeys.classFile(ref.sha256())));
    List<@Nullable ValueReader> opened;
    try {
      opened = store.open(keys, traffic);
    } catch (RuntimeException e) {
      throw unreachable(mine.values().iterator().next(), ValueStore.cause(e));
    }
    try {
      for (int i = 0; i < missing.size(); i++) {
        ValueReader file = opened.get(mine.size() + i);
        if (file != null) {
          loader.add(List.of(new hydrocell.cell.ClassFile(missing.get(i), file.readAll())));
        }
      }
      for (ValueReader value : opened.subList(0, mine.size())) {
        if (value != null) {
          traffic.watcher().begins(Traffic.Way.READ, value.length());
        }
      }
      int at = 0;
      for (Entry entry : mine.values()) {
        ValueReader value = opened.get(at++);
        ValueReader following = at < opened.size() ? opened.get(at) : null;
        if (following != null) {
          following.fetchAhead();
        }
        accept(entry, value, traffic.watcher());
      }
    } catch (AnnaException e) {
      throw unreachable(mine.values().iterator().next(), e);
    } finally {
      for (ValueReader reader : opened) {
        if (reader != null) {
          reader.close();
        }
      }
    }
  }

  private static UnreadableNameException unreachable(Entry entry, AnnaException why) {
    return new UnreadableNameException(
        entry.name(),
        "`%s` cannot be read now: %s. Run the cell again when the storage node answers."
            .formatted(entry.name().text(), why.getMessage()));
  }

  private void accept(Entry entry, @Nullable ValueReader value, Traffic.Watcher watcher) {
    ValueDecoder.Decoded decoded;
    try {
      if (value == null) {
        throw new CorruptValueException("the store has no value under " + entry.valueKey());
      }
      ValueSource source = new ValueSource(value.length(), () -> next(value, watcher));
      decoded = new ValueDecoder(source, loader, versions, allowed(entry)).decode();
      if (!source.hash().equals(entry.valueHash())) {
        throw new CorruptValueException("its bytes are not the ones that were written");
      }
    } catch (ForeignCodeException e) {
      throw new UnreadableNameException(
          entry.name(),
          "`%s` of %s cannot be read without trust: %s. `%%trust %s` lets it, and `%%rm %s` and `%%use` bring it anew."
              .formatted(
                  entry.name().text(),
                  entry.owner(),
                  e.getMessage(),
                  entry.owner().replaceFirst("/[^/]*$", ""),
                  entry.name().text()));
    } catch (CorruptValueException e) {
      throw unreadable(entry, "its stored value is damaged: " + e.getMessage());
    } catch (StaleValueException e) {
      stale(entry.name(), String.valueOf(e.getMessage()));
      throw unreadable(entry, e.getMessage());
    } catch (AnnaException e) {
      throw e.reason() == AnnaException.Reason.CORRUPT
          ? unreadable(entry, "its stored value is damaged: " + e.getMessage())
          : unreachable(entry, e);
    }
    install(entry, decoded);
  }

  private static @Nullable ByteBuffer next(ValueReader value, Traffic.Watcher watcher) {
    ByteBuffer part = value.next();
    if (part != null) {
      watcher.moved(Traffic.Way.READ, part.remaining());
    }
    return part;
  }

  /** What a value may hold that somebody else wrote who is not trusted; null: anything. */
  private static @Nullable PlainTypes allowed(Entry entry) {
    return SessionKeys.isData(String.valueOf(entry.valueKey()))
        ? new PlainTypes(
            entry.valueClasses().stream().map(ClassRef::binaryName).collect(Collectors.toSet()))
        : null;
  }

  /** The error for a name that cannot be read. */
  static UnreadableNameException unreadable(Entry entry, @Nullable String why) {
    return new UnreadableNameException(
        entry.name(),
        "`%s` cannot be read: %s. Run cell [%d], which defines it, again."
            .formatted(entry.name().text(), why, entry.cellNumber()));
  }

  private void install(Entry loaded, ValueDecoder.Decoded decoded) {
    Map<Name, String> spellings = members(loaded, decoded);
    Set<Name> members = spellings.keySet();
    String spelling = spellings.get(loaded.name());
    if (spelling == null) {
      throw unreadable(loaded, "its stored value is damaged: it does not hold this name");
    }
    Set<String> classes = new TreeSet<>();
    loaded.valueClasses().forEach(ref -> classes.add(ref.binaryName()));
    boolean changed = !decoded.migrated().isEmpty();
    Group group =
        new Group(
            members.stream().map(Name::toString).sorted().toList(),
            loaded.valueKey(),
            changed ? "" : loaded.valueHash(),
            "",
            changed ? Set.of() : classes,
            null,
            null,
            loaded.name().toString().equals(spelling) ? "" : spelling);
    if (changed) {
      noteMigration(members, decoded);
    }
    for (Name name : members) {
      names.await(name, decoded.roots().get(spellings.get(name)));
    }
    names.group(members, group);
    try {
      for (Name name : members) {
        Entry entry = names.entry(name);
        for (Class<?> holder : names.holdersOf(name)) {
          put(name, holder, entry == null ? loaded : entry);
        }
      }
    } catch (UnreadableNameException e) {
      // Held they would count as read, and the next cell would find null in their fields.
      members.forEach(names::forget);
      throw e;
    }
  }

  /**
   * The names that a value is of, with what it calls them. That of one name alone is that name's,
   * whatever it was called by those who stored it: a shared name may be used under another one.
   */
  private Map<Name, String> members(Entry loaded, ValueDecoder.Decoded decoded) {
    Map<Name, String> members = new LinkedHashMap<>();
    boolean alone = decoded.roots().size() == 1;
    for (String spelling : decoded.roots().keySet()) {
      Name name = alone ? loaded.name() : Name.parse(spelling);
      Entry entry = names.entry(name);
      if (entry != null
          && entry.state() != Entry.State.UNSTORABLE
          && loaded.valueKey() != null
          && loaded.valueKey().equals(entry.valueKey())) {
        members.put(name, spelling);
      }
    }
    return members;
  }

  private void noteMigration(Collection<Name> members, ValueDecoder.Decoded decoded) {
    String fields =
        decoded.newFields().isEmpty()
            ? ""
            : "; new fields hold 0, false or null: " + String.join(", ", decoded.newFields());
    synchronized (notices) {
      notices.add(
          "%s was carried over to the new %s%s"
              .formatted(
                  String.join(", ", members.stream().map(n -> "`" + n.text() + "`").toList()),
                  String.join(", ", decoded.migrated()),
                  fields));
    }
  }

  /**
   * Sets the fields of a holder from the value that waits for it.
   *
   * @return false when the holder is of an earlier type, which the value does not fit
   */
  boolean put(Name name, Class<?> holder, Entry entry) {
    LiveNames.Waiting value = names.waiting(name);
    if (value == null) {
      return true;
    }
    boolean present = names.isPresent(name, holder);
    try {
      Fields.write(name, holder, value.value());
      if (present) {
        names.installed(name);
      }
      return true;
    } catch (StaleValueException e) {
      if (present) {
        throw unreadable(entry, e.getMessage());
      }
      return false;
    }
  }

  /** A value turned out not to fit its type. */
  void stale(Name name, String why) {
    synchronized (notices) {
      stale.put(name, why);
    }
  }

  boolean isStale(Name name) {
    synchronized (notices) {
      return stale.containsKey(name);
    }
  }

  /** Names whose value turned out not to fit its type since the last call, with the reason. */
  Map<Name, String> takeStale() {
    synchronized (notices) {
      Map<Name, String> taken = Map.copyOf(stale);
      stale.clear();
      return taken;
    }
  }

  /** What the user should be told since the last call. */
  List<String> takeNotices() {
    synchronized (notices) {
      List<String> taken = List.copyOf(notices);
      notices.clear();
      return taken;
    }
  }
}
