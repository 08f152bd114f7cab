package hydrocell.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaException;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.ValueReader;
import hydrocell.anna.ValueWriter;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.Access.Grant;
import hydrocell.anna.wire.Access.Right;
import hydrocell.anna.wire.Admission;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.Handshake;
import hydrocell.storage.net.PersonTokens;
import hydrocell.storage.net.StoreCertificate;
import hydrocell.storage.net.StoreRelay;
import hydrocell.storage.net.StoreRelay.Passport;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * People who come to a shared store from other machines, and who try to. Loopback stands for them.
 */
final class RemoteStoreTest {
  private static final Key OWN = new Key("session/one");
  private static final MapLattice STORED = MapLattice.of(Map.of("a", new MaxLattice(1)));
  private static final byte[] SECRET = Arrays.copyOf(new byte[] {1, 2, 3}, 32);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration IMPATIENCE = Duration.ofMillis(500);

  @TempDir static Path certificates;
  @TempDir Path temp;
  private final List<AutoCloseable> open = new ArrayList<>();
  private StorageNode node;
  private PersonTokens tokens;
  private String certificate;
  private StoreRelay.Store place;
  private Passport passport;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectory(temp.resolve("tokens"));
    // Making one takes a second.
    Path made = certificates.resolve("store.pem");
    StoreCertificate.at(made);
    Files.copy(made, temp.resolve("store.pem"), StandardCopyOption.COPY_ATTRIBUTES);
    tokens = new PersonTokens(temp.resolve("tokens"), InstantSource.system());
    start(0);
    certificate = StoreCertificate.at(temp.resolve("store.pem")).knownBy();
    passport = passport("alice", tokens.issue("alice", Duration.ofDays(1)));
  }

  private void start(int port) throws Exception {
    node =
        StorageNode.start(
            StorageConfig.shared(
                temp.resolve("anna"),
                Endpoint.unix(temp.resolve("a.sock")),
                temp.resolve("people"),
                1 << 30,
                new StorageConfig.Remote(
                    Endpoint.tcp("127.0.0.1", port),
                    temp.resolve("store.pem"),
                    temp.resolve("tokens"),
                    20)),
            channel -> "alice",
            () -> new Groups(person -> Set.of(person), System::nanoTime));
    place = new StoreRelay.Store("127.0.0.1", remotePort());
  }

  private int remotePort() {
    return ((InetSocketAddress) node.remoteEndpoint().address()).getPort();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    node.close();
  }

  private <C extends AutoCloseable> C closedLater(C each) {
    open.add(each);
    return each;
  }

  private Passport passport(String person, byte[] token) {
    return new Passport(person, token, certificate, "/home/alice/store.token");
  }

  private StoreRelay relay(StoreRelay.Store to, Duration limit) throws IOException {
    return closedLater(
        StoreRelay.start(
            Endpoint.unix(temp.resolve("r%d.sock".formatted(open.size()))),
            to,
            () -> passport,
            SECRET,
            limit));
  }

  private NodeClient client(StoreRelay relay, byte[] credentials) throws IOException {
    return closedLater(NodeClient.connect(relay.endpoint(), "test", credentials));
  }

  private NodeClient client() throws IOException {
    return client(relay(place, PATIENCE), SECRET);
  }

  private String refusal(StoreRelay relay) {
    return String.valueOf(
        assertThrows(Handshake.RefusedException.class, () -> client(relay, SECRET)).getMessage());
  }

  private String refusal() throws IOException {
    return refusal(relay(place, PATIENCE));
  }

  private static void assertSays(String told, String... parts) {
    for (String part : parts) {
      assertTrue(told.contains(part), told);
    }
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, SECONDS);
  }

  @Test
  void aPersonHasTheSameKeysFromThereAsOnTheStoresMachine() throws Exception {
    await(client().merge(OWN, STORED, Durability.LOG));

    NodeClient here =
        closedLater(NodeClient.connect(node.endpoint(), "test", Arrays.copyOf(SECRET, 32)));
    assertEquals(STORED, await(here.get(OWN)).lattice());

    passport = passport("bob", tokens.issue("bob", Duration.ofDays(1)));
    assertNull(await(client().get(OWN)).lattice());
  }

  @Test
  void cellsHaveTheTokensOfTheirNodeAndNoMore() throws Exception {
    StoreRelay relay = relay(place, PATIENCE);
    long soonMs = System.currentTimeMillis() + 60_000;
    Access access =
        new Access("alice", List.of(new Grant("session/one/", EnumSet.of(Right.READ))), soonMs);

    NodeClient cell = client(relay, access.token(SECRET));
    assertNull(await(cell.get(new Key("session/one/x"))).lattice());
    ExecutionException refused =
        assertThrows(
            ExecutionException.class,
            () -> await(cell.merge(new Key("session/one/x"), STORED, Durability.LOG)));
    assertEquals(Reason.FORBIDDEN, ((AnnaException) refused.getCause()).reason());
    byte[] forged = access.token(new byte[32]);
    assertThrows(Handshake.RefusedException.class, () -> client(relay, forged));
    assertThrows(Handshake.RefusedException.class, () -> client(relay, new byte[32]));
  }

  @Test
  void largeValuesComeWholeBothWays() throws Exception {
    byte[] bytes = new byte[9 << 20];
    new Random(7).nextBytes(bytes);
    Key key = new Key("session/one/v/large");
    NodeClient client = client();

    ValueWriter writer = client.writeValue(key, Durability.LOG);
    writer.write(ByteBuffer.wrap(bytes));
    await(writer.finish());
    try (ValueReader reader = await(client.readValue(key))) {
      assertNotNull(reader);
      assertArrayEquals(bytes, reader.readAll());
    }
  }

  @Test
  void whoHasNoGoodTokenIsToldWhatToDo() throws Exception {
    byte[] good = passport.token();
    passport = passport("alice", new byte[32]);
    assertSays(refusal(), "does not know this token", "hydrocell token alice", "store.token");
    passport = passport("alice", Arrays.copyOf(good, 31));
    assertSays(refusal(), "does not know this token");
    passport = passport("bob", good);
    assertSays(refusal(), "this token is alice's");
    PersonTokens earlier =
        new PersonTokens(
            temp.resolve("tokens"), InstantSource.fixed(Instant.now().minus(Duration.ofDays(3))));
    passport = passport("alice", earlier.issue("alice", Duration.ofDays(2)));
    assertSays(refusal(), "has expired");
    for (PersonTokens.Issued each : tokens.all()) {
      Files.writeString(temp.resolve("tokens").resolve(each.name()), "person = root\n");
    }
    passport = passport("alice", good);
    assertSays(refusal(), "cannot read what it knows of this token");
  }

  @Test
  void aRevokedTokenEndsItsConnectionsAndIsKnownNoMore() throws Exception {
    NodeClient client = client();
    await(client.merge(OWN, STORED, Durability.LOG));
    passport = passport("bob", tokens.issue("bob", Duration.ofDays(1)));
    NodeClient bob = client();
    Passport bobs = passport;
    passport = passport("alice", passport.token());

    assertEquals(1, tokens.revoke("alice").size());

    passport = bobs;
    await(bob.get(OWN));
    passport = passport("alice", new byte[32]);
    // The client connects again by itself, and is refused then.
    while (true) {
      try {
        await(client.get(OWN));
      } catch (ExecutionException e) {
        break;
      }
    }
    assertSays(refusal(), "revoked");
    passport = bobs;
    await(bob.get(OWN));
  }

  @Test
  void anotherServerIsNotTakenForTheStore() throws Exception {
    Passport good = passport;
    passport = new Passport("alice", good.token(), "sha256:" + "0".repeat(64), good.from());
    assertSays(refusal(), "is not the store that", "somebody else answers");
    passport = new Passport("alice", good.token(), StoreCertificate.AUTHORITIES, good.from());
    assertSays(refusal(), "is not the store that");
    passport = new Passport("alice", good.token(), "nonsense", good.from());
    assertSays(refusal(), "store.token", "authorities");

    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      StoreRelay.Store there = new StoreRelay.Store("127.0.0.1", plain.getLocalPort());
      passport = good;
      assertSays(refusal(relay(there, IMPATIENCE)), "does not answer", "--listen");
      Thread.ofVirtual()
          .start(() -> {
            while (!plain.isClosed()) {
              greet(plain);
            }
          });
      assertSays(refusal(relay(there, PATIENCE)), "does not speak TLS");
    }
    StoreRelay.Store nobody = new StoreRelay.Store("127.0.0.1", place.port());
    node.close();
    assertSays(refusal(relay(nobody, PATIENCE)), "does not answer", "--listen");
    start(0);
  }

  private static void greet(ServerSocket plain) {
    try (Socket client = plain.accept()) {
      client.getOutputStream().write("SSH-2.0-OpenSSH\r\n".getBytes(StandardCharsets.US_ASCII));
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      // The next one.
    }
  }

  @Test
  void nobodyGetsInWithoutAdmission() throws Exception {
    try (Socket plain = new Socket("127.0.0.1", place.port())) {
      plain.getOutputStream().write(framed(new Admission(passport.token(), SECRET).hello()));
      byte[] said = plain.getInputStream().readAllBytes();
      // An alert of TLS at most.
      assertTrue(said.length < 10 && (said.length == 0 || said[0] == 21), Arrays.toString(said));
    }
    try (SSLSocket client = tls()) {
      client.getOutputStream().write(framed(hello("test", SECRET)));
      assertSays(refusedOver(client), "through their person's node");
    }
    try (SSLSocket client = tls()) {
      client.getOutputStream().write(framed(hello("machine", new byte[] {9, 9})));
      assertSays(refusedOver(client), "admission");
    }
    try (SSLSocket client = tls()) {
      client.getOutputStream().write(framed(new Admission(passport.token(), new byte[0]).hello()));
      assertSays(refusedOver(client), "secret");
    }
    try (SSLSocket client = tls()) {
      client.getOutputStream().write(ByteBuffer.allocate(4).putInt(1 << 30).array());
      client.getOutputStream().write(new byte[8192]);
      assertEquals(-1, endOf(client));
    }
    // Admitted, a client that says no hello of its own does nothing either.
    try (SSLSocket client = tls()) {
      client.getOutputStream().write(framed(new Admission(passport.token(), SECRET).hello()));
      assertEquals("alice", Admission.person(answer(client)));
      client.getOutputStream().write(framed(new ByteWriter().u8(1).text("session/one")));
      assertSays(refusedOver(client), "not a Hydrocell client");
    }
    await(client().get(OWN));
  }

  @Test
  void strangersAreFewAndKeepNobodyOut() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        strangers.add(new Socket("127.0.0.1", place.port()));
      }
      int refused = 0;
      for (Socket each : strangers.subList(290, 300)) {
        each.setSoTimeout(60_000);
        refused += each.getInputStream().read() < 0 ? 1 : 0;
      }
      assertEquals(10, refused);
    } finally {
      for (Socket each : strangers) {
        each.close();
      }
    }
    while (true) {
      try {
        await(client().get(OWN));
        return;
      } catch (Handshake.RefusedException e) {
        // The node has not seen yet that they are gone.
      }
    }
  }

  @Test
  void theCertificateIsMadeOnceAndTheOperatorsOwnIsUsed() throws Exception {
    Path file = temp.resolve("store.pem");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(certificate.matches("sha256:[0-9a-f]{64}"), certificate);
    assertEquals(certificate, StoreCertificate.at(file).knownBy());
    node.close();
    Files.delete(file);
    start(0);
    assertFalse(certificate.equals(StoreCertificate.at(file).knownBy()));
    assertSays(refusal(), "is not the store that");
    Path damaged = Files.writeString(temp.resolve("damaged.pem"), "-----BEGIN NOTHING-----");
    IOException why = assertThrows(IOException.class, () -> StoreCertificate.at(damaged));
    assertSays(String.valueOf(why.getMessage()), "PRIVATE KEY", "damaged.pem");
  }

  private static byte[] framed(ByteWriter payload) {
    byte[] bytes = payload.toByteArray();
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  /** As the class that says it, which is nobody else's. */
  private static ByteWriter hello(String role, byte[] credentials) {
    return new ByteWriter()
        .u32(0x48594331)
        .varint(Handshake.PROTOCOL)
        .text(role)
        .bytes(credentials)
        .text("test");
  }

  private SSLSocket tls() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new Everybody()}, null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", place.port());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static ByteBuffer answer(SSLSocket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    return ByteBuffer.wrap(in.readNBytes(in.readInt()));
  }

  private static String refusedOver(SSLSocket client) throws IOException {
    ByteReader in = new ByteReader(answer(client));
    assertEquals(1, in.u8());
    return in.text();
  }

  private static int endOf(SSLSocket client) {
    try {
      return client.getInputStream().read();
    } catch (IOException e) {
      return -1; // Closed without a word.
    }
  }

  private static final class Everybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
