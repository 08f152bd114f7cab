package hydrocell.cell;

import hydrocell.anna.Key;
import hydrocell.anna.lattice.Stamp;

/**
 * Where one epoch of a session lies in Anna; drawn in this package's description. Immutable.
 *
 * @param sessionId letters, digits, {@code -} and {@code _}
 * @param epoch counts explicit restarts, from 1
 */
public record SessionKeys(String sessionId, long epoch) {
  /** What the keys of all sessions start with. */
  public static final String ALL_SESSIONS = "session/";

  /** What the keys of all class files start with. */
  public static final String ALL_CLASSES = "class/";

  /** What the keys of the usage of all owners start with; the rest is the owner. */
  public static final String ALL_OWNERS_USAGE = "usage/";

  /** How many cells share one key of {@link #usageOfCells}. */
  public static final int CELLS_PER_PAGE = 50;

  /** Field of a session's record: the day, counted from 1970, on which it was last used. */
  public static final String LAST_USED_DAY = "usedDay";

  /**
   * What stands between a session's id and the number of a place, where it leases several
   * executors.
   */
  public static final String PLACE = "~";

  /**
   * Field of a session's record: what {@link #lost(Entry)} says of entries whose values were
   * damaged in the store.
   */
  public static final String LOST = "lost";

  private static final String DATA = "data-";
  private static final String PRIVATE = "k-";

  /** Checks the id. */
  public SessionKeys {
    if (!sessionId.matches("[A-Za-z0-9_-]{1,80}")) {
      throw new IllegalArgumentException("not a session id: " + sessionId);
    }
  }

  /** The session's own record. */
  public Key session() {
    return Key.of("session", sessionId);
  }

  /** The field of {@link #session} with the number of the epoch's last cell. */
  public String lastCell() {
    return "cell/" + epoch;
  }

  /** The manifest of the epoch. */
  public Key manifest() {
    return Key.of("session", sessionId, "m", Long.toString(epoch));
  }

  /** What the manifests of all epochs start with. */
  public String manifestPrefix() {
    return "session/" + sessionId + "/m/";
  }

  /** What all values of the session start with. */
  public String valuePrefix() {
    return "session/" + sessionId + "/v/";
  }

  /** A value of a commit. */
  public Key value(Stamp stamp, int index) {
    return Key.of(
        "session", sessionId, "v", Long.toString(epoch), stamp.toString(), Integer.toString(index));
  }

  /**
   * A value of a commit that another person wrote whose code may not run here: whoever reads it
   * makes objects of classes that are known to be data, and no others.
   */
  public Key data(Stamp stamp, String name) {
    return Key.of("session", sessionId, "v", Long.toString(epoch), stamp.toString(), DATA + name);
  }

  /** Whether a value is one of {@link #data}. */
  public static boolean isData(String valueKey) {
    String[] parts = valueKey.split("/");
    return parts.length == 6 && parts[0].equals("session") && parts[5].startsWith(DATA);
  }

  /** A page of the notebook's history, counted from 0. */
  public Key history(int page) {
    return page == 0
        ? Key.of("session", sessionId, "h")
        : Key.of("session", sessionId, "h", "%08d".formatted(page));
  }

  /** What the keys of all pages of the history start with. */
  public String historyPrefix() {
    return "session/" + sessionId + "/h";
  }

  /** The number of the page that a key of {@link #historyPrefix} is. */
  public static int historyPage(Key key) {
    String[] parts = key.text().split("/");
    return parts.length < 4 ? 0 : Integer.parseInt(parts[3]);
  }

  /** Outcome and output of a cell whose kernel went away. */
  public Key output(Stamp stamp) {
    return Key.of("session", sessionId, "o", stamp.toString());
  }

  /** What all kept outputs start with. */
  public String outputPrefix() {
    return "session/" + sessionId + "/o/";
  }

  /** An asynchronous cell that has not ended; all its attempts are one. */
  public Key job(Stamp stamp) {
    return Key.of("session", sessionId, "j", Long.toString(epoch), jobId(stamp));
  }

  /** What the keys of all asynchronous cells of this epoch start with. */
  public String jobPrefix() {
    return "session/" + sessionId + "/j/" + epoch + "/";
  }

  /** What all cells of the session used. */
  public Key usage() {
    return Key.of("session", sessionId, "u");
  }

  /** What the cells of one page used, which has {@link #CELLS_PER_PAGE}. */
  public Key usageOfCells(long page) {
    return Key.of("session", sessionId, "u", Long.toString(epoch), Long.toString(page));
  }

  /** What all cells of an owner used. */
  public static Key usageOfOwner(String owner) {
    return new Key(ALL_OWNERS_USAGE + owner);
  }

  /** Names one version of a name; another version is not the one that was lost. */
  public static String lost(Entry entry) {
    return entry.name() + "@" + entry.stamp();
  }

  /** Names an asynchronous cell, whichever attempt: in its key, and as writer of its fence. */
  public static String jobId(Stamp stamp) {
    return stamp.counter() + "." + stamp.writer();
  }

  /** The id of a session without a path, which belongs to one kernel. */
  public static String privateId(String kernelHash) {
    return PRIVATE + kernelHash;
  }

  /** The session whose lease it is, of several: {@code SID} or {@code SID~N}. */
  public static String sessionOfLease(String leasedBy) {
    int place = leasedBy.indexOf(PLACE);
    return place < 0 ? leasedBy : leasedBy.substring(0, place);
  }

  /** The session that one of {@link #ALL_SESSIONS} belongs to. */
  public static String sessionOf(Key key) {
    return key.text().split("/", 3)[1];
  }

  /** Whether a key of {@link #ALL_SESSIONS} is the session's own record. */
  public static boolean isSession(Key key) {
    return key.text().split("/").length == 2;
  }

  /** Whether a key of {@link #ALL_SESSIONS} is a manifest. */
  public static boolean isManifest(Key key) {
    String[] parts = key.text().split("/");
    return parts.length == 4 && parts[2].equals("m");
  }

  /** Whether a key of {@link #ALL_SESSIONS} is an asynchronous cell that has not ended. */
  public static boolean isJob(Key key) {
    String[] parts = key.text().split("/");
    return parts.length == 5 && parts[2].equals("j");
  }

  /** Whether a session has no path, so that nobody can open it again. */
  public static boolean isPrivate(String sessionId) {
    return sessionId.startsWith(PRIVATE);
  }

  /** The bytes of a generated class. */
  public static Key classFile(String sha256) {
    return Key.of("class", sha256);
  }

  /** The session that a notebook path names. */
  public static Key path(String owner, String pathHash) {
    return Key.of("path", owner, pathHash);
  }

  /** What the paths of all notebooks of an owner start with. */
  public static String pathPrefix(String owner) {
    return "path/" + owner + "/";
  }
}
