package hydrocell.storage;

import hydrocell.anna.AnnaClient.Merged;
import hydrocell.anna.AnnaClient.Read;
import hydrocell.anna.AnnaException;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Guard;
import hydrocell.anna.Key;
import hydrocell.anna.Values;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LatticeCodec;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.anna.wire.RegisterMerge;
import hydrocell.storage.log.Damage;
import hydrocell.storage.log.LogFolder;
import hydrocell.storage.log.SegmentedLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one shard and what is done to them. Owned by one thread: {@link ShardLoop} calls it.
 * Merges are logged as deltas; a merge counts once {@link #flush} returned.
 */
final class Shard implements SegmentedLog.Replay {
  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

  /**
   * A longer lattice whose register head this is has a value above {@link
   * KeyTable#IN_MEMORY_BYTES}.
   */
  private static final int LARGEST_REGISTER_HEAD_BYTES = 1024;

  private final ShardLog log;
  private final long segmentBytes;
  private final KeySpace.@Nullable Watcher watcher;
  private KeyTable keys;
  private Compactor compactor;
  private long incarnation;

  /**
   * Reads a shard.
   *
   * @param incarnation differs from that of every earlier life of the node, and so do versions
   */
  Shard(LogFolder folder, long segmentBytes, long incarnation) throws IOException {
    this(folder, segmentBytes, incarnation, null);
  }

  /** As above, for somebody who is told of every change. */
  Shard(LogFolder folder, long segmentBytes, long incarnation, KeySpace.@Nullable Watcher watcher)
      throws IOException {
    this.segmentBytes = segmentBytes;
    this.incarnation = incarnation;
    this.watcher = watcher;
    keys = new KeyTable(incarnation << 32, watcher);
    log = new ShardLog(folder, segmentBytes, this);
    compactor = new Compactor(this, log, segmentBytes);
    tellDamages();
  }

  /** What could not be read when the log was opened. */
  List<Damage> damages() {
    return log.damages();
  }

  private void tellDamages() {
    log.damages().forEach(damage -> LOG.error("{}", damage.text()));
  }

  /**
   * Goes back to what the log holds, after the device refused a write. Until that succeeds every
   * request fails.
   */
  void reopen() throws IOException {
    LOG.warn("the device refused a write: reading the log again");
    incarnation = incarnation % Integer.MAX_VALUE + 1;
    keys.clear();
    keys = new KeyTable(incarnation << 32, watcher);
    log.reopen(this);
    compactor = new Compactor(this, log, segmentBytes);
  }

  /** Whether {@link #reopen} must come before anything else. */
  boolean hasFailed() {
    return log.hasFailed();
  }

  /** Answers a request; what it changes is safe only after the next {@link #flush}. */
  ShardReply answer(ShardRequest request) {
    if (log.hasFailed()) {
      return new ShardReply.Plain(storageFailed(new IOException("it refused a write")));
    }
    try {
      return switch (request) {
        case ShardRequest.Plain(AnnaRequest.Get(Key key)) -> get(key);
        case ShardRequest.Plain(AnnaRequest plain) -> new ShardReply.Plain(answer(plain));
        case ShardRequest.Register register ->
            new ShardReply.Plain(new AnnaReply.Acknowledged(mergeRegister(register)));
      };
    } catch (AnnaException e) {
      return new ShardReply.Plain(new AnnaReply.Failed(e.reason(), String.valueOf(e.getMessage())));
    } catch (IOException e) {
      return new ShardReply.Plain(storageFailed(e));
    }
  }

  private AnnaReply answer(AnnaRequest request) throws IOException {
    return switch (request) {
      case AnnaRequest.Get(Key key) -> new AnnaReply.Found(read(key));
      case AnnaRequest.Version(Key key) -> new AnnaReply.At(version(key));
      case AnnaRequest.GetFields(Key key, var fields) -> new AnnaReply.Found(read(key, fields));
      case AnnaRequest.Merge merge -> new AnnaReply.Acknowledged(merge(merge));
      case AnnaRequest.Delete(List<Key> doomed) -> delete(doomed);
      case AnnaRequest.Scan(String prefix, String cursor, int limit) ->
          new AnnaReply.Keys(keys.scan(prefix, cursor, limit));
      case AnnaRequest.Stats() -> new AnnaReply.Figures(figures());
      case AnnaRequest.Compact() -> {
        compactor.force();
        yield new AnnaReply.Figures(figures());
      }
    };
  }

  /** A register on disk goes to the client as it lies there. */
  private ShardReply get(Key key) throws IOException {
    Stored stored = keys.get(key.text());
    SegmentedLog.Location at = stored == null ? null : stored.onDisk;
    if (stored == null || at == null) {
      return new ShardReply.Plain(new AnnaReply.Found(read(key)));
    }
    int headBytes = recordHead(key.text()).size();
    int latticeBytes = at.length() - headBytes;
    ByteBuf lattice = PooledByteBufAllocator.DEFAULT.directBuffer(latticeBytes);
    try {
      log.read(at, headBytes, lattice.internalNioBuffer(0, latticeBytes));
      return new ShardReply.Found(stored.version, lattice.writerIndex(latticeBytes));
    } catch (IOException | RuntimeException e) {
      lattice.release();
      throw e;
    }
  }

  private static ByteWriter recordHead(String key) {
    return new ByteWriter(16 + key.length()).u8(SegmentedLog.MERGED).text(key);
  }

  static AnnaReply storageFailed(IOException e) {
    return new AnnaReply.Failed(
        Reason.STORAGE, "the store cannot use its disk (" + e.getMessage() + "): make room for it");
  }

  private Read read(Key key) throws IOException {
    Stored stored = keys.get(key.text());
    return stored == null ? new Read(null, 0) : new Read(load(key, stored), stored.version);
  }

  private Lattice load(Key key, Stored stored) throws IOException {
    Lattice lattice = stored.lattice;
    if (lattice != null) {
      return lattice;
    }
    SegmentedLog.Location at = stored.onDisk;
    if (at == null) {
      throw new AnnaException(Reason.INTERNAL, key + " lies nowhere");
    }
    try {
      ByteReader in = new ByteReader(log.read(at));
      in.u8();
      in.text();
      return LatticeCodec.read(in);
    } catch (MalformedFrameException e) {
      throw new AnnaException(Reason.CORRUPT, key + ": " + e.getMessage(), e);
    }
  }

  private long version(Key key) {
    Stored stored = keys.get(key.text());
    return stored == null ? 0 : stored.version;
  }

  private Read read(Key key, java.util.Set<String> fields) throws IOException {
    Read whole = read(key);
    if (whole.lattice() == null) {
      return whole;
    }
    if (!(whole.lattice() instanceof MapLattice map)) {
      throw new AnnaException(Reason.KIND_MISMATCH, key + " holds no map");
    }
    Map<String, Lattice> some = new LinkedHashMap<>();
    for (String field : fields) {
      Lattice lattice = map.field(field);
      if (lattice != null) {
        some.put(field, lattice);
      }
    }
    return new Read(MapLattice.of(some), whole.version());
  }

  private Merged merge(AnnaRequest.Merge merge) throws IOException {
    String key = merge.key().text();
    Stored stored = keys.get(key);
    check(merge.guard(), stored);
    try {
      boolean changed = stored == null || wouldChange(merge.key(), stored, merge.delta());
      if (!changed && stored != null) {
        return new Merged(false, stored.version, merge.durability());
      }
      ByteWriter body = new ByteWriter(64 + key.length() + LatticeCodec.sizeHint(merge.delta()));
      LatticeCodec.write(body.u8(SegmentedLog.MERGED).text(key), merge.delta());
      SegmentedLog.Location at = log.append(body.view());
      Stored merged = keys.apply(key, merge.delta(), at, body.size());
      return new Merged(true, merged.version, merge.durability());
    } catch (IllegalArgumentException e) {
      throw new AnnaException(Reason.KIND_MISMATCH, String.valueOf(e.getMessage()), e);
    }
  }

  /** Logs a register from the frame it came in. */
  private Merged mergeRegister(ShardRequest.Register register) throws IOException {
    RegisterMerge head = register.head();
    ByteBuffer lattice = register.lattice().nioBuffer();
    String key = head.key().text();
    if (keys.get(key) != null || head.valueBytes() <= KeyTable.IN_MEMORY_BYTES) {
      return merge(
          new AnnaRequest.Merge(head.key(), whole(lattice), head.durability(), head.guard()));
    }
    ByteBuffer record = recordHead(key).view();
    int bytes = record.remaining() + lattice.remaining();
    Stored stored = keys.applyOnDisk(key, head.stamp(), log.append(record, lattice), bytes);
    return new Merged(true, stored.version, head.durability());
  }

  private static Lattice whole(ByteBuffer lattice) {
    try {
      return LatticeCodec.read(new ByteReader(lattice));
    } catch (MalformedFrameException e) {
      throw new AnnaException(Reason.INTERNAL, "a register that was read before makes no sense", e);
    }
  }

  private static void check(@Nullable Guard guard, @Nullable Stored stored) {
    if (guard == null || stored == null || !(stored.lattice instanceof MapLattice map)) {
      return;
    }
    if (map.field(guard.field()) instanceof MaxLattice max && max.value() > guard.atMost()) {
      throw new AnnaException(
          Reason.FENCED,
          "%s is %d, above %d: this writer was declared lost"
              .formatted(guard.field(), max.value(), guard.atMost()));
    }
  }

  /**
   * Whether a merge would change the key; throws when the kinds differ, before anything is logged.
   */
  private boolean wouldChange(Key key, Stored stored, Lattice delta) throws IOException {
    if (stored.lattice instanceof MapLattice map && delta instanceof MapLattice fields) {
      MapLattice touched = MapLattice.of(Map.of());
      Map<String, Lattice> mine = new LinkedHashMap<>();
      fields
          .fields()
          .keySet()
          .forEach(name -> {
            Lattice field = map.field(name);
            if (field != null) {
              mine.put(name, field.copy());
            }
          });
      touched.merge(MapLattice.of(mine));
      return touched.merge(delta);
    }
    if (stored.lattice instanceof LwwRegister mine && delta instanceof LwwRegister theirs) {
      int order = theirs.stamp().compareTo(mine.stamp());
      return order > 0 || (order == 0 && Arrays.compareUnsigned(theirs.value(), mine.value()) > 0);
    }
    if (stored.onDisk != null && delta instanceof LwwRegister register) {
      Stamp stamp = stored.stampOnDisk;
      if (stamp != null && !register.stamp().equals(stamp)) {
        return register.stamp().compareTo(stamp) > 0;
      }
    }
    return load(key, stored).copy().merge(delta);
  }

  private AnnaReply delete(List<Key> doomed) throws IOException {
    for (Key key : doomed) {
      remove(key.text());
      String chunks = key.text() + Values.CHUNK_SEPARATOR;
      for (String chunk : List.copyOf(keys.withPrefix(chunks).keySet())) {
        remove(chunk);
      }
    }
    return new AnnaReply.Deleted();
  }

  private void remove(String key) throws IOException {
    if (keys.get(key) != null) {
      log.append(new ByteWriter().u8(SegmentedLog.REMOVED).text(key).view());
      keys.remove(key);
    }
  }

  private Map<String, Long> figures() {
    return Map.of(
        "keys",
        (long) keys.size(),
        "live.bytes",
        keys.liveBytes(),
        "disk.bytes",
        log.sizeBytes(),
        "appended.bytes",
        log.appendedBytes(),
        "damaged.parts",
        (long) log.damages().size(),
        "refused.writes",
        log.failures(),
        "compacting",
        compactor.isForced() ? 1L : 0L);
  }

  @Override
  public void record(SegmentedLog.Location at, ByteBuffer body) throws MalformedFrameException {
    ByteReader in = new ByteReader(body);
    int kind = in.u8();
    String key = in.text();
    if (kind == SegmentedLog.REMOVED) {
      keys.remove(key);
      return;
    }
    Stored stored = keys.get(key);
    if (in.remaining() > KeyTable.IN_MEMORY_BYTES + LARGEST_REGISTER_HEAD_BYTES) {
      Stamp stamp = LatticeCodec.readRegisterHead(new ByteReader(in.rest()));
      if (stamp != null) {
        if (stored == null || supersedes(stored, stamp)) {
          keys.applyOnDisk(key, stamp, at, at.length());
        }
        return;
      }
    }
    Lattice delta = LatticeCodec.read(in);
    boolean late =
        stored != null
            && delta instanceof LwwRegister register
            && !supersedes(stored, register.stamp());
    if (!late) {
      keys.apply(key, delta, at, at.length());
    }
  }

  /** Replay may meet an older register after a newer one, when compaction had moved the newer. */
  private static boolean supersedes(Stored stored, Stamp stamp) {
    Stamp newest = stored.lattice instanceof LwwRegister mine ? mine.stamp() : stored.stampOnDisk;
    return newest == null || stamp.compareTo(newest) >= 0;
  }

  /** Hands everything logged to the system. */
  void flush() throws IOException {
    log.flush();
  }

  /** Forces everything flushed to the device. */
  void force() throws IOException {
    log.force();
  }

  /** Does a slice of compaction if it is worth it; whether more is to be done at once. */
  boolean compact() throws IOException {
    return !log.isDistrusted() && compactor.step(keys.ordered(), keys.liveBytes());
  }

  /** Appends a key's whole state again, so that its older records are not needed. */
  void rewrite(String key, Stored stored) throws IOException {
    ByteBuffer body;
    if (stored.onDisk != null) {
      body = log.read(stored.onDisk);
    } else {
      ByteWriter out = new ByteWriter();
      LatticeCodec.write(out.u8(SegmentedLog.MERGED).text(key), load(new Key(key), stored));
      body = out.view();
    }
    int bytes = body.remaining();
    SegmentedLog.Location at = log.append(body);
    if (stored.onDisk != null) {
      stored.onDisk = at;
    }
    stored.oldestSegment = at.segment();
    keys.resize(key, stored, bytes);
  }

  void close() throws IOException {
    log.close();
  }
}
