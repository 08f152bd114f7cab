package hydrocell.cell;

import hydrocell.anna.Key;
import hydrocell.anna.KeyAlias;
import hydrocell.anna.wire.Permissions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A session of another person's, who lets this person read it or run cells in it. Its keys are
 * spelled as its owner spells them, so that what stands in its manifest means the same to all;
 * where they lie for this person is told to the client of the store, by {@link #aliases}.
 * Immutable.
 *
 * @param owner whose it is
 * @param sessionId as its owner calls it
 */
public record TheirSession(String owner, String sessionId) {
  /** Checks both. */
  public TheirSession {
    SharedName.requirePerson(owner);
    new SessionKeys(sessionId, 1);
  }

  /** Reads what {@link #toString} wrote. */
  public static TheirSession parse(String spelling) {
    int slash = spelling.lastIndexOf('/');
    return new TheirSession(spelling.substring(0, slash), spelling.substring(slash + 1));
  }

  /** Where a client has the keys of this session and its classes lie. */
  public List<KeyAlias> aliases() {
    return List.of(
        new KeyAlias("session/" + sessionId, sessionPrefix()),
        new KeyAlias("class", classPrefix()));
  }

  /** What the keys of the session start with, as the store knows them. */
  public String sessionPrefix() {
    return Permissions.THEIRS + spelledOwner() + "/session/" + sessionId;
  }

  /** The same of its classes; the hash of a class follows. */
  public String classPrefix() {
    return Permissions.THEIR_CLASSES + spelledOwner() + "/" + sessionId;
  }

  /** What its owner permits others. */
  public Key rights() {
    return new Key(Permissions.ofSession(spelledOwner(), sessionId));
  }

  /** Whether a key is that of the permissions for a session. */
  public static boolean isRights(Key key) {
    return key.text().startsWith(Permissions.ALL) && key.text().contains("/~");
  }

  private String spelledOwner() {
    return URLEncoder.encode(owner, StandardCharsets.UTF_8);
  }

  /** {@code OWNER/SID}. */
  @Override
  public String toString() {
    return owner + "/" + sessionId;
  }
}
