package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.ValueReader;
import hydrocell.anna.ValueWriter;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The value and the classes of a version, on their way between a notebook and a shared name. A
 * name's own copies make others independent of its writer's sessions; a user's own copies make them
 * independent of the name, which its owner may take back. Used by the thread that runs cells.
 */
final class SharedParts {
  private static final int MOST_CLASS_BYTES = 4 << 20;

  private final Backend backend;

  SharedParts(Backend backend) {
    this.backend = backend;
  }

  /** Where a session's own copy of a version's value lies. */
  static Key valueOf(SharedName shared, Stamp version, SessionKeys own, Stamp commit) {
    return Key.of(
        "session",
        own.sessionId(),
        "v",
        Long.toString(own.epoch()),
        commit.toString(),
        hash(shared, version));
  }

  /** The same of somebody's who is not trusted. */
  static Key dataOf(SharedName shared, Stamp version, SessionKeys own, Stamp commit) {
    return own.data(commit, hash(shared, version));
  }

  private static String hash(SharedName shared, Stamp version) {
    return Hashes.sha256(shared + "\0" + version).substring(0, 24);
  }

  /**
   * Checks that a value may be shared on: what came without trust would reach others as this
   * person's.
   */
  static void requireOwnValue(Entry entry) throws NotUsableException {
    if (entry.valueKey() != null && SessionKeys.isData(entry.valueKey())) {
      throw new NotUsableException(
          "`%s` came from somebody whom you do not trust: share a copy of it"
              .formatted(entry.name().text()));
    }
  }

  private static Set<ClassRef> classes(Entry entry, List<Entry> definitions) {
    Set<ClassRef> classes = new LinkedHashSet<>();
    Stream.concat(Stream.of(entry), definitions.stream())
        .forEach(each -> {
          classes.addAll(each.symbol().classes());
          classes.addAll(each.valueClasses());
        });
    return classes;
  }

  /**
   * Puts the classes that a version needs beside its value. Each version has its own: what two of
   * them shared could be collected with the one while somebody writes the other.
   */
  void give(SharedName shared, Entry entry, List<Entry> definitions)
      throws IOException, NotUsableException {
    for (ClassRef ref : classes(entry, definitions)) {
      Key from = SessionKeys.classFile(ref.sha256());
      if (!copyClass(from, shared.classFile(entry.stamp(), ref.sha256()))) {
        throw new NotUsableException("the store has no class under " + from);
      }
    }
  }

  /**
   * Checks that a version is what a notebook writes: others could write anything.
   *
   * @throws NotUsableException when it is not
   */
  static void check(SharedName shared, SharedVersion version) throws NotUsableException {
    Entry entry = version.entry();
    String value = entry.valueKey();
    boolean makesSense =
        entry.name().kind() == Kind.VARIABLE
            && entry.state() == Entry.State.READY
            && value != null
            && value.startsWith(shared.prefix() + "d/");
    for (Entry each : version.definitions()) {
      Kind kind = each.name().kind();
      makesSense &= kind == Kind.TYPE || kind == Kind.METHOD || kind == Kind.IMPORT;
      makesSense &= each.valueKey() == null && each.state() == Entry.State.READY;
    }
    if (!makesSense) {
      throw new NotUsableException(
          "what %s has written to %s is no version of a variable"
              .formatted(version.person(), shared));
    }
  }

  /**
   * Brings the classes that a version needs into this person's store, where executors look. They
   * are looked for each time, since what no notebook needed meanwhile was collected.
   *
   * @throws ReplacedException when the version went while it was read
   */
  void takeClasses(SharedName shared, SharedVersion version)
      throws IOException, NotUsableException {
    Map<ClassRef, CompletableFuture<Long>> asked = new LinkedHashMap<>();
    for (ClassRef ref : classes(version.entry(), version.definitions())) {
      asked.put(ref, backend.anna().version(SessionKeys.classFile(ref.sha256())));
    }
    for (Map.Entry<ClassRef, CompletableFuture<Long>> each : asked.entrySet()) {
      String sha256 = each.getKey().sha256();
      if (Backend.await(each.getValue()) == 0
          && !copyClass(
              shared.classFile(version.entry().stamp(), sha256), SessionKeys.classFile(sha256))) {
        throw new ReplacedException(shared);
      }
    }
  }

  /**
   * Copies a class; false when there is none. The store checks a class's content for tokens only,
   * and this is a person's own kernel.
   */
  private boolean copyClass(Key from, Key to) throws IOException, NotUsableException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ValueReader reader = Backend.await(backend.anna().readValue(from))) {
      if (reader == null) {
        return false;
      }
      for (ByteBuffer part = reader.next(); part != null; part = reader.next()) {
        byte[] some = new byte[part.remaining()];
        part.get(some);
        bytes.writeBytes(some);
        if (bytes.size() > MOST_CLASS_BYTES) {
          throw new NotUsableException(
              "a class has more than %,d bytes".formatted(MOST_CLASS_BYTES));
        }
      }
    }
    byte[] all = bytes.toByteArray();
    if (!to.text().endsWith("/" + Hashes.sha256(all))) {
      throw new NotUsableException("what lies under %s is not that class".formatted(from));
    }
    Backend.await(backend.anna().putWhole(to, all, Durability.LOG));
    return true;
  }

  /** Copies a value; false when it is not there whole. A few chunks are in memory at a time. */
  static boolean copyValue(AnnaClient anna, Key from, Key to) throws IOException {
    try (ValueReader reader = Backend.await(anna.readValue(from))) {
      if (reader == null) {
        return false;
      }
      ValueWriter writer = anna.writeValue(to, Durability.LOG);
      for (ByteBuffer part = reader.next(); part != null; part = reader.next()) {
        writer.write(part);
      }
      Backend.await(writer.finish());
      return true;
    } catch (AnnaException e) {
      if (e.reason() == AnnaException.Reason.CORRUPT) {
        return false; // Deleted while it was read, or never whole: others write it.
      }
      throw e;
    }
  }
}
