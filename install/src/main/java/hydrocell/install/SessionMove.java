package hydrocell.install;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.ValueReader;
import hydrocell.anna.ValueWriter;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Permissions;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SessionPlace;
import hydrocell.cell.SessionPlace.State;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUse;
import hydrocell.cell.TheirSession;
import hydrocell.kernel.Hashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Moves a notebook's session from one store to another, whole: all its epochs, values, classes and
 * history.
 *
 * <pre>
 * 1  to:   ARRIVING            under the notebook's path; kernels there refuse it
 * 2  copy: a merge of everything, which changes nothing where it was done before
 * 3  from: GONE                from here on the session is there
 * 4  from: what is on its way is fenced off; copy: what was committed until then
 * 5  to:   HERE
 * 6  from: all is deleted but the record, and the manifests, which hold the fences
 * </pre>
 *
 * <p>The third step is one merge: before it the session is where it was, after it where it goes.
 * Who was killed in between begins anew, and finds by the records how far it had come. Used by one
 * thread.
 */
final class SessionMove {
  private static final int PAGE = 1_000;

  private final Place from;
  private final Place to;
  private final String path;
  private final String sessionId;
  private int copiedValues;

  /**
   * One end of a move.
   *
   * @param owner as this store calls the person
   * @param name as the person's machine calls the store
   */
  record Place(AnnaClient anna, String owner, String name) {
    private Key path(String notebook) {
      return SessionKeys.path(shortHash(owner), shortHash(notebook));
    }

    private @Nullable Lattice get(Key key) {
      return anna.get(key).join().lattice();
    }
  }

  /**
   * What was moved.
   *
   * @param names of the present epoch
   * @param values that were copied
   */
  record Moved(int names, int values) {}

  private SessionMove(Place from, Place to, String path, String sessionId) {
    this.from = from;
    this.to = to;
    this.path = path;
    this.sessionId = sessionId;
  }

  private static String shortHash(String text) {
    return Hashes.sha256(text).substring(0, 24);
  }

  /** The move of a notebook's session. Throws with a message when there is none to move. */
  static SessionMove of(Place from, Place to, String path) throws IOException {
    if (from.get(from.path(path)) instanceof LwwRegister register) {
      return new SessionMove(from, to, path, own(register, path, from));
    }
    throw new IOException(
        "%s has nothing of %s: has it ever run there, under this path?".formatted(from.name, path));
  }

  /** The session that a register of a path names, if that is the notebook's own. */
  private static String own(LwwRegister register, String path, Place store) throws IOException {
    String text = new String(register.value(), StandardCharsets.UTF_8);
    if (!text.matches("[\\w-]+")) {
      throw new IOException(
          "%s has another notebook opened in %s: say %%leave there first"
              .formatted(path, store.name));
    }
    return text;
  }

  private Key record() {
    return new SessionKeys(sessionId, 1).session();
  }

  private String prefix() {
    return record().text() + "/";
  }

  private SessionPlace place(Place store) {
    return SessionPlace.of(store.get(record()));
  }

  /** Whether the session has left, and has not arrived. */
  boolean isUnderWay() {
    SessionPlace left = place(from);
    SessionPlace arriving = place(to);
    return left.state() == State.GONE
        && arriving.state() == State.ARRIVING
        && arriving.number() == left.number() + 1;
  }

  /**
   * Does it, or what is left of it.
   *
   * @param replace whether what the other store has of this notebook may go
   */
  Moved run(boolean replace) throws IOException {
    try {
      if (!isUnderWay()) {
        begin(replace);
        copy();
        leave();
      }
      return finish();
    } catch (CompletionException | AnnaException e) {
      throw new IOException(
          "%s: %s. Nothing is lost; the same command goes on with it"
              .formatted(
                  isLeft() ? "the move is not finished" : "the notebook is where it was",
                  e instanceof CompletionException && e.getCause() != null
                      ? e.getCause().getMessage()
                      : e.getMessage()),
          e);
    }
  }

  private boolean isLeft() {
    try {
      return isUnderWay();
    } catch (CompletionException e) {
      return true; // Nobody knows.
    }
  }

  /** Whether the session has left and arrived: then what is left of it here is of no use. */
  private boolean hasArrived() {
    SessionPlace left = place(from);
    SessionPlace there = place(to);
    // A store that never had the session says HERE, too.
    return left.state() == State.GONE
        && there.state() == State.HERE
        && there.number() > left.number();
  }

  /**
   * Takes back what there is of a move whose session has not left; whether there was any. One that
   * has arrived is cleared away where it was.
   */
  boolean cancel() {
    if (hasArrived()) {
      cleanUp();
      return false;
    }
    if (isUnderWay() || place(to).state() != State.ARRIVING) {
      return false;
    }
    delete(to, keys(to));
    to.anna.delete(List.of(record(), to.path(path))).join();
    return true;
  }

  /** Checks that it can go, and says so where it arrives. */
  private void begin(boolean replace) throws IOException {
    SessionPlace here = place(from);
    if (hasArrived()) {
      cleanUp(); // Who moved it may have been killed over this.
    }
    if (here.state() != State.HERE) {
      throw new IOException(
          here.state() == State.GONE
              ? "%s is not in %s: it has moved to %s".formatted(path, from.name, here.other())
              : "%s has not arrived in %s yet: finish the move from %s first"
                  .formatted(path, from.name, here.other()));
    }
    checkMovable();
    SessionPlace there = place(to);
    String standing = there.state() == State.ARRIVING ? "" : sessionIn(to);
    if (!standing.isEmpty()) {
      if (!replace) {
        throw new IOException(
            "%s has a session of %s already: with --replace that is deleted first"
                .formatted(to.name, path));
      }
      delete(to, keys(to, standing));
      // The number of its epoch would be taken for that of what comes.
      to.anna.delete(List.of(new SessionKeys(standing, 1).session())).join();
    }
    long number = Math.max(here.number(), there.number()) + 2;
    merge(to, new SessionPlace(number, State.ARRIVING, from.name));
    // A path that meant another session there means this one from now on.
    long counter = to.get(to.path(path)) instanceof LwwRegister known ? known.stamp().counter() : 0;
    byte[] id = sessionId.getBytes(StandardCharsets.UTF_8);
    LwwRegister meant = new LwwRegister(new Stamp(counter + 1, "move", 0), id);
    to.anna.merge(to.path(path), meant, Durability.DISK).join();
  }

  /** The session that can be opened there under the notebook's path; empty when there is none. */
  private String sessionIn(Place store) throws IOException {
    if (store.get(store.path(path)) instanceof LwwRegister register) {
      String id = own(register, path, store);
      Lattice stored = store.get(new SessionKeys(id, 1).session());
      if (stored != null && SessionPlace.of(stored).state() == State.HERE) {
        return id;
      }
    }
    return "";
  }

  /** What a cell that runs is to write cannot be taken along, nor one shared name for another. */
  private void checkMovable() throws IOException {
    if (from.get(new TheirSession(from.owner, sessionId).rights()) instanceof LwwRegister register
        && !Permissions.read(register.value()).given().isEmpty()) {
      throw new IOException(
          "%s is shared with others, who are in it: %%unshare it first".formatted(path));
    }
    for (Key key : keys(from)) {
      if (SessionKeys.isJob(key)) {
        throw new IOException(
            "asynchronous cells of %s have not ended: wait for them (%%wait) or cancel them (%%cancel)"
                .formatted(path));
      }
      if (SessionKeys.isManifest(key)) {
        for (Entry each : manifest(key).entries()) {
          if (SharedUse.isSetting(each.name())) {
            requireUnknown(SharedUse.of(each).shared());
          }
        }
      }
    }
  }

  private void requireUnknown(SharedName shared) throws IOException {
    if (to.get(shared.versions()) != null) {
      throw new IOException(
          "%s uses %s, and %s has another one of that name: let go of it with %%rm, or %%unshare it"
              .formatted(path, shared, to.name));
    }
  }

  private Manifest manifest(Key key) throws IOException {
    return Manifest.of(from.get(key));
  }

  private List<Key> keys(Place store) {
    return keys(store, sessionId);
  }

  private static List<Key> keys(Place store, String id) {
    String prefix = new SessionKeys(id, 1).session().text() + "/";
    List<Key> keys = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = store.anna.scan(prefix, cursor, PAGE).join();
      keys.addAll(page.keys());
      cursor = page.next();
    } while (cursor != null);
    return keys;
  }

  private void copy() throws IOException {
    Set<Key> values = new LinkedHashSet<>();
    Set<Key> classes = new LinkedHashSet<>();
    for (Key key : keys(from)) {
      if (key.text().startsWith(prefix() + "v/")) {
        values.add(key);
      } else if (SessionKeys.isManifest(key)) {
        manifest(key)
            .kept()
            .forEach(each -> {
              String value = each.valueKey();
              if (value != null) {
                values.add(new Key(value));
              }
              Stream.concat(each.symbol().classes().stream(), each.valueClasses().stream())
                  .forEach(ref -> classes.add(SessionKeys.classFile(ref.sha256())));
            });
        copyLattice(key);
      } else {
        copyLattice(key);
      }
    }
    for (Key each : classes) {
      copyValue(each);
    }
    for (Key each : values) {
      copiedValues += copyValue(each) ? 1 : 0;
    }
  }

  private void copyLattice(Key key) {
    Lattice lattice = from.get(key);
    if (lattice != null) {
      to.anna.merge(key, lattice, Durability.LOG).join();
    }
  }

  /** Copies what never changes; whether it had to. What no writer has completed is nothing. */
  private boolean copyValue(Key key) throws IOException {
    if (to.anna.version(key).join() != 0) {
      return false;
    }
    ValueWriter writer = null;
    try (ValueReader reader = from.anna.readValue(key).join()) {
      if (reader == null) {
        return false;
      }
      writer = to.anna.writeValue(key, Durability.LOG);
      for (ByteBuffer part = reader.next(); part != null; part = reader.next()) {
        writer.write(part);
      }
      writer.finish().join();
      return true;
    } catch (AnnaException e) {
      if (writer != null) {
        writer.abandon().join();
      }
      if (e.reason() == AnnaException.Reason.CORRUPT) {
        return false;
      }
      throw e;
    }
  }

  /** The step that counts. Kernels that have it open are told with their next cell. */
  private void leave() {
    merge(from, new SessionPlace(place(to).number() - 1, State.GONE, to.name));
  }

  /**
   * After it has left: kernels ask where it is when they have read a manifest, and with it their
   * fences, so those that do not know yet that it is gone are refused from now on.
   */
  private void fenceOff() {
    for (Key key : keys(from)) {
      if (SessionKeys.isManifest(key) && from.get(key) instanceof MapLattice stored) {
        from.anna.merge(key, Commit.fenceOffAll(stored), Durability.DISK).join();
      }
    }
  }

  private Moved finish() throws IOException {
    fenceOff();
    copy();
    copyLattice(record());
    merge(to, new SessionPlace(place(to).number() + 1, State.HERE, from.name));
    long newest = 0;
    int names = 0;
    for (Key key : keys(to)) {
      if (SessionKeys.isManifest(key)) {
        long epoch = Long.parseLong(key.text().split("/")[3]);
        if (epoch > newest) {
          newest = epoch;
          names = Manifest.of(to.get(key)).entries().size();
        }
      }
    }
    cleanUp();
    return new Moved(names, copiedValues);
  }

  /** Whoever still has something on its way is refused by the manifests' fences, for ever. */
  private void cleanUp() {
    delete(from, keys(from).stream().filter(key -> !SessionKeys.isManifest(key)).toList());
  }

  private void merge(Place store, SessionPlace place) {
    store.anna.merge(record(), place.delta(), Durability.DISK).join();
  }

  private static void delete(Place store, List<Key> keys) {
    for (int i = 0; i < keys.size(); i += PAGE) {
      store.anna.delete(keys.subList(i, Math.min(keys.size(), i + PAGE))).join();
    }
  }
}
