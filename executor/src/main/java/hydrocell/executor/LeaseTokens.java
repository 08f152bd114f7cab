package hydrocell.executor;

import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.Access.Grant;
import hydrocell.anna.wire.Access.Right;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.TheirSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;

/**
 * Gives leases their tokens for the storage node: an executor never sees the node's secret, and its
 * token opens the keys of its own session and what its owner shares, for a while. In a store for
 * several people that is never more than the owner may do there, at the time of each request.
 * Immutable.
 *
 * @param secret the node's
 * @param life how long a token is good for; it is renewed at half of that
 * @param clock what the node tells the time by
 * @param severalPeople whether cells may merge what others permit their owner: the store asks for
 *     that with each request
 */
record LeaseTokens(byte[] secret, Duration life, InstantSource clock, boolean severalPeople) {
  /** System property: how long tokens are good for, for tests. */
  static final String LIFE_SECONDS = "hydrocell.token.seconds";

  /** A token that somebody got hold of is worth nothing after this. */
  private static final long USUAL_LIFE_S = 600;

  static LeaseTokens of(byte[] secret, boolean severalPeople) {
    return new LeaseTokens(
        secret,
        Duration.ofSeconds(Long.getLong(LIFE_SECONDS, USUAL_LIFE_S)),
        InstantSource.system(),
        severalPeople);
  }

  /**
   * A fresh token, in hex.
   *
   * @param of whose session it is, as {@link TheirSession} spells it; empty for the owner's own
   */
  String mint(String sessionId, String owner, String of) {
    long expiresAtMs = clock.millis() + life.toMillis();
    List<Grant> grants = of.isEmpty() ? grants(sessionId, owner) : grants(TheirSession.parse(of));
    Access access = new Access(owner, grants, expiresAtMs);
    return HexFormat.of().formatHex(access.token(secret));
  }

  /** When a token that is minted now has to be renewed, since 1970. */
  long renewAtMs() {
    return clock.millis() + life.toMillis() / 2;
  }

  boolean isDue(long renewAtMs) {
    return clock.millis() >= renewAtMs;
  }

  /** What an executor of a session reads and writes. */
  private List<Grant> grants(String sessionId, String owner) {
    SessionKeys keys = new SessionKeys(SessionKeys.sessionOfLease(sessionId), 1);
    return List.of(
        new Grant(keys.valuePrefix(), EnumSet.of(Right.READ, Right.MERGE, Right.DELETE)),
        new Grant(keys.manifestPrefix(), EnumSet.of(Right.READ, Right.MERGE)),
        new Grant(keys.outputPrefix(), EnumSet.of(Right.MERGE)),
        new Grant(
            severalPeople ? SharedName.ALL : SharedName.prefixOf(owner),
            EnumSet.of(Right.READ, Right.MERGE)),
        new Grant(SessionKeys.ALL_CLASSES, EnumSet.of(Right.READ, Right.ADDRESSED)));
  }

  /** What an executor reads and writes of another person's session, as far as that one permits. */
  private static List<Grant> grants(TheirSession session) {
    String prefix = session.sessionPrefix();
    return List.of(
        new Grant(prefix + "/v/", EnumSet.of(Right.READ, Right.MERGE)),
        new Grant(prefix + "/m/", EnumSet.of(Right.READ, Right.MERGE)),
        new Grant(prefix + "/o/", EnumSet.of(Right.MERGE)),
        new Grant(SharedName.ALL, EnumSet.of(Right.READ, Right.MERGE)),
        new Grant(session.classPrefix() + "/", EnumSet.of(Right.READ, Right.ADDRESSED)));
  }
}
