package hydrocell.storage;

import static hydrocell.storage.PeoplesStore.await;
import static hydrocell.storage.PeoplesStore.reason;
import static hydrocell.storage.PeoplesStore.secret;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hydrocell.anna.AnnaClient.Read;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.KeyAlias;
import hydrocell.anna.NodeClient;
import hydrocell.anna.Values;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.Access.Grant;
import hydrocell.anna.wire.Access.Right;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Permission;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.anna.wire.Permissions.Whom;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What raw clients can do with a session that another person shares, or does not. */
final class TheirSessionsTest {
  private static final MapLattice STORED = MapLattice.of(Map.of("a", new MaxLattice(1)));
  private static final MapLattice MORE = MapLattice.of(Map.of("a", new MaxLattice(2)));
  private static final String THEIRS = "theirs/alice/session/n-1";
  private static final Key MANIFEST = new Key(THEIRS + "/m/1");
  private static final byte[] SMALL_CLASS = {1, 2, 3};
  private static final byte[] LARGE_CLASS = new byte[40_000];

  @TempDir Path temp;
  private PeoplesStore store;
  private NodeClient alice;
  private NodeClient bob;
  private long rightsGiven;

  @BeforeEach
  void start() throws Exception {
    store = new PeoplesStore(temp, 1 << 20, Map.of());
    alice = store.client("alice", secret("alice"));
    bob = store.client("bob", secret("bob"));
    for (String key : List.of("session/n-1", "session/n-1/m/1", "session/n-12/m/1")) {
      await(alice.merge(new Key(key), STORED, Durability.LOG));
    }
    await(alice.putWhole(new Key("class/" + hash(SMALL_CLASS)), SMALL_CLASS, Durability.LOG));
  }

  @AfterEach
  void stop() throws Exception {
    store.close();
  }

  private static void assertForbidden(CompletableFuture<?> future) {
    assertEquals(Reason.FORBIDDEN, reason(future));
  }

  private static String hash(byte[] bytes) {
    return Values.sha256(ByteBuffer.wrap(bytes));
  }

  private static Key theirClass(byte[] bytes) {
    return new Key("their-class/alice/n-1/" + hash(bytes));
  }

  private void permit(Use use, String who, long expiresAtMs) throws Exception {
    Permissions given = new Permissions(List.of(new Permission(Whom.USER, who, use, expiresAtMs)));
    LwwRegister rights = new LwwRegister(new Stamp(++rightsGiven, "alice", 0), given.bytes());
    await(alice.merge(new Key(Permissions.ofSession("alice", "n-1")), rights, Durability.LOG));
  }

  private static void assertUnwritable(NodeClient client, Key key) {
    assertForbidden(client.merge(key, MORE, Durability.LOG));
    assertForbidden(client.putWhole(key, LARGE_CLASS, Durability.LOG));
    assertForbidden(client.delete(List.of(key)));
  }

  private static void assertHidden(NodeClient client) throws Exception {
    for (Key key : List.of(new Key(THEIRS), MANIFEST, theirClass(SMALL_CLASS))) {
      assertEquals(new Read(null, 0), await(client.get(key)));
      assertEquals(0L, await(client.version(key)));
      assertEquals(new Read(null, 0), await(client.getFields(key, Set.of("a"))));
      assertEquals(List.of(), await(client.scan(key.text(), null, 10)).keys());
      assertUnwritable(client, key);
    }
    assertEquals(List.of(), await(client.scan(THEIRS + "/", null, 10)).keys());
    assertForbidden(client.putWhole(theirClass(LARGE_CLASS), LARGE_CLASS, Durability.LOG));
  }

  @Test
  void nobodyUsesASessionWithoutARightThatHolds() throws Exception {
    assertHidden(bob);
    permit(Use.WRITE, "carol", Long.MAX_VALUE);
    assertHidden(bob);
    permit(Use.WRITE, "bob", System.currentTimeMillis() - 1);
    assertHidden(bob);
    permit(Use.WRITE, "bob", Long.MAX_VALUE);
    await(bob.merge(MANIFEST, MORE, Durability.LOG));
    permit(Use.READ, "carol", Long.MAX_VALUE);
    assertHidden(bob);
  }

  @Test
  void whoReadsASessionWritesNothingOfIt() throws Exception {
    permit(Use.READ, "bob", Long.MAX_VALUE);
    assertEquals(STORED, await(bob.get(MANIFEST)).lattice());
    assertNotEquals(0L, await(bob.version(theirClass(SMALL_CLASS))));
    assertEquals(
        List.of(MANIFEST),
        await(bob.scan(THEIRS + "/", null, 10)).keys(),
        "spelled as it was asked");
    for (String rest : List.of("", "/m/1", "/v/1/1.w.0/0", "/h", "/o/1.w.0", "/j/1/1.w")) {
      assertUnwritable(bob, new Key(THEIRS + rest));
    }
    assertForbidden(bob.putWhole(theirClass(SMALL_CLASS), SMALL_CLASS, Durability.LOG));
    assertForbidden(bob.putWhole(theirClass(LARGE_CLASS), LARGE_CLASS, Durability.LOG));
  }

  @Test
  void whoWritesASessionReachesNothingElseOfItsOwners() throws Exception {
    permit(Use.WRITE, "bob", Long.MAX_VALUE);
    await(bob.merge(MANIFEST, MORE, Durability.LOG));
    assertEquals(MORE, await(alice.get(new Key("session/n-1/m/1"))).lattice());
    await(bob.putWhole(new Key(THEIRS + "/v/1/1.w.0/0"), LARGE_CLASS, Durability.LOG));
    await(bob.putWhole(theirClass(LARGE_CLASS), LARGE_CLASS, Durability.LOG));
    assertNotEquals(0L, await(alice.version(new Key("class/" + hash(LARGE_CLASS)))));
    await(
        bob.merge(
            new Key(THEIRS), MapLattice.of(Map.of("who/w", new MaxLattice(1))), Durability.LOG));
    // Where the session is, and its epoch; another session, whose id begins alike; its jobs and
    // bills; and what is no session.
    for (String key :
        List.of(
            THEIRS,
            "theirs/alice/session/n-12/m/1",
            "theirs/alice/session/n-1/j/1/1.w",
            "theirs/alice/session/n-1/u",
            "theirs/alice/session/n-1/",
            "theirs/alice/session",
            "theirs/alice/class/" + hash(SMALL_CLASS),
            "theirs/alice/trust/x",
            "their-class/alice/n-1",
            "their-class/alice/n-12/" + hash(SMALL_CLASS),
            "shared/alice/~n-1/v",
            "rights/alice/~n-1",
            "rights/alice/~n-12")) {
      assertUnwritable(bob, new Key(key));
    }
    assertEquals(new Read(null, 0), await(bob.get(new Key("theirs/alice/session/n-12/m/1"))));
    assertEquals(List.of(), await(bob.scan("theirs/alice/session/n-1", null, 10)).keys());
    assertEquals(List.of(), await(bob.scan("their-class/alice/n-1/", null, 10)).keys());
    // A class is what its hash says, however it comes.
    for (byte[] other : List.of(new byte[] {9}, new byte[30_000])) {
      assertForbidden(bob.putWhole(theirClass(SMALL_CLASS), other, Durability.LOG));
    }
    Lattice plain = new LwwRegister(new Stamp(9, "bob", 0), SMALL_CLASS);
    assertForbidden(bob.merge(theirClass(SMALL_CLASS), plain, Durability.LOG));
    // Nobody gives such a right but whose session it is.
    LwwRegister rights = new LwwRegister(new Stamp(99, "bob", 0), Permissions.NONE.bytes());
    assertForbidden(
        bob.merge(new Key(Permissions.ofSession("alice", "n-1")), rights, Durability.LOG));
    await(bob.merge(new Key(Permissions.ofSession("bob", "n-12")), rights, Durability.LOG));
    assertEquals(new Read(null, 0), await(bob.get(new Key("theirs/alice/session/n-12/m/1"))));
  }

  @Test
  void anExecutorsTokenOpensOneSessionAndNoMoreThanItsPerson() throws Exception {
    permit(Use.READ, "bob", Long.MAX_VALUE);
    long soon = System.currentTimeMillis() + 600_000;
    Grant own = new Grant(THEIRS + "/m/", EnumSet.of(Right.READ, Right.MERGE));
    byte[] token = new Access("bob", List.of(own), soon).token(secret("bob"));
    NodeClient executor = store.client("bob", token);
    executor.alias(List.of(new KeyAlias("session/n-1", THEIRS)));
    Key spelled = new Key("session/n-1/m/1");
    assertEquals(STORED, await(executor.get(spelled)).lattice());
    assertForbidden(executor.merge(spelled, MORE, Durability.LOG));
    assertForbidden(executor.get(new Key("session/n-1")));
    permit(Use.WRITE, "bob", Long.MAX_VALUE);
    await(executor.merge(spelled, MORE, Durability.LOG));
    permit(Use.READ, "carol", Long.MAX_VALUE);
    assertEquals(new Read(null, 0), await(executor.get(spelled)));
    assertForbidden(executor.merge(spelled, MORE, Durability.LOG));
    // Replayed as somebody else, and signed by somebody else.
    assertThrows(Handshake.RefusedException.class, () -> store.client("carol", token));
    byte[] forged = new Access("bob", List.of(own), soon).token(secret("carol"));
    assertThrows(Handshake.RefusedException.class, () -> store.client("bob", forged));
  }
}
