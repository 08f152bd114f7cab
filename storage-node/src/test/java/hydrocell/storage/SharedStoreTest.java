package hydrocell.storage;

import static hydrocell.storage.PeoplesStore.await;
import static hydrocell.storage.PeoplesStore.reason;
import static hydrocell.storage.PeoplesStore.secret;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaClient.Read;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.ValueReader;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.Access.Grant;
import hydrocell.anna.wire.Access.Right;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Permission;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.anna.wire.Permissions.Whom;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What raw clients of several people can do in a store that they share. Who a client is, is told to
 * the node in the system's place, so that any user can run this; the last test asks the system.
 */
final class SharedStoreTest {
  private static final long FOREVER = Long.MAX_VALUE;
  private static final long QUOTA_BYTES = 1 << 20;
  private static final Key TABLE = new Key("shared/alice/table/v");
  private static final Key PERMITTED = new Key("rights/alice/table");
  private static final MapLattice STORED = MapLattice.of(Map.of("a", new MaxLattice(1)));
  private static final MapLattice MORE = MapLattice.of(Map.of("a", new MaxLattice(2)));
  private static final long NOBODY = 65_534;

  @TempDir Path temp;
  private PeoplesStore store;
  private NodeClient alice;
  private NodeClient bob;
  private long rightsGiven;

  @BeforeEach
  void start() throws Exception {
    store = new PeoplesStore(temp, QUOTA_BYTES, Map.of("carol", Set.of("staff")));
    alice = store.client("alice", secret("alice"));
    bob = store.client("bob", secret("bob"));
    await(alice.merge(TABLE, STORED, Durability.LOG));
  }

  @AfterEach
  void stop() throws Exception {
    store.close();
  }

  private void permit(Permission... given) throws Exception {
    LwwRegister rights =
        new LwwRegister(
            new Stamp(++rightsGiven, "alice", 0), new Permissions(List.of(given)).bytes());
    await(alice.merge(PERMITTED, rights, Durability.LOG));
  }

  private static Permission permission(Whom whom, String name, Use use) {
    return new Permission(whom, name, use, FOREVER);
  }

  private static Read absent() {
    return new Read(null, 0);
  }

  private static void assertHidden(NodeClient client) throws Exception {
    Key none = new Key("shared/alice/none/v");
    for (Key key : List.of(TABLE, none)) {
      assertEquals(absent(), await(client.get(key)));
      assertEquals(0L, await(client.version(key)));
      assertEquals(absent(), await(client.getFields(key, Set.of("a"))));
      assertEquals(Reason.FORBIDDEN, reason(client.merge(key, MORE, Durability.LOG)));
      assertEquals(Reason.FORBIDDEN, reason(client.delete(List.of(key))));
      String name = key.text().substring(0, key.text().length() - 1);
      assertEquals(List.of(), await(client.scan(name, null, 10)).keys());
      assertEquals(
          Reason.FORBIDDEN, reason(client.putWhole(key, new byte[40_000], Durability.LOG)));
    }
    assertEquals(absent(), await(client.get(PERMITTED)));
    assertEquals(List.of(), await(client.scan("shared/alice/", null, 10)).keys());
    assertEquals(List.of(), await(client.scan("rights/alice/", null, 10)).keys());
  }

  @Test
  void whatIsNotPermittedIsAnsweredAsWhatIsNotThere() throws Exception {
    assertHidden(bob);
    assertEquals(STORED, await(alice.get(TABLE)).lattice());
    permit(permission(Whom.USER, "carol", Use.WRITE), permission(Whom.GROUP, "staff", Use.WRITE));
    assertHidden(bob);
    permit(new Permission(Whom.USER, "bob", Use.WRITE, System.currentTimeMillis() - 1));
    assertHidden(bob);
  }

  @Test
  void whatIsPermittedCanBeDoneUntilItIsTakenBack() throws Exception {
    permit(permission(Whom.USER, "bob", Use.READ));
    assertEquals(STORED, await(bob.get(TABLE)).lattice());
    assertEquals(List.of(TABLE), await(bob.scan("shared/alice/table/", null, 10)).keys());
    assertEquals(List.of(), await(bob.scan("shared/alice/", null, 10)).keys());
    assertEquals(Reason.FORBIDDEN, reason(bob.merge(TABLE, MORE, Durability.LOG)));
    assertEquals(absent(), await(bob.get(new Key("shared/alice/table2/v"))));
    permit(permission(Whom.EVERYBODY, "", Use.WRITE));
    await(bob.merge(TABLE, MORE, Durability.LOG));
    assertEquals(MORE, await(alice.get(TABLE)).lattice());
    assertEquals(Reason.FORBIDDEN, reason(bob.delete(List.of(TABLE))));
    permit();
    assertHidden(bob);
    permit(permission(Whom.GROUP, "staff", Use.READ));
    assertHidden(bob);
    assertEquals(MORE, await(store.client("carol", secret("carol")).get(TABLE)).lattice());
  }

  @Test
  void nobodyGivesRightsToWhatIsAnotherPersons() throws Exception {
    byte[] all = new Permissions(List.of(permission(Whom.EVERYBODY, "", Use.WRITE))).bytes();
    LwwRegister rights = new LwwRegister(new Stamp(99, "bob", 0), all);
    assertEquals(Reason.FORBIDDEN, reason(bob.merge(PERMITTED, rights, Durability.LOG)));
    permit(permission(Whom.USER, "bob", Use.WRITE));
    assertEquals(Reason.FORBIDDEN, reason(bob.merge(PERMITTED, rights, Durability.LOG)));
    assertEquals(Reason.FORBIDDEN, reason(bob.delete(List.of(PERMITTED))));
    assertEquals(absent(), await(bob.get(PERMITTED)));
    for (Lattice nonsense : List.of(STORED, new LwwRegister(new Stamp(99, "a", 0), new byte[3]))) {
      assertEquals(Reason.FORBIDDEN, reason(alice.merge(PERMITTED, nonsense, Durability.LOG)));
    }
  }

  @Test
  void whatIsNotSharedCannotEvenBeNamed() throws Exception {
    Key session = new Key("session/s/m/1");
    await(alice.merge(session, STORED, Durability.LOG));
    for (Key guess :
        List.of(
            session, new Key("person/alice/session/s/m/1"), new Key("../alice/session/s/m/1"))) {
      assertEquals(absent(), await(bob.get(guess)));
      await(bob.merge(guess, MORE, Durability.LOG));
      await(bob.delete(List.of(guess)));
    }
    await(bob.merge(session, MORE, Durability.LOG));
    assertEquals(STORED, await(alice.get(session)).lattice());
    assertEquals(List.of(session), await(bob.scan("", null, 10)).keys());
    assertEquals(List.of(session), await(bob.scan("session/", null, 10)).keys());
    assertEquals(List.of(), await(bob.scan("person/", null, 10)).keys());
    assertEquals(List.of(), await(bob.scan("shared/", null, 10)).keys());
    assertEquals(List.of(TABLE), await(alice.scan("shared/", null, 10)).keys());
    assertEquals(Reason.FORBIDDEN, reason(bob.compact()));
    assertEquals(
        Set.of("damaged.parts", "refused.writes", "live.bytes", "quota.bytes"),
        await(bob.stats()).keySet());
  }

  @Test
  void pagesOfOnesKeysFollowEachOther() throws Exception {
    for (int i = 0; i < 5; i++) {
      await(alice.merge(new Key("session/s" + i), STORED, Durability.LOG));
      await(bob.merge(new Key("session/t" + i), STORED, Durability.LOG));
    }
    List<String> found = new ArrayList<>();
    String cursor = null;
    do {
      var page = await(alice.scan("session/", cursor, 2));
      page.keys().forEach(key -> found.add(key.text()));
      cursor = page.next();
    } while (cursor != null);
    assertEquals(
        List.of("session/s0", "session/s1", "session/s2", "session/s3", "session/s4"), found);
  }

  @Test
  void largeValuesLieWhereSmallOnesDo() throws Exception {
    Key value = new Key("session/s/v/1/1.w.0/0");
    byte[] bytes = new byte[300_000];
    Arrays.fill(bytes, (byte) 7);
    await(alice.putValue(value, List.of(ByteBuffer.wrap(bytes)), Durability.LOG));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (ValueReader reader = Objects.requireNonNull(await(alice.readValue(value)))) {
      for (ByteBuffer part = reader.next(); part != null; part = reader.next()) {
        byte[] some = new byte[part.remaining()];
        part.get(some);
        read.writeBytes(some);
      }
    }
    assertArrayEquals(bytes, read.toByteArray());
    assertNull(await(bob.readValue(value)));
    await(alice.delete(List.of(value)));
    assertNull(await(alice.readValue(value)));
  }

  private static byte[] token(String person, String signedWith, long expiresAtMs, Grant... grants) {
    return new Access(person, List.of(grants), expiresAtMs).token(secret(signedWith));
  }

  @Test
  void aTokenIsGoodForItsOwnPersonWhileItLasts() throws Exception {
    permit(permission(Whom.USER, "bob", Use.WRITE));
    long soon = System.currentTimeMillis() + 600_000;
    Grant read = new Grant("shared/", EnumSet.of(Right.READ));
    byte[] bobs = token("bob", "bob", soon, read);
    NodeClient executor = store.client("bob", bobs);
    assertEquals(STORED, await(executor.get(TABLE)).lattice());
    // Less than its person: no writing, and nothing of the person's own.
    assertEquals(Reason.FORBIDDEN, reason(executor.merge(TABLE, MORE, Durability.LOG)));
    assertEquals(Reason.FORBIDDEN, reason(executor.get(new Key("session/s/m/1"))));
    // Never more: what its person may not do, it may not, whatever it was given.
    NodeClient wide =
        store.client("bob", token("bob", "bob", soon, new Grant("", EnumSet.allOf(Right.class))));
    permit();
    assertEquals(absent(), await(wide.get(TABLE)));
    assertEquals(absent(), await(executor.get(TABLE)));
    assertEquals(Reason.FORBIDDEN, reason(wide.merge(TABLE, MORE, Durability.LOG)));

    byte[] widened = bobs.clone();
    widened[widened.length - 33] = 0x1f;
    byte[] later = bobs.clone();
    later[2]++;
    for (byte[] forged :
        List.of(
            widened,
            later,
            token("bob", "bob", System.currentTimeMillis() - 1, read),
            token("alice", "alice", soon, read),
            token("bob", "alice", soon, read),
            token("bob", "", soon, read),
            secret("alice"),
            new byte[32],
            new byte[0])) {
      assertThrows(Handshake.RefusedException.class, () -> store.client("bob", forged));
    }
    assertThrows(Handshake.RefusedException.class, () -> store.client("alice", bobs));
    // Who was never here does not begin with a token, which a cell may have made.
    assertThrows(
        Handshake.RefusedException.class,
        () -> store.client("dave", token("dave", "dave", soon, read)));
  }

  @Test
  void afterANewStartEverythingIsAsItWas() throws Exception {
    permit(permission(Whom.USER, "bob", Use.READ));
    long stored = await(alice.stats()).get("live.bytes");
    assertTrue(stored > 0);
    store.close();
    store.open();
    alice = store.client("alice", secret("alice"));
    bob = store.client("bob", secret("bob"));
    assertEquals(STORED, await(bob.get(TABLE)).lattice());
    assertEquals(stored, await(alice.stats()).get("live.bytes"));
    assertThrows(Handshake.RefusedException.class, () -> store.client("bob", new byte[32]));
    await(alice.delete(List.of(PERMITTED)));
    assertHidden(bob);
  }

  @Test
  void aPersonWhoHasStoredTooMuchKeepsOthersOutOfNothing() throws Exception {
    permit(permission(Whom.USER, "bob", Use.WRITE));
    byte[] half = new byte[(int) QUOTA_BYTES / 2];
    await(bob.putWhole(new Key("shared/alice/table/d/1"), half, Durability.LOG));
    await(bob.putWhole(new Key("shared/alice/table/d/2"), half, Durability.LOG));
    Key more = new Key("shared/alice/table/d/3");
    assertEquals(Reason.LIMIT, reason(bob.putWhole(more, half, Durability.LOG)));
    assertEquals(Reason.LIMIT, reason(alice.putWhole(more, new byte[5_000], Durability.LOG)));
    await(alice.putWhole(new Key("session/s/v/1/1.w.0/0"), new byte[1], Durability.LOG));
    await(bob.putWhole(new Key("session/s/v/1/1.w.0/0"), half, Durability.LOG));
    // It can be put in order.
    await(alice.merge(TABLE, MORE, Durability.LOG));
    permit();
    await(alice.delete(List.of(new Key("shared/alice/table/d/1"))));
    await(alice.putWhole(more, new byte[5_000], Durability.LOG));
  }

  @Test
  void rightsAreBoundedLikeWhatTheyAreAbout() throws Exception {
    List<Permission> given = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      given.add(permission(Whom.USER, "somebody-%012d".formatted(i), Use.READ));
    }
    byte[] many = new Permissions(given).bytes();
    byte[] none = Permissions.NONE.bytes();
    assertEquals(Reason.LIMIT, reason(giveRights(many)));
    long stored = await(alice.stats()).get("live.bytes");
    assertTrue(stored < QUOTA_BYTES + QUOTA_BYTES / 10, () -> stored + " bytes");
    // What was given can be taken back, which makes room; then the number is what ends it.
    for (Key key : await(alice.scan("rights/alice/", null, 1_000)).keys()) {
      await(alice.merge(key, new LwwRegister(new Stamp(9, "alice", 0), none), Durability.LOG));
    }
    assertEquals(Reason.LIMIT, reason(giveRights(none)));
    assertEquals(1_000, await(alice.scan("rights/alice/", null, 2_000)).keys().size());
    await(alice.delete(List.of(new Key("rights/alice/n0"))));
    permit(permission(Whom.USER, "bob", Use.READ));
    assertEquals(STORED, await(bob.get(TABLE)).lattice());
  }

  /** The same rights for one name after the other, until that fails. */
  private CompletableFuture<?> giveRights(byte[] rights) throws Exception {
    for (int i = 0; ; i++) {
      assertTrue(i < 3_000, "no end of it");
      LwwRegister register = new LwwRegister(new Stamp(1, "alice", 0), rights);
      CompletableFuture<?> merged =
          alice.merge(new Key("rights/alice/n" + i), register, Durability.LOG);
      try {
        await(merged);
      } catch (ExecutionException e) {
        return merged;
      }
    }
  }

  @Test
  void aDamagedSecretAdmitsNobody() throws Exception {
    Path file = temp.resolve("people/alice.secret");
    assertEquals(64, Files.size(file));
    store.close();
    for (String damaged : List.of("", "00")) {
      Files.writeString(file, damaged);
      store.open();
      for (byte[] presented : List.of(new byte[0], new byte[1], secret("alice"))) {
        Handshake.RefusedException refused =
            assertThrows(Handshake.RefusedException.class, () -> store.client("alice", presented));
        assertTrue(refused.getMessage().contains("people/alice.secret"), refused.getMessage());
      }
      store.close();
    }
    store.open();
    Files.delete(file);
    assertEquals(STORED, await(store.client("alice", secret("alice")).get(TABLE)).lattice());
  }

  @Test
  void aPageOfAnotherPrefixDoesNotGoOn() throws Exception {
    for (String cursor : List.of("person/", "a", "session/\uffff", "t")) {
      assertEquals(Reason.BAD_REQUEST, reason(alice.scan("session/", cursor, 10)));
    }
    assertEquals(Reason.BAD_REQUEST, reason(alice.scan("shared/alice/", "a", 10)));
    String hidden = "shared/alice/table/";
    assertEquals(List.of(), await(bob.scan(hidden, hidden + "a", 10)).keys());
  }

  /** Says hello with its own secret as user argv[1]; prints the first byte of the answer. */
  private static final String CLIENT =
      """
      import os, socket, sys
      if int(sys.argv[1]) != os.getuid():
          os.setgroups([])
          os.setgid(int(sys.argv[1]))
          os.setuid(int(sys.argv[1]))
      peer = socket.socket(socket.AF_UNIX)
      peer.connect(sys.argv[2])
      secret = bytes.fromhex(sys.argv[3])
      hello = b"HYC1" + bytes([1, 4]) + b"test" + bytes([len(secret)]) + secret + bytes([1]) + b"x"
      peer.sendall(len(hello).to_bytes(4, "big") + hello)
      print(["welcome", "refused"][peer.recv(4096)[4]])
      """;

  /** Root tries it as another user as well; anybody else, as who they are. */
  @Test
  void theSystemSaysWhoAClientIs() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("real"));
    for (Path at : List.of(temp, folder)) {
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Endpoint endpoint = Endpoint.unix(folder.resolve("a.sock"));
    try (StorageNode real =
        StorageNode.start(
            StorageConfig.shared(
                folder.resolve("anna"), endpoint, folder.resolve("people"), QUOTA_BYTES))) {
      assertEquals(endpoint, real.endpoint());
      long own = Long.parseLong(output("id", "-u"));
      List<Long> users = own == 0 ? List.of(own, NOBODY) : List.of(own);
      Set<String> names = new java.util.TreeSet<>();
      for (long user : users) {
        String mine = HexFormat.of().formatHex(secret("user " + user));
        String another = HexFormat.of().formatHex(secret("not " + user));
        assertEquals("welcome", say(user, endpoint, mine));
        assertEquals("welcome", say(user, endpoint, mine));
        assertEquals("refused", say(user, endpoint, another));
        names.add(output("id", "-un", Long.toString(user)) + ".secret");
      }
      String[] kept = folder.resolve("people").toFile().list();
      assertEquals(names, Set.of(kept));
    }
  }

  private static String say(long uid, Endpoint endpoint, String secret) throws Exception {
    return output("python3", "-c", CLIENT, Long.toString(uid), endpoint.path().toString(), secret);
  }

  private static String output(String... command) throws Exception {
    Process process =
        new ProcessBuilder(List.of(command)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.strip();
  }
}
