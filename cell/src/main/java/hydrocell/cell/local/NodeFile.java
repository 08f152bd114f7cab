package hydrocell.cell.local;

import hydrocell.anna.wire.Endpoint;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How a running local node is reached. Written whole by the node once it listens, removed when it
 * ends in good order; a file whose process is gone is stale. Immutable.
 *
 * @param pid the node's process
 * @param host name of its machine
 * @param boot id of the machine's boot, empty where the system has none
 * @param build version of its code
 * @param anna where its store listens
 * @param executorHost where its executor host listens
 * @param secret what the host's handshake wants, and that of the node's own store
 * @param metricsPort of {@code /metrics} and {@code /health} on loopback; 0 when there is none
 * @param storeSecret what the store wants where it is one for several people; empty where it is the
 *     node's own
 * @param store which one for several people that is, see {@link SharedStore}; empty where it is the
 *     node's own
 */
public record NodeFile(
    long pid,
    String host,
    String boot,
    String build,
    Endpoint anna,
    Endpoint executorHost,
    byte[] secret,
    int metricsPort,
    byte[] storeSecret,
    String store) {

  /** Whether the store is one for several people, who have rights to what is others'. */
  public boolean severalPeople() {
    return storeSecret.length > 0;
  }

  /** What the store's handshake wants. */
  public byte[] annaSecret() {
    return severalPeople() ? storeSecret : secret;
  }

  /** Reads the file; null when there is none. */
  public static @Nullable NodeFile read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    Properties p = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      p.load(reader);
      return new NodeFile(
          Long.parseLong(p.getProperty("pid", "")),
          p.getProperty("host", ""),
          p.getProperty("boot", ""),
          p.getProperty("build", ""),
          new Endpoint(p.getProperty("anna", "")),
          new Endpoint(p.getProperty("executorHost", "")),
          HexFormat.of().parseHex(p.getProperty("secret", "")),
          Integer.parseInt(p.getProperty("metricsPort", "0")),
          HexFormat.of().parseHex(p.getProperty("storeSecret", "")),
          p.getProperty("store", ""));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the file %s is damaged (%s): run `hydrocell stop`, then try again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Writes the file so that a reader sees the whole of it or the earlier one. */
  public void write(Path file) throws IOException {
    Properties p = new Properties();
    p.setProperty("pid", Long.toString(pid));
    p.setProperty("host", host);
    p.setProperty("boot", boot);
    p.setProperty("build", build);
    p.setProperty("anna", anna.text());
    p.setProperty("executorHost", executorHost.text());
    p.setProperty("secret", HexFormat.of().formatHex(secret));
    if (metricsPort > 0) {
      p.setProperty("metricsPort", Integer.toString(metricsPort));
    }
    if (severalPeople()) {
      p.setProperty("storeSecret", HexFormat.of().formatHex(storeSecret));
      p.setProperty("store", store);
    }
    Path fresh = file.resolveSibling(file.getFileName() + "." + pid);
    Files.deleteIfExists(fresh);
    if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    try (Writer writer = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
      p.store(writer, "how kernels reach the local node; holds a secret");
    }
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Whether the process that wrote this still runs on this machine. */
  public boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
