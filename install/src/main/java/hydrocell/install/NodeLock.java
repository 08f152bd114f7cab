package hydrocell.install;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The right to be the only node on a data folder. The operating system's lock decides between the
 * processes of one machine, and dies with its process. Network file systems may keep locks to each
 * machine, so there the holder's name in the file decides, too.
 */
public final class NodeLock implements Closeable {
  private static final int MAX_RECORD_BYTES = 4096;

  private final FileChannel file;

  private NodeLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock.
   *
   * @return null when another process of this machine holds it
   * @throws IOException when a node of another machine may hold it; the message says what to do
   */
  public static @Nullable NodeLock take(Path path, Machine here) throws IOException {
    return take(path, here, isNetwork(Files.getFileStore(path.toAbsolutePath().getParent())));
  }

  static @Nullable NodeLock take(Path path, Machine here, boolean network) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      Machine holder = read(file);
      if (network && holder != null && !here.sameMachine(holder)) {
        throw new IOException(
            "the notebook data in %s is in use by a node on %s (process %d), and this is %s: run `hydrocell stop` there, or, if that machine is gone for good, delete %s"
                .formatted(path.getParent(), holder.host(), holder.pid(), here.host(), path));
      }
      FileLock lock = null;
      try {
        lock = file.tryLock();
      } catch (OverlappingFileLockException e) {
        // Held by this very process: the same answer as for any other.
        lock = null;
      }
      if (lock == null) {
        file.close();
        return null;
      }
      write(file, here);
      return new NodeLock(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static boolean isNetwork(java.nio.file.FileStore store) {
    String type = store.type().toLowerCase(Locale.ROOT);
    return type.startsWith("nfs")
        || type.startsWith("smb")
        || type.startsWith("cifs")
        || type.startsWith("fuse.sshfs")
        || type.equals("afs")
        || type.equals("lustre")
        || type.equals("gpfs")
        || type.equals("ceph")
        || type.equals("9p");
  }

  private static @Nullable Machine read(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_RECORD_BYTES);
    if (file.read(bytes, 0) <= 0) {
      return null;
    }
    Properties p = new Properties();
    p.load(
        new java.io.StringReader(
            StandardCharsets.UTF_8.decode(bytes.flip()).toString().replace("\\", "\\\\")));
    try {
      return new Machine(
          p.getProperty("host", "unknown"),
          p.getProperty("boot", ""),
          Long.parseLong(p.getProperty("pid", "0")));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static void write(FileChannel file, Machine here) throws IOException {
    String text = "host=%s%nboot=%s%npid=%d%n".formatted(here.host(), here.boot(), here.pid());
    file.truncate(0);
    file.write(StandardCharsets.UTF_8.encode(text), 0);
    file.force(true);
  }

  /** Gives the lock back: the record is emptied, the file stays. */
  @Override
  public void close() throws IOException {
    try (file) {
      file.truncate(0);
    }
  }
}
