package hydrocell.storage;

import hydrocell.storage.log.LogFolder;
import hydrocell.storage.log.SegmentFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A folder of segments on a device that fills up, refuses, and forgets what was not forced: sectors
 * that were written and not forced survive a power cut or not, each by itself, in any order.
 * Thread-safe.
 */
final class FaultyDisk implements LogFolder {
  private static final int SECTOR_BYTES = 512;

  private final Map<Long, File> files = new TreeMap<>();

  /** What the device has: names that were forced, and files that were deleted since. */
  private final Map<Long, File> forcedNames = new TreeMap<>();

  private long capacityBytes = Long.MAX_VALUE;
  private boolean forceFails;
  private boolean writesFail;
  private int openFiles;

  /** How much fits on the device. */
  synchronized void setCapacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /** Whether the device reports failure when it is to be forced. */
  synchronized void setForceFails(boolean fails) {
    forceFails = fails;
  }

  /** Whether the device refuses every write, also where there is something already. */
  synchronized void setWritesFail(boolean fail) {
    writesFail = fail;
  }

  /** Bytes of all files. */
  synchronized long usedBytes() {
    return files.values().stream().mapToLong(file -> file.size).sum();
  }

  /** Files that somebody has open. */
  synchronized int openFiles() {
    return openFiles;
  }

  /** The disk after the death of the process: the system has what it was given. */
  synchronized FaultyDisk afterKill() {
    FaultyDisk next = new FaultyDisk();
    files.forEach((number, file) -> next.put(number, Arrays.copyOf(file.live, file.size)));
    return next;
  }

  /** The disk after a power cut. */
  synchronized FaultyDisk afterPowerCut(Random random) {
    FaultyDisk next = new FaultyDisk();
    files.forEach((number, file) -> {
      if (forcedNames.get(number) == file || random.nextBoolean()) {
        next.put(number, file.survivors(random));
      }
    });
    forcedNames.forEach((number, file) -> {
      if (!files.containsKey(number) && random.nextBoolean()) {
        next.put(number, file.survivors(random));
      }
    });
    return next;
  }

  private void put(long number, byte[] content) {
    File file = new File(number);
    file.live = content.clone();
    file.size = content.length;
    file.forced = content.clone();
    files.put(number, file);
    forcedNames.put(number, file);
  }

  /** Changes a byte of a segment. */
  synchronized void damage(long number, int offset) {
    files.get(number).live[offset] ^= 0x20;
  }

  /** The bytes of a segment. */
  synchronized byte[] content(long number) {
    File file = files.get(number);
    return Arrays.copyOf(file.live, file.size);
  }

  @Override
  public synchronized List<Long> segments() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized SegmentFile open(long number) {
    return new Handle(files.get(number));
  }

  @Override
  public synchronized SegmentFile create(long number) {
    File file = new File(number);
    files.put(number, file);
    return new Handle(file);
  }

  @Override
  public synchronized void delete(long number) {
    files.remove(number);
  }

  @Override
  public synchronized void force() throws IOException {
    if (forceFails) {
      throw new IOException("Input/output error");
    }
    forcedNames.clear();
    forcedNames.putAll(files);
  }

  /** An open file: once it is closed, nothing can be done with it any more. */
  private final class Handle implements SegmentFile {
    private final File file;
    private boolean open = true;

    Handle(File file) {
      this.file = file;
      openFiles++;
    }

    private File file() throws IOException {
      if (!open) {
        throw new ClosedChannelException();
      }
      return file;
    }

    @Override
    public long sizeBytes() throws IOException {
      return file().sizeBytes();
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      return file().read(target, offset);
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      file().write(bytes, offset);
    }

    @Override
    public void truncate(long bytes) throws IOException {
      file().truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      file().force();
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
      return file().map(arena);
    }

    @Override
    public void close() {
      synchronized (FaultyDisk.this) {
        openFiles -= open ? 1 : 0;
        open = false;
      }
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  private final class File {
    private final long number;
    private byte[] live = new byte[0];
    private byte[] forced = new byte[0];
    private int size;
    private final BitSet unforced = new BitSet();

    File(long number) {
      this.number = number;
    }

    byte[] survivors(Random random) {
      int longest = Math.max(size, forced.length);
      byte[] left = Arrays.copyOf(forced, longest);
      int end = forced.length;
      for (int sector = 0; sector * SECTOR_BYTES < longest; sector++) {
        int from = sector * SECTOR_BYTES;
        int to = Math.min(from + SECTOR_BYTES, size);
        if (unforced.get(sector) && to > from && random.nextBoolean()) {
          System.arraycopy(live, from, left, from, to - from);
          end = Math.max(end, to);
        }
      }
      return Arrays.copyOf(left, end);
    }

    long sizeBytes() {
      synchronized (FaultyDisk.this) {
        return size;
      }
    }

    int read(ByteBuffer target, long offset) {
      synchronized (FaultyDisk.this) {
        if (offset >= size) {
          return -1;
        }
        int count = Math.min(target.remaining(), size - (int) offset);
        target.put(live, (int) offset, count);
        return count;
      }
    }

    void write(ByteBuffer bytes, long offset) throws IOException {
      synchronized (FaultyDisk.this) {
        if (writesFail) {
          throw new IOException("File too large");
        }
        long others = usedBytes() - size;
        int fits = (int) Math.clamp(capacityBytes - others - offset, 0, bytes.remaining());
        boolean full = fits < bytes.remaining();
        int end = (int) offset + fits;
        if (end > live.length) {
          live = Arrays.copyOf(live, Math.max(end, 2 * live.length));
        }
        bytes.get(live, (int) offset, fits);
        size = Math.max(size, end);
        unforced.set((int) offset / SECTOR_BYTES, (end + SECTOR_BYTES - 1) / SECTOR_BYTES + 1);
        if (full) {
          throw new IOException("No space left on device");
        }
      }
    }

    void truncate(long bytes) {
      synchronized (FaultyDisk.this) {
        if (bytes < size) {
          Arrays.fill(live, (int) bytes, size, (byte) 0);
          unforced.set((int) bytes / SECTOR_BYTES, size / SECTOR_BYTES + 1);
          size = (int) bytes;
        }
      }
    }

    void force() throws IOException {
      synchronized (FaultyDisk.this) {
        if (forceFails) {
          throw new IOException("Input/output error");
        }
        forced = Arrays.copyOf(live, size);
        unforced.clear();
      }
    }

    MemorySegment map(Arena arena) {
      synchronized (FaultyDisk.this) {
        return MemorySegment.ofArray(Arrays.copyOf(live, size));
      }
    }

    @Override
    public String toString() {
      return "segment %016x".formatted(number);
    }
  }
}
