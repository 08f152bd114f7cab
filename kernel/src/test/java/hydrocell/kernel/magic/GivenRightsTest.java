package hydrocell.kernel.magic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Permission;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.anna.wire.Permissions.Whom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code %share} understands, and what its rights mean. */
final class GivenRightsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long FOREVER = Long.MAX_VALUE;

  private static GivenRights of(String arguments) throws MagicException {
    return GivenRights.of(arguments, NOW);
  }

  @Test
  void namesAloneLeaveRightsAsTheyAre() throws Exception {
    assertEquals("a b", of("a, b").names());
    assertNull(of("a b").permissions());
  }

  @Test
  void whoFollowsAnOptionIsPermitted() throws Exception {
    GivenRights given = of("a --read bob, @staff b --write everybody");
    assertEquals("a", given.names());
    assertEquals(
        new Permissions(
            List.of(
                new Permission(Whom.USER, "bob", Use.READ, FOREVER),
                new Permission(Whom.GROUP, "staff", Use.READ, FOREVER),
                new Permission(Whom.USER, "b", Use.READ, FOREVER),
                new Permission(Whom.EVERYBODY, "", Use.WRITE, FOREVER))),
        given.permissions());
  }

  @Test
  void rightsEndAfterTheTimeThatIsGiven() throws Exception {
    Permissions day = of("a --write bob --for 1d").permissions();
    assertNotNull(day);
    long endMs = NOW.plus(Duration.ofDays(1)).toEpochMilli();
    assertTrue(day.allow(Use.WRITE, "bob", Set.of(), endMs - 1));
    assertTrue(!day.allow(Use.WRITE, "bob", Set.of(), endMs));
    assertTrue(GivenRights.words(day).startsWith("bob may write it until 2026-01-0"));
  }

  @Test
  void whoMayWriteMayReadAndNotTheOtherWayRound() throws Exception {
    Permissions given = of("a --read bob --write @staff").permissions();
    assertNotNull(given);
    assertTrue(given.allow(Use.READ, "bob", Set.of(), 0));
    assertTrue(!given.allow(Use.WRITE, "bob", Set.of(), 0));
    assertTrue(given.allow(Use.READ, "carol", Set.of("staff"), 0));
    assertTrue(!given.allow(Use.READ, "staff", Set.of(), 0));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (String wrong :
        List.of(
            "a --read",
            "a --for 1d",
            "a --delete bob",
            "a --read bob --for soon",
            "a --read bob --for -1d",
            "a --read bob --for d",
            "a --read bob --for 99999999999d",
            "a --read bob --for 1d 2d")) {
      assertThrows(MagicException.class, () -> of(wrong), wrong);
    }
  }

  @Test
  void bytesComeBackWholeOrNotAtAll() throws Exception {
    Permissions given = of("a --read bob @staff --write everybody --for 3h").permissions();
    assertNotNull(given);
    byte[] bytes = given.bytes();
    assertEquals(given, Permissions.read(bytes));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(MalformedFrameException.class, () -> Permissions.read(cut));
    }
    assertThrows(
        MalformedFrameException.class,
        () -> Permissions.read(Arrays.copyOf(bytes, bytes.length + 1)));
    for (int at : new int[] {0, 1, 2}) {
      byte[] changed = bytes.clone();
      changed[at] = 0x7f;
      assertThrows(MalformedFrameException.class, () -> Permissions.read(changed));
    }
  }
}
