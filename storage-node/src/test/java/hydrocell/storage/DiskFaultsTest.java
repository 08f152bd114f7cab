package hydrocell.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LatticeCodec;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.storage.log.Damage;
import hydrocell.storage.log.DiskFolder;
import hydrocell.storage.log.SegmentedLog;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard on a device that fills up, refuses, forgets and changes what it was given. */
class DiskFaultsTest {
  private static final long SEGMENT_BYTES = 20_000;
  private static final long LIFE = 1;
  private static final int SEEDS = 300;

  /** A shard behind its loop, as connections see it. */
  private static final class Node implements AutoCloseable {
    private final ShardLoop loop;

    Node(FaultyDisk disk) throws IOException {
      loop = new ShardLoop(new Shard(disk, SEGMENT_BYTES, LIFE), "shard-under-test", 1_000_000);
    }

    /** Asks for several things at once, which are answered in one turn. */
    List<AnnaReply> ask(AnnaRequest... requests) throws Exception {
      return answers(requests).stream()
          .map(reply -> assertInstanceOf(ShardReply.Plain.class, reply).reply())
          .toList();
    }

    private List<ShardReply> answers(AnnaRequest... requests) throws Exception {
      CompletableFuture<List<ShardReply>> answered = new CompletableFuture<>();
      ShardLoop.Batch batch = new ShardLoop.Batch(done -> answered.complete(done.replies));
      for (AnnaRequest request : requests) {
        batch.add(0, new ShardRequest.Plain(request));
      }
      loop.submit(batch);
      return answered.get(20, TimeUnit.SECONDS);
    }

    Lattice get(String key) throws Exception {
      return latticeOf(answers(new AnnaRequest.Get(new Key(key))).getFirst());
    }

    @Override
    public void close() throws Exception {
      loop.close();
    }
  }

  private static LwwRegister register(long counter, int bytes) {
    byte[] value = new byte[bytes];
    new Random(counter).nextBytes(value);
    return new LwwRegister(new Stamp(counter, "w", 0), value);
  }

  private static AnnaRequest.Merge merge(String key, Lattice delta, Durability durability) {
    return new AnnaRequest.Merge(new Key(key), delta, durability, null);
  }

  private static ShardReply ask(Shard shard, String key) {
    return shard.answer(new ShardRequest.Plain(new AnnaRequest.Get(new Key(key))));
  }

  /** What a read found, in memory or on disk; null when there is nothing. */
  private static Lattice latticeOf(ShardReply reply) {
    if (reply instanceof ShardReply.Found(long version, ByteBuf bytes)) {
      try {
        return LatticeCodec.read(new ByteReader(bytes.nioBuffer()));
      } catch (MalformedFrameException e) {
        throw new AssertionError("what lies on disk makes no sense", e);
      } finally {
        bytes.release();
      }
    }
    return assertInstanceOf(AnnaReply.Found.class, ((ShardReply.Plain) reply).reply())
        .read()
        .lattice();
  }

  private static boolean acknowledged(AnnaReply reply) {
    if (reply instanceof AnnaReply.Acknowledged) {
      return true;
    }
    assertEquals(Reason.STORAGE, assertInstanceOf(AnnaReply.Failed.class, reply).reason());
    return false;
  }

  @Test
  void aFullDiskRefusesAndShowsOnlyWhatItAcknowledged() throws Exception {
    for (int capacity = 50; capacity < 60_000; capacity += 997) {
      FaultyDisk disk = new FaultyDisk();
      Map<String, LwwRegister> kept = new HashMap<>();
      try (Node node = new Node(disk)) {
        disk.setCapacityBytes(capacity);
        fillUntilRefused(node, kept, capacity);
        for (Map.Entry<String, LwwRegister> each : kept.entrySet()) {
          assertEquals(each.getValue(), node.get(each.getKey()), "capacity " + capacity);
        }
        LwwRegister again = register(1_000_000, 3_000);
        assertFalse(acknowledged(node.ask(merge("again", again, Durability.LOG)).getFirst()));
        disk.setCapacityBytes(Long.MAX_VALUE);
        assertTrue(acknowledged(node.ask(merge("again", again, Durability.LOG)).getFirst()));
        kept.put("again", again);
      }
      assertEquals(0, disk.openFiles(), "files are left open");
      try (Node node = new Node(disk.afterKill())) {
        for (Map.Entry<String, LwwRegister> each : kept.entrySet()) {
          assertEquals(each.getValue(), node.get(each.getKey()), "capacity " + capacity);
        }
      }
    }
  }

  /** Writes several keys a turn, and reads one of them in the same turn. */
  private static void fillUntilRefused(Node node, Map<String, LwwRegister> kept, int seed)
      throws Exception {
    Random random = new Random(seed);
    for (int counter = 1; counter < 1_000; counter += 3) {
      String read = "k" + random.nextInt(8);
      Map<String, LwwRegister> tried = new HashMap<>();
      List<AnnaRequest> turn = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String key = "k" + (counter + i) % 8;
        // Above and below what stays in memory.
        LwwRegister value = register(counter + i, random.nextInt(6_000));
        tried.put(key, value);
        turn.add(merge(key, value, Durability.LOG));
      }
      turn.add(new AnnaRequest.GetFields(new Key(read), java.util.Set.of()));
      turn.add(new AnnaRequest.Version(new Key(read)));
      List<AnnaReply> replies = node.ask(turn.toArray(AnnaRequest[]::new));
      boolean all = replies.subList(0, 3).stream().allMatch(DiskFaultsTest::acknowledged);
      boolean none =
          replies.subList(0, 3).stream().noneMatch(AnnaReply.Acknowledged.class::isInstance);
      assertTrue(all || none, "a turn is acknowledged as one: " + replies);
      assertInstanceOf(AnnaReply.At.class, replies.getLast());
      if (none) {
        return;
      }
      kept.putAll(tried);
    }
    throw new AssertionError("the disk never filled up");
  }

  @Test
  void aPowerCutLosesNothingThatWasForced() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      FaultyDisk disk = new FaultyDisk();
      Map<String, Long> forced = new HashMap<>();
      Map<String, Long> written = new HashMap<>();
      for (int life = 0; life < 3; life++) {
        try (Shards shard = new Shards(disk)) {
          shard.check(forced, written, seed);
          shard.write(random, forced, written);
          disk = disk.afterPowerCut(random);
        }
        String here = "seed " + seed + ", life " + life;
        try (Shards shard = new Shards(disk)) {
          shard.check(forced, written, seed);
          Map<String, Lattice> first = shard.all(written);
          try (Shards again = new Shards(disk.afterKill())) {
            assertEquals(first, again.all(written), here + ": recovery is not the same twice");
          }
          written.clear();
          first.forEach((key, lattice) -> written.put(key, counterOf(lattice)));
          forced.clear();
          forced.putAll(written);
          disk = disk.afterKill();
        }
      }
    }
  }

  private static long counterOf(Lattice lattice) {
    return lattice instanceof LwwRegister register
        ? register.stamp().counter()
        : ((MaxLattice) ((MapLattice) lattice).field("max")).value();
  }

  /** A shard without its loop: registers under r, maps under m, with a counter as value. */
  private static final class Shards implements AutoCloseable {
    private final Shard shard;

    Shards(FaultyDisk disk) throws IOException {
      shard = new Shard(disk, SEGMENT_BYTES, LIFE);
    }

    void write(Random random, Map<String, Long> forced, Map<String, Long> written)
        throws IOException {
      int count = random.nextInt(60);
      for (int i = 0; i < count; i++) {
        int key = random.nextInt(10);
        boolean map = random.nextBoolean();
        String name = (map ? "m" : "r") + key;
        long counter = written.getOrDefault(name, 0L) + 1;
        Lattice delta =
            map
                ? MapLattice.of(Map.of("max", new MaxLattice(counter)))
                : register(counter, random.nextInt(5_000));
        ShardReply reply = shard.answer(new ShardRequest.Plain(merge(name, delta, Durability.LOG)));
        assertTrue(acknowledged(((ShardReply.Plain) reply).reply()));
        written.put(name, counter);
        if (random.nextInt(4) == 0) {
          shard.flush();
        }
        if (random.nextInt(12) == 0) {
          shard.flush();
          shard.force();
          forced.putAll(written);
        }
        while (random.nextInt(8) == 0 && shard.compact()) {
          continue;
        }
      }
    }

    void check(Map<String, Long> forced, Map<String, Long> written, int seed) throws IOException {
      Map<String, Lattice> there = all(written);
      forced.forEach((key, counter) -> {
        Lattice lattice = there.get(key);
        assertNotNull(lattice, () -> "seed " + seed + ": " + key + " was forced and is gone");
        assertTrue(
            counterOf(lattice) >= counter && counterOf(lattice) <= written.get(key),
            () -> "seed %d: %s is %s".formatted(seed, key, lattice));
        if (lattice instanceof LwwRegister register) {
          byte[] whole = new byte[register.value().length];
          new Random(register.stamp().counter()).nextBytes(whole);
          assertEquals(
              new LwwRegister(register.stamp(), whole), register, "seed " + seed + ": torn");
        }
      });
    }

    Map<String, Lattice> all(Map<String, Long> written) {
      Map<String, Lattice> found = new HashMap<>();
      for (String key : written.keySet()) {
        Lattice lattice = latticeOf(ask(shard, key));
        if (lattice != null) {
          found.put(key, lattice);
        }
      }
      return found;
    }

    @Override
    public void close() throws IOException {
      shard.close();
    }
  }

  @Test
  void aChangedBitCostsOneRecordAndSaysWhich() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    List<SegmentedLog.Location> places = new ArrayList<>();
    try (Node node = new Node(disk)) {
      for (int i = 0; i < 12; i++) {
        node.ask(merge("session/s/v/" + i, register(i + 1, 3_000), Durability.LOG));
      }
    }
    try (SegmentedLog log = SegmentedLog.open(disk, SEGMENT_BYTES, (at, body) -> places.add(at))) {
      assertTrue(log.damages().isEmpty());
    }
    // In the length, in the checksum, in the key's length and in the value of the third record.
    for (int shift : new int[] {-6, -2, 1, 1_500}) {
      FaultyDisk damaged = disk.afterKill();
      damaged.damage(1, (int) places.get(2).offset() + shift);
      Shard shard = new Shard(damaged, SEGMENT_BYTES, LIFE);
      List<Damage> damages = shard.damages();
      assertEquals(1, damages.size(), () -> "shift " + shift + ": " + damages);
      assertTrue(damages.getFirst().text().contains("segment 0000000000000001"));
      if (shift == 1_500) {
        assertEquals("session/s/v/2", damages.getFirst().key());
      }
      for (int i = 0; i < 12; i++) {
        assertEquals(
            i == 2 ? null : register(i + 1, 3_000),
            latticeOf(ask(shard, "session/s/v/" + i)),
            "shift " + shift + ", value " + i);
      }
      shard.close();
    }
  }

  @Test
  void aMissingSegmentIsNamedAndTheRestOpens() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (Node node = new Node(disk)) {
      for (int i = 0; i < 24; i++) {
        node.ask(merge("k" + i, register(i + 1, 3_000), Durability.LOG));
      }
    }
    assertTrue(disk.segments().size() >= 3);
    disk.delete(2);
    try (Node node = new Node(disk.afterKill())) {
      assertEquals(register(1, 3_000), node.get("k0"));
      assertEquals(register(24, 3_000), node.get("k23"));
      AnnaReply.Figures figures =
          assertInstanceOf(AnnaReply.Figures.class, node.ask(new AnnaRequest.Stats()).getFirst());
      assertEquals(1L, figures.values().get("damaged.parts"));
    }
    Shard shard = new Shard(disk.afterKill(), SEGMENT_BYTES, LIFE);
    assertTrue(shard.damages().getFirst().text().contains("0000000000000002"));
    shard.close();
  }

  @Test
  void aDeviceThatTookNoWritesForAWhileIsUsedAgain() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (Node node = new Node(disk)) {
      assertTrue(acknowledged(node.ask(merge("a", register(1, 3_000), Durability.LOG)).getFirst()));
      disk.setWritesFail(true);
      for (int attempt = 2; attempt < 5; attempt++) {
        AnnaRequest again = merge("a", register(attempt, 3_000), Durability.LOG);
        assertFalse(acknowledged(node.ask(again).getFirst()));
      }
      disk.setWritesFail(false);
      assertEquals(register(1, 3_000), node.get("a"));
      assertTrue(acknowledged(node.ask(merge("b", register(9, 3_000), Durability.LOG)).getFirst()));
    }
    assertEquals(0, disk.openFiles(), "files are left open");
    try (Node node = new Node(disk.afterKill())) {
      assertEquals(register(1, 3_000), node.get("a"));
      assertEquals(register(9, 3_000), node.get("b"));
    }
  }

  @Test
  void aDeviceThatCannotForceRefusesWhatMustBeForced() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    try (Node node = new Node(disk)) {
      disk.setForceFails(true);
      assertFalse(acknowledged(node.ask(merge("a", register(1, 10), Durability.DISK)).getFirst()));
      assertTrue(acknowledged(node.ask(merge("b", register(1, 10), Durability.LOG)).getFirst()));
      disk.setForceFails(false);
      assertTrue(acknowledged(node.ask(merge("a", register(2, 10), Durability.DISK)).getFirst()));
      assertEquals(register(2, 10), node.get("a"));
      assertEquals(register(1, 10), node.get("b"));
    }
  }

  @Test
  void aLogOfAnotherFormatIsRefusedAndLeftAsItIs(@TempDir Path folder) throws Exception {
    Path segment = folder.resolve("0000000000000001.log");
    byte[] old = "HYCLOG00 of an older build".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Files.write(segment, old);
    IOException refused =
        assertThrows(
            IOException.class, () -> new Shard(new DiskFolder(folder), SEGMENT_BYTES, LIFE));
    assertTrue(refused.getMessage().contains("HYCLOG00"), refused::getMessage);
    assertTrue(refused.getMessage().contains("build that wrote it"), refused::getMessage);
    org.junit.jupiter.api.Assertions.assertArrayEquals(old, Files.readAllBytes(segment));
  }
}
