package hydrocell.cell;

import hydrocell.anna.Key;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Permissions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A name that several notebooks use: whose it is, and what its owner calls it. Everything of it
 * lies under {@link #prefix}, so that rights can be given by prefix. Immutable.
 *
 * @param owner the person it belongs to
 * @param text 1 to 80 letters, digits, underscores, dots and hyphens
 */
public record SharedName(String owner, String text) {
  /** What the keys of all shared names start with. */
  public static final String ALL = "shared/";

  /** Checks the name. */
  public SharedName {
    requirePerson(owner);
    if (!text.matches("[\\w.-]{1,80}")) {
      throw new IllegalArgumentException(
          "a shared name is 1 to 80 letters, digits, _, . and -, not " + text);
    }
  }

  static void requirePerson(String name) {
    if (name.isBlank() || name.length() > 80 || name.contains("/")) {
      throw new IllegalArgumentException("not a person: " + name);
    }
  }

  /** Reads {@code name} or {@code OWNER/name}; without an owner it is {@code self}'s. */
  public static SharedName parse(String spelling, String self) {
    int slash = spelling.lastIndexOf('/');
    return slash < 0
        ? new SharedName(self, spelling)
        : new SharedName(spelling.substring(0, slash), spelling.substring(slash + 1));
  }

  /** What the keys of everything that a person shares start with. */
  public static String prefixOf(String owner) {
    return ALL + URLEncoder.encode(owner, StandardCharsets.UTF_8) + "/";
  }

  /** What the keys of everything of this name start with. */
  public String prefix() {
    return prefixOf(owner) + text + "/";
  }

  /** The lattice that cells merge into, see {@code hydrocell.api.Shared}. */
  public Key lattice() {
    return new Key(prefix() + "l");
  }

  /** The versions of the variable that is shared under this name, a causal register. */
  public Key versions() {
    return new Key(prefix() + "v");
  }

  /** The value of one version. */
  public Key value(Stamp version) {
    return new Key(prefix() + "d/" + version);
  }

  /** A class that a version needs: it goes with the version, as the value does. */
  public Key classFile(Stamp version, String sha256) {
    return new Key(value(version).text() + "/" + sha256);
  }

  /** What its owner permits others, in a store for several people. */
  public Key rights() {
    return new Key(Permissions.ALL + prefix().substring(ALL.length(), prefix().length() - 1));
  }

  /** One of several values of one version: those of a notebook. */
  public Key value(Stamp version, int number) {
    return new Key(value(version).text() + "/" + number);
  }

  /** The version that a value or a class belongs to, as stamps are spelled. */
  public static String versionOf(Key value) {
    return value.text().split("/")[4];
  }

  /** Whether a key of {@link #ALL} is that of {@link #versions}. */
  public static boolean isVersions(Key key) {
    String[] parts = key.text().split("/");
    return parts.length == 4 && parts[3].equals("v");
  }

  /** Whether a key of {@link #ALL} is a {@link #value}, or a class beside one. */
  public static boolean isValue(Key key) {
    String[] parts = key.text().split("/");
    return (parts.length == 5 || parts.length == 6) && parts[3].equals("d");
  }

  /** What a variable is called that is used under this name. */
  public Name variable() {
    return Name.variable(text);
  }

  /** The spelling for people: {@code OWNER/name}. */
  @Override
  public String toString() {
    return owner + "/" + text;
  }
}
