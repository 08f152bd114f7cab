package hydrocell.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hydrocell.anna.AnnaException;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.Access.Grant;
import hydrocell.anna.wire.Access.Right;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients may do that have a token instead of the node's secret. */
final class AccessTest {
  private static final byte[] SECRET = {7, 8, 9};
  private static final Key MINE = new Key("session/me/v/1");
  private static final Key THEIRS = new Key("session/mean/v/1");
  private static final MapLattice STORED = MapLattice.of(Map.of("a", new MaxLattice(1)));
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final int LARGE_BYTES = 40_000;

  @TempDir Path temp;
  private StorageNode node;
  private NodeClient owner;

  @BeforeEach
  void start() throws Exception {
    node =
        StorageNode.start(
            new StorageConfig(
                temp.resolve("anna"),
                Endpoint.unix(temp.resolve("a.sock")),
                SECRET,
                2,
                64 << 20,
                64,
                16 << 20,
                50));
    owner = connect(SECRET);
    for (Key key : List.of(MINE, THEIRS)) {
      await(owner.merge(key, STORED, Durability.LOG));
    }
  }

  @AfterEach
  void stop() throws Exception {
    owner.close();
    node.close();
  }

  private NodeClient connect(byte[] credentials) throws Exception {
    return NodeClient.connect(node.endpoint(), "test", credentials);
  }

  private static byte[] token(Duration life, Grant... grants) {
    return new Access("me", List.of(grants), System.currentTimeMillis() + life.toMillis())
        .token(SECRET);
  }

  private static Grant grant(String prefix, Right... rights) {
    Set<Right> all = EnumSet.noneOf(Right.class);
    all.addAll(List.of(rights));
    return new Grant(prefix, all);
  }

  private NodeClient client(Grant... grants) throws Exception {
    return connect(token(LONG, grants));
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, SECONDS);
  }

  private static void assertForbidden(CompletableFuture<?> future) {
    assertEquals(Reason.FORBIDDEN, reason(future));
  }

  private static Reason reason(CompletableFuture<?> future) {
    ExecutionException failure = assertThrows(ExecutionException.class, () -> await(future));
    return assertInstanceOf(AnnaException.class, failure.getCause()).reason();
  }

  private static LwwRegister register(int bytes) {
    return new LwwRegister(new Stamp(1, "w", 0), new byte[bytes]);
  }

  private interface Ask {
    CompletableFuture<?> of(NodeClient client, Key key);
  }

  /** Every request of the wire, by the right that it needs. */
  private static Map<Class<?>, Map.Entry<Right, Ask>> requests() {
    Map<Class<?>, Map.Entry<Right, Ask>> all = new LinkedHashMap<>();
    all.put(AnnaRequest.Get.class, Map.entry(Right.READ, NodeClient::get));
    all.put(AnnaRequest.Version.class, Map.entry(Right.READ, NodeClient::version));
    all.put(
        AnnaRequest.GetFields.class,
        Map.entry(Right.READ, (client, key) -> client.getFields(key, Set.of("a"))));
    all.put(
        AnnaRequest.Merge.class,
        Map.entry(Right.MERGE, (client, key) -> client.merge(key, STORED, Durability.LOG)));
    all.put(
        AnnaRequest.Delete.class,
        Map.entry(Right.DELETE, (client, key) -> client.delete(List.of(key))));
    all.put(
        AnnaRequest.Scan.class,
        Map.entry(Right.SCAN, (client, key) -> client.scan(key.text(), null, 10)));
    return all;
  }

  @Test
  void everyRequestNeedsItsRightToTheKeyThatItNames() throws Exception {
    Set<Class<?>> tried = new HashSet<>(requests().keySet());
    tried.addAll(List.of(AnnaRequest.Stats.class, AnnaRequest.Compact.class));
    assertEquals(Set.of(AnnaRequest.class.getPermittedSubclasses()), tried, "a request is new");
    for (Map.Entry<Right, Ask> request : requests().values()) {
      Right needed = request.getKey();
      EnumSet<Right> others = EnumSet.complementOf(EnumSet.of(needed));
      try (NodeClient able = client(grant("session/me/", needed));
          NodeClient unable = client(new Grant("session/me/", others))) {
        assertForbidden(request.getValue().of(unable, MINE));
        assertForbidden(request.getValue().of(able, THEIRS));
        request.getValue().of(able, MINE).get(60, SECONDS);
      }
    }
    assertEquals(STORED, await(owner.get(THEIRS)).lattice());
  }

  @Test
  void figuresAndListsOfEverythingAreForWhoMayListEverything() throws Exception {
    try (NodeClient client = client(new Grant("session/me/", EnumSet.allOf(Right.class)))) {
      assertForbidden(client.stats());
      assertForbidden(client.compact());
      assertForbidden(client.scan("", null, 10));
      assertForbidden(client.scan("session/m", null, 10));
      assertForbidden(client.delete(List.of(MINE, THEIRS)));
    }
    assertNotNull(await(owner.get(MINE)).lattice(), "none of them is deleted");
  }

  @Test
  void largeRegistersNeedTheRightToo() throws Exception {
    Key mine = new Key("session/me/v/large");
    Key theirs = new Key("session/mean/v/large");
    try (NodeClient client = client(grant("session/me/", Right.MERGE))) {
      assertForbidden(client.merge(theirs, register(LARGE_BYTES), Durability.LOG));
      await(client.merge(mine, register(LARGE_BYTES), Durability.LOG));
    }
    assertNull(await(owner.get(theirs)).lattice());
    assertNotNull(await(owner.get(mine)).lattice());
  }

  @Test
  void whatIsAddressedByItsContentCanBeNothingElse() throws Exception {
    try (NodeClient client = client(grant("class/", Right.READ, Right.ADDRESSED))) {
      for (byte[] file : List.of("class".getBytes(StandardCharsets.UTF_8), new byte[LARGE_BYTES])) {
        String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        Key key = new Key("class/" + sha256);
        byte[] forged = file.clone();
        forged[0] ^= 1;
        assertForbidden(client.putWhole(key, forged, Durability.LOG));
        assertForbidden(client.merge(key, register(file.length), Durability.LOG));
        assertForbidden(client.merge(key, new MaxLattice(1), Durability.LOG));
        assertForbidden(client.putValue(key, List.of(ByteBuffer.wrap(forged)), Durability.LOG));
        await(client.putWhole(key, file, Durability.LOG));
        assertForbidden(client.delete(List.of(key)));
        assertArrayEquals(file, await(client.readValue(key)).readAll());
      }
    }
  }

  @Test
  void tokensThatWereMadeOrChangedByOthersAreRefused() throws Exception {
    byte[] good = token(LONG, grant("session/me/", Right.READ));
    for (int i = 0; i < good.length; i++) {
      byte[] changed = good.clone();
      changed[i] ^= 1;
      assertRefused(changed);
    }
    byte[] wide = token(LONG, grant("", Right.READ, Right.MERGE, Right.SCAN, Right.DELETE));
    byte[] widened = wide.clone();
    int macBytes = 32;
    System.arraycopy(good, good.length - macBytes, widened, widened.length - macBytes, macBytes);
    assertRefused(widened);
    assertRefused(
        new Access("me", List.of(grant("", Right.READ)), Long.MAX_VALUE).token(new byte[] {1}));
    assertRefused(new byte[0]);
    try (NodeClient client = connect(good)) {
      assertNotNull(await(client.get(MINE)).lattice());
    }
  }

  private void assertRefused(byte[] credentials) {
    assertThrows(Handshake.RefusedException.class, () -> connect(credentials).close());
  }

  @Test
  void anExpiredTokenOpensNothingAndEndsItsConnection() throws Exception {
    assertRefused(token(Duration.ZERO, grant("", Right.READ)));
    byte[] brief = token(Duration.ofSeconds(2), grant("session/me/", Right.READ));
    try (FrameConnection connection = FrameConnection.connect(node.endpoint())) {
      Handshake.open(connection, "test", brief);
      assertNull(connection.receive(), "the node closes it at the end of the token");
    }
    assertRefused(brief);
  }

  @Test
  void aRenewedTokenGoesOnWhereTheEarlierOneEnds() throws Exception {
    byte[] brief = token(Duration.ofSeconds(2), grant("session/me/", Right.READ));
    try (NodeClient client = connect(brief);
        FrameConnection sameToken = FrameConnection.connect(node.endpoint())) {
      Handshake.open(sameToken, "test", brief);
      client.renew(token(LONG, grant("session/me/", Right.READ)));
      assertNull(sameToken.receive());
      assertNotNull(await(client.get(MINE)).lattice());
    }
  }
}
