package hydrocell.storage;

import hydrocell.anna.Values;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Use;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What of other persons' sessions one person may use, as their owners permit it:
 *
 * <pre>
 * theirs/OWNER/session/SID[/…]      lies under person/OWNER/session/SID[/…]
 * their-class/OWNER/SID/SHA256      lies under person/OWNER/class/SHA256
 * </pre>
 *
 * <p>Who may read a session reads all of it, and classes whose hash its manifest told. Who may
 * write it moves its manifest on and writes values, history and output, and classes that are what
 * their hash says, and notes in its record who they are and which cell was the last; where the
 * session is, and its epoch, only the owner says. Nothing is removed by anybody but the owner.
 */
record TheirSessions(String person, People people) {
  private static final int OWNER = 1;
  private static final int SESSION = 3;
  private static final int PARTS = 5;

  static boolean isTheirs(String key) {
    return key.startsWith(Permissions.THEIRS) || isClass(key);
  }

  static boolean isClass(String key) {
    return key.startsWith(Permissions.THEIR_CLASSES);
  }

  /** Where something lies that may be read; null when it may not. */
  @Nullable String read(String key) {
    return isClass(key) ? classFile(key, Use.READ) : session(key, Use.READ);
  }

  /** Where the keys that begin so lie; null when they may not be read. */
  @Nullable String scanned(String prefix) {
    // Without its end, a session's id may be the beginning of another one's.
    return !isClass(prefix) && prefix.split("/", PARTS).length == PARTS
        ? session(prefix, Use.READ)
        : null;
  }

  /** Where something lies that may be merged; null when it may not. */
  @Nullable String merged(AnnaRequest.Merge merge) {
    String key = merge.key().text();
    if (isRecord(key)) {
      return merge.delta() instanceof MapLattice map && isNote(map)
          ? session(key, Use.WRITE)
          : null;
    }
    if (!isClass(key)) {
      return written(key);
    }
    return merge.delta() instanceof LwwRegister register
        ? mergedClass(key, register.stamp(), ByteBuffer.wrap(register.value()))
        : null;
  }

  /** The same of a register whose bytes are these. */
  @Nullable String merged(String key, Stamp stamp, ByteBuffer value) {
    return isClass(key) ? mergedClass(key, stamp, value) : written(key);
  }

  private @Nullable String mergedClass(String key, Stamp stamp, ByteBuffer value) {
    return Values.isAddressed(key, stamp, value) ? classFile(key, Use.WRITE) : null;
  }

  private static boolean isRecord(String key) {
    return !isClass(key) && key.split("/", PARTS).length == PARTS - 1;
  }

  private static boolean isNote(MapLattice delta) {
    return delta.fields().keySet().stream()
        .allMatch(field -> field.startsWith("who/") || field.startsWith("cell/"));
  }

  private @Nullable String written(String key) {
    String[] parts = key.split("/", PARTS);
    String rest = parts.length < PARTS ? "" : parts[PARTS - 1];
    boolean makesSense =
        rest.startsWith("m/")
            || rest.startsWith("v/")
            || rest.startsWith("o/")
            || rest.equals("h")
            || rest.startsWith("h/");
    return makesSense ? session(key, Use.WRITE) : null;
  }

  private @Nullable String session(String key, Use use) {
    String[] parts = key.split("/", PARTS);
    return parts.length > SESSION
            && parts[2].equals("session")
            && allow(parts[OWNER], parts[SESSION], use)
        ? People.privatePrefixOf(parts[OWNER])
            + key.substring(Permissions.THEIRS.length() + parts[OWNER].length() + 1)
        : null;
  }

  private @Nullable String classFile(String key, Use use) {
    String[] parts = key.split("/", PARTS);
    return parts.length == PARTS - 1 && allow(parts[OWNER], parts[2], use)
        ? People.privatePrefixOf(parts[OWNER]) + "class/" + parts[SESSION]
        : null;
  }

  private boolean allow(String owner, String sessionId, Use use) {
    return owner.equals(People.spelled(person))
        || people.allow(person, use, Permissions.ofSession(owner, sessionId));
  }

  /** A key as this person spells it, of another person's session. */
  static String spelled(String key) {
    return Permissions.THEIRS + key.substring(People.PRIVATE.length());
  }
}
