package hydrocell.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Durability;
import hydrocell.anna.Guard;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.ValueReader;
import hydrocell.anna.ValueWriter;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageNodeTest {
  private static final byte[] SECRET = {7};

  @TempDir Path temp;
  private StorageNode node;
  private AnnaClient client;

  @BeforeEach
  void start() throws Exception {
    node = StorageNode.start(config(64 << 20));
    client = NodeClient.connect(node.endpoint(), "test", SECRET);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    node.close();
  }

  private StorageConfig config(long segmentBytes) {
    return new StorageConfig(
        temp.resolve("anna"),
        Endpoint.unix(temp.resolve("a.sock")),
        SECRET,
        2,
        segmentBytes,
        64,
        16 << 20,
        50);
  }

  private void restart(long segmentBytes) throws Exception {
    stop();
    node = StorageNode.start(config(segmentBytes));
    client = NodeClient.connect(node.endpoint(), "test", SECRET);
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(20, SECONDS);
  }

  private static Reason reason(CompletableFuture<?> future) {
    ExecutionException failure = assertThrows(ExecutionException.class, () -> await(future));
    return assertInstanceOf(AnnaException.class, failure.getCause()).reason();
  }

  private static LwwRegister register(long counter, String text) {
    return new LwwRegister(new Stamp(counter, "w", 0), text.getBytes());
  }

  @Test
  void whatIsMergedIsReadAndSurvivesARestart() throws Exception {
    Key key = Key.of("a", "b");
    await(client.merge(key, register(1, "one"), Durability.LOG));
    AnnaClient.Merged second = await(client.merge(key, register(2, "two"), Durability.DISK));
    AnnaClient.Merged stale = await(client.merge(key, register(1, "one"), Durability.LOG));

    assertTrue(second.changed());
    assertFalse(stale.changed());
    assertEquals(second.version(), stale.version());
    assertEquals(register(2, "two"), await(client.get(key)).lattice());
    restart(64 << 20);
    assertEquals(register(2, "two"), await(client.get(key)).lattice());
    assertNull(await(client.get(Key.of("nothing"))).lattice());
  }

  @Test
  void mapsAreMergedByFieldAndReadByField() throws Exception {
    Key key = Key.of("map");
    await(client.merge(key, MapLattice.of(Map.of("a", new MaxLattice(1))), Durability.LOG));
    AnnaClient.Merged merged =
        await(client.merge(key, MapLattice.of(Map.of("b", new MaxLattice(2))), Durability.LOG));

    AnnaClient.Read some = await(client.getFields(key, Set.of("b", "absent")));

    assertEquals(MapLattice.of(Map.of("b", new MaxLattice(2))), some.lattice());
    assertEquals(merged.version(), some.version());
    assertEquals(merged.version(), await(client.version(key)));
    restart(64 << 20);
    assertEquals(2, ((MapLattice) await(client.get(key)).lattice()).fields().size());
    assertNotEquals(merged.version(), await(client.version(key)));
  }

  @Test
  void aWriterThatWasFencedChangesNothing() throws Exception {
    Key key = Key.of("manifest");
    Guard guard = new Guard("fence/w", 0);
    MapLattice late = MapLattice.of(Map.of("x", new MaxLattice(5)));
    await(client.merge(key, MapLattice.of(Map.of("y", new MaxLattice(1))), Durability.LOG, guard));
    await(client.merge(key, MapLattice.of(Map.of("fence/w", new MaxLattice(1))), Durability.LOG));

    assertEquals(Reason.FENCED, reason(client.merge(key, late, Durability.LOG, guard)));

    assertNull(((MapLattice) await(client.get(key)).lattice()).field("x"));
    await(client.merge(key, late, Durability.LOG, new Guard("fence/w", 1)));
  }

  @Test
  void kindsDoNotMix() throws Exception {
    Key key = Key.of("kind");
    await(client.merge(key, new MaxLattice(1), Durability.LOG));

    assertEquals(Reason.KIND_MISMATCH, reason(client.merge(key, register(1, "x"), Durability.LOG)));
    assertEquals(new MaxLattice(1), await(client.get(key)).lattice());
  }

  @Test
  void valuesOfEverySizeComeBackWholeAlsoAfterARestart() throws Exception {
    Random random = new Random(1);
    int[] sizes = {0, 1, 4096, 65_535, 65_537, 1 << 20, (1 << 20) + 1, 5_000_000};
    for (int size : sizes) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      await(
          client.putValue(
              Key.of("v", "" + size),
              List.of(
                  ByteBuffer.wrap(bytes, 0, size / 3),
                  ByteBuffer.wrap(bytes, size / 3, size - size / 3)),
              Durability.LOG));
    }
    restart(64 << 20);
    random = new Random(1);
    for (int size : sizes) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      ValueReader value = await(client.readValue(Key.of("v", "" + size)));
      assertNotNull(value, "value of " + size);
      assertTrue(Arrays.equals(bytes, value.readAll()), "size " + size);
    }
    assertNull(await(client.readValue(Key.of("v", "none"))));
  }

  @Test
  void deletingAValueDeletesItsChunksAndScansNeverShowThem() throws Exception {
    Key key = Key.of("v", "big");
    await(client.putValue(key, List.of(ByteBuffer.allocate(3 << 20)), Durability.LOG));
    assertEquals(List.of(key), await(client.scan("v/", null, 10)).keys());

    await(client.delete(List.of(key, Key.of("never"))));

    assertNull(await(client.readValue(key)));
    assertEquals(0L, await(client.stats()).get("keys"));
    restart(64 << 20);
    assertEquals(0L, await(client.stats()).get("keys"));
  }

  @Test
  void halfAValueIsListedAndCanBeDeleted() throws Exception {
    Key half = Key.of("v", "half");
    ValueWriter writer = client.writeValue(half, Durability.LOG);
    writer.write(ByteBuffer.allocate(2 << 20));
    await(client.putValue(Key.of("v", "whole"), List.of(ByteBuffer.allocate(1)), Durability.LOG));

    assertNull(await(client.readValue(half)));
    AnnaClient.KeyPage first = await(client.scan("v/", null, 1));
    assertEquals(List.of(half), first.keys());
    assertEquals(List.of(Key.of("v", "whole")), await(client.scan("v/", first.next(), 1)).keys());

    await(writer.abandon());
    assertEquals(1L, await(client.stats()).get("keys"));
  }

  @Test
  void scansGoThroughAllPages() throws Exception {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      all.add(client.merge(Key.of("s", "" + i), new MaxLattice(i), Durability.LOG));
    }
    for (CompletableFuture<?> each : all) {
      await(each);
    }
    List<Key> found = new ArrayList<>();
    String cursor = null;
    do {
      AnnaClient.KeyPage page = await(client.scan("s/", cursor, 40));
      found.addAll(page.keys());
      cursor = page.next();
    } while (cursor != null);
    assertEquals(250, found.size());
    assertEquals(250, Set.copyOf(found).size());
  }

  @Test
  void compactionFreesWhatIsDeadAndLosesNothing() throws Exception {
    restart(256 << 10);
    byte[] bytes = new byte[100_000];
    for (int round = 0; round < 60; round++) {
      Arrays.fill(bytes, (byte) round);
      await(
          client.merge(
              Key.of("hot"), new LwwRegister(new Stamp(round + 1, "w", 0), bytes), Durability.LOG));
      await(client.merge(Key.of("kept", "" + round), new MaxLattice(round), Durability.LOG));
    }
    long live = await(client.stats()).get("live.bytes");
    long disk = Long.MAX_VALUE;
    long deadlineNs = System.nanoTime() + SECONDS.toNanos(20);
    while (disk > 2 * live + 4 * (256 << 10) && System.nanoTime() < deadlineNs) {
      disk = await(client.stats()).get("disk.bytes");
    }
    assertTrue(disk <= 2 * live + 4 * (256 << 10), "disk " + disk + ", live " + live);
    restart(256 << 10);
    assertEquals(59, ((LwwRegister) await(client.get(Key.of("hot"))).lattice()).value()[5]);
    for (int round = 0; round < 60; round++) {
      assertEquals(new MaxLattice(round), await(client.get(Key.of("kept", "" + round))).lattice());
    }
  }

  @Test
  void aForcedCompactionUnderLoadLosesNothingAndLeavesWhatIsLive() throws Exception {
    restart(256 << 10);
    List<CompletableFuture<?>> load = new ArrayList<>();
    byte[] bytes = new byte[20_000];
    for (int round = 0; round < 200; round++) {
      Arrays.fill(bytes, (byte) round);
      Stamp stamp = new Stamp(round + 1, "w", 0);
      for (String key : List.of("hot", "kept" + round, "dead" + round)) {
        load.add(client.merge(Key.of(key), new LwwRegister(stamp, bytes.clone()), Durability.LOG));
      }
      if (round % 50 == 25) {
        load.add(((NodeClient) client).compact());
      }
      load.add(client.delete(List.of(Key.of("dead" + round))));
    }
    await(CompletableFuture.allOf(load.toArray(CompletableFuture[]::new)));
    Map<String, Long> now = await(((NodeClient) client).compact());
    long deadlineNs = System.nanoTime() + SECONDS.toNanos(120);
    while (now.get("compacting") > 0 && System.nanoTime() < deadlineNs) {
      now = await(client.stats());
    }
    long live = now.get("live.bytes");
    assertTrue(live > 201 * 20_000, "live " + live);
    assertTrue(now.get("disk.bytes") <= 1.1 * live, now::toString);
    for (int times = 0; times < 2; times++) {
      assertEquals(
          (byte) 199, ((LwwRegister) await(client.get(Key.of("hot"))).lattice()).value()[5]);
      for (int round = 0; round < 200; round++) {
        LwwRegister kept = (LwwRegister) await(client.get(Key.of("kept" + round))).lattice();
        assertEquals((byte) round, kept.value()[5]);
        assertNull(await(client.get(Key.of("dead" + round))).lattice());
      }
      restart(256 << 10);
    }
  }

  @Test
  void aLogOfAnotherFormatIsRefusedAndADamagedBeginningIsNot() throws Exception {
    await(client.merge(Key.of("first"), new MaxLattice(1), Durability.LOG));
    stop();
    List<Path> logs;
    try (Stream<Path> files = Files.walk(temp.resolve("anna"))) {
      logs = files.filter(file -> file.toString().endsWith(".log")).toList();
    }
    for (String beginning : List.of("HYCLOG02", "HYQLOG01")) {
      for (Path log : logs) {
        byte[] bytes = Files.readAllBytes(log);
        byte[] other = beginning.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(other, 0, bytes, 0, other.length);
        Files.write(log, bytes);
      }
      if (beginning.startsWith("HYCLOG")) {
        IOException refused =
            assertThrows(IOException.class, () -> StorageNode.start(config(64 << 20)));
        assertTrue(refused.getMessage().contains("the build that wrote it"), refused::getMessage);
      }
    }
    start();
    assertEquals(new MaxLattice(1), await(client.get(Key.of("first"))).lattice());
    assertEquals(logs.size(), await(client.stats()).get("damaged.parts"));
  }

  @Test
  void aTornTailAtAnyByteLosesOnlyTheTornRecord() throws Exception {
    await(client.merge(Key.of("first"), new MaxLattice(1), Durability.LOG));
    await(client.merge(Key.of("first"), new MaxLattice(2), Durability.LOG));
    stop();
    Path log;
    try (Stream<Path> files = Files.walk(temp.resolve("anna"))) {
      log =
          files
              .filter(p -> p.toString().endsWith(".log") && p.toFile().length() > 8)
              .findFirst()
              .orElseThrow();
    }
    byte[] whole = Files.readAllBytes(log);
    int first = 8 + 8 + ByteBuffer.wrap(whole, 8, 4).getInt();
    for (int cut = first; cut < whole.length; cut++) {
      Files.write(log, Arrays.copyOf(whole, cut));
      node = StorageNode.start(config(64 << 20));
      client = NodeClient.connect(node.endpoint(), "test", SECRET);
      assertEquals(new MaxLattice(1), await(client.get(Key.of("first"))).lattice(), "cut " + cut);
      stop();
    }
    node = StorageNode.start(config(64 << 20));
    client = NodeClient.connect(node.endpoint(), "test", SECRET);
  }

  @Test
  void aNodeKilledWhileItWritesHasEverythingItAcknowledged() throws Exception {
    Path folder = temp.resolve("other");
    Path socket = temp.resolve("o.sock");
    List<String> command =
        List.of(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            NodeMain.class.getName(),
            folder.toString(),
            socket.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    int acknowledged = 0;
    try (var out = process.inputReader()) {
      assertEquals("ready", out.readLine());
      AnnaClient killed = NodeClient.connect(Endpoint.unix(socket), "test", SECRET);
      List<CompletableFuture<?>> merges = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        merges.add(killed.merge(Key.of("k", "" + i), new MaxLattice(i), Durability.LOG));
        if (i == 1500) {
          await(merges.get(700));
          process.destroyForcibly();
        }
      }
      for (CompletableFuture<?> merge : merges) {
        try {
          await(merge);
          acknowledged++;
        } catch (ExecutionException e) {
          assertEquals(
              Reason.UNAVAILABLE, ((AnnaException) e.getCause()).reason(), "how a lost node ends");
        }
      }
      killed.close();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertTrue(acknowledged > 700, "only " + acknowledged + " were acknowledged");
    try (StorageNode again =
            StorageNode.start(StorageConfig.local(folder, Endpoint.unix(socket), SECRET));
        AnnaClient reader = NodeClient.connect(again.endpoint(), "test", SECRET)) {
      int found = 0;
      for (int i = 0; i < 2000; i++) {
        found += await(reader.get(Key.of("k", "" + i))).lattice() == null ? 0 : 1;
      }
      assertTrue(found >= acknowledged, found + " found, " + acknowledged + " acknowledged");
    }
  }

  @Test
  void aWrongSecretIsRefusedAndFilesArePrivate() throws Exception {
    IOException refused =
        assertThrows(
            Handshake.RefusedException.class,
            () -> NodeClient.connect(node.endpoint(), "test", new byte[] {8}));

    assertEquals("wrong secret", refused.getMessage());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(node.endpoint().path())));
  }

  @Test
  void hostileFramesCloseTheirConnectionAndNoOther() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      try (FrameConnection hostile = FrameConnection.connect(node.endpoint())) {
        if (i % 2 == 0) {
          Handshake.open(hostile, "test", SECRET);
        }
        byte[] garbage = new byte[1 + random.nextInt(300)];
        random.nextBytes(garbage);
        hostile.send(ByteBuffer.wrap(garbage));
        ByteBuffer last = hostile.receive();
        while (last != null) {
          last = hostile.receive();
        }
      } catch (IOException e) {
        assertNotNull(e.getMessage());
      }
    }
    await(client.merge(Key.of("alive"), new MaxLattice(1), Durability.LOG));
    assertEquals(new MaxLattice(1), await(client.get(Key.of("alive"))).lattice());
  }

  @Test
  void whoReadsNoAnswersCostsBoundedMemoryAndNobodyElse() throws Exception {
    Key key = Key.of("large");
    await(
        client.merge(
            key, new LwwRegister(new Stamp(1, "w", 0), new byte[1 << 20]), Durability.LOG));
    ByteWriter requests = new ByteWriter(1 << 20);
    for (int id = 1; id <= 5_000; id++) {
      ByteWriter frame = new ByteWriter();
      AnnaRequest.write(frame, id, new AnnaRequest.Get(key));
      requests.u32(frame.size()).raw(frame.view().array(), 0, frame.size());
    }
    try (SocketChannel deaf = SocketChannel.open(node.endpoint().address())) {
      Handshake.open(new FrameConnection(deaf, 16 << 20), "test", SECRET);
      deaf.configureBlocking(false);
      ByteBuffer left = requests.view();
      for (int i = 0; i < 50; i++) {
        deaf.write(left);
        assertNotNull(await(client.get(key)).lattice());
        assertTrue(
            PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() < 1L << 30,
            "the node holds answers that nobody takes");
      }
    }
  }

  @Test
  void whoHasNotSaidHelloIsGivenLittle() throws Exception {
    try (FrameConnection stranger = FrameConnection.connect(node.endpoint())) {
      stranger.send(ByteBuffer.allocate(Handshake.MAX_HELLO_BYTES + 1));
      assertNull(stranger.receive(), "the node answers a hello of any length");
    }
  }

  @Test
  void aSecondNodeOnTheFolderIsToldWhatToDo() {
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                StorageNode.start(
                    StorageConfig.local(
                        temp.resolve("anna"), Endpoint.unix(temp.resolve("b.sock")), SECRET)));

    assertTrue(refused.getMessage().contains("hydrocell stop"), refused.getMessage());
  }

  @Test
  void overTcpItDoesTheSame() throws Exception {
    try (StorageNode tcp =
            StorageNode.start(
                StorageConfig.local(temp.resolve("tcp"), Endpoint.tcp("127.0.0.1", 0), SECRET));
        AnnaClient other = NodeClient.connect(tcp.endpoint(), "test", SECRET)) {
      await(other.merge(Key.of("x"), new MaxLattice(4), Durability.LOG));
      assertEquals(new MaxLattice(4), await(other.get(Key.of("x"))).lattice());
    }
  }
}
