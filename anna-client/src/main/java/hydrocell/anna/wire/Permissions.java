package hydrocell.anna.wire;

import java.util.List;
import java.util.Set;

/**
 * Whom a person lets use something of theirs in a store for several people. Who it belongs to needs
 * none. The bytes are drawn in this package's description. Immutable.
 *
 * @param given in any order; what one allows none takes away
 */
public record Permissions(List<Permission> given) {
  /** Nobody else. */
  public static final Permissions NONE = new Permissions(List.of());

  /** What the keys of all permissions start with; the rest names what they are for. */
  public static final String ALL = "rights/";

  /**
   * What the keys of another person's session start with, as who is permitted to use it spells
   * them: {@code theirs/OWNER/session/SID/…}. The permissions are those of {@link #ofSession}.
   */
  public static final String THEIRS = "theirs/";

  /**
   * What the classes start with that such a session needs: {@code their-class/OWNER/SID/SHA256}.
   */
  public static final String THEIR_CLASSES = "their-class/";

  /** Most permissions for one thing. */
  public static final int MOST = 1_000;

  /** Most bytes of the permissions for one thing. */
  public static final int MOST_BYTES = 4_000;

  private static final int FORMAT = 1;

  /** To whom something is permitted. Numbered by ordinal; append only. */
  public enum Whom {
    /** A user of the operating system. */
    USER,
    /** Everybody in a group of the operating system. */
    GROUP,
    /** Everybody who has a connection to the store. */
    EVERYBODY
  }

  /** What is permitted. Numbered by ordinal; append only. */
  public enum Use {
    /** To read it. */
    READ,
    /** To read it, and to write new versions and merge changes. */
    WRITE
  }

  /**
   * One permission.
   *
   * @param name of the user or the group; empty for everybody
   * @param expiresAtMs when it ends, since 1970; {@code Long.MAX_VALUE}: when it is taken back
   */
  public record Permission(Whom whom, String name, Use use, long expiresAtMs) {
    private boolean isFor(String person, Set<String> groups) {
      return switch (whom) {
        case USER -> name.equals(person);
        case GROUP -> groups.contains(name);
        case EVERYBODY -> true;
      };
    }
  }

  /**
   * Where the permissions for a whole session lie.
   *
   * @param spelledOwner the owner as keys spell it
   */
  public static String ofSession(String spelledOwner, String sessionId) {
    // No shared name begins like this.
    return ALL + spelledOwner + "/~" + sessionId;
  }

  /** Copies the list. */
  public Permissions {
    given = List.copyOf(given);
    if (given.size() > MOST) {
      throw new IllegalArgumentException("more than " + MOST + " permissions for one thing");
    }
  }

  /**
   * Whether somebody may do something now.
   *
   * @param groups which the person is in
   * @param nowMs the time, since 1970
   */
  public boolean allow(Use use, String person, Set<String> groups, long nowMs) {
    for (Permission each : given) {
      if (each.use.compareTo(use) >= 0 && nowMs < each.expiresAtMs && each.isFor(person, groups)) {
        return true;
      }
    }
    return false;
  }

  /** Whether anybody may do anything now. */
  public boolean anyAt(long nowMs) {
    return given.stream().anyMatch(each -> nowMs < each.expiresAtMs);
  }

  /** The bytes of these. */
  public byte[] bytes() {
    return new ByteWriter()
        .u8(FORMAT)
        .list(
            given,
            (out, each) ->
                out.u8(each.whom.ordinal())
                    .text(each.name)
                    .u8(each.use.ordinal())
                    .u64(each.expiresAtMs))
        .toByteArray();
  }

  /** Reads what {@link #bytes} wrote. */
  public static Permissions read(byte[] bytes) throws MalformedFrameException {
    ByteReader in = new ByteReader(java.nio.ByteBuffer.wrap(bytes));
    int format = in.u8();
    if (format != FORMAT) {
      throw new MalformedFrameException("permissions have format " + format);
    }
    List<Permission> given =
        in.list(r ->
            new Permission(
                member(Whom.values(), r.u8()), r.text(), member(Use.values(), r.u8()), r.u64()));
    in.end();
    if (given.size() > MOST) {
      throw new MalformedFrameException(given.size() + " permissions for one thing");
    }
    return new Permissions(given);
  }

  private static <E> E member(E[] all, int code) throws MalformedFrameException {
    if (code >= all.length) {
      throw new MalformedFrameException("a permission has the code " + code);
    }
    return all[code];
  }
}
