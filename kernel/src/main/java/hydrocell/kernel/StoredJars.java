package hydrocell.kernel;

import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.ValueReader;
import hydrocell.anna.ValueWriter;
import hydrocell.cell.Dependency;
import hydrocell.cell.Entry;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.local.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jars that a notebook was given by a path, kept in the store like its values: the notebook opens
 * when they have moved or changed since, and on another machine. A copy that is needed lies in a
 * folder of this machine, named by its content. Only for the shell's thread.
 */
final class StoredJars {
  /** Longest jar that is kept, in bytes. */
  static final long MAX_JAR_BYTES = 64L << 20;

  /** What all jars of a notebook may take, in bytes. */
  static final long MAX_ALL_BYTES = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(StoredJars.class);
  private static final Duration UNUSED_FOR = Duration.ofDays(30);
  private static final int PART_BYTES = 1 << 16;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern FILE = Pattern.compile("[\\w+.-]{1,150}\\.jar");

  private final Backend backend;
  private final Path copies;
  private final InstantSource clock;

  StoredJars(Backend backend, Path copies, InstantSource clock) {
    this.backend = backend;
    this.copies = copies;
    this.clock = clock;
  }

  /**
   * Stores a jar.
   *
   * @throws IOException when it cannot be read or is not what it was when it was looked at
   */
  void store(Dependency jar, Key key) throws IOException {
    ValueWriter value = backend.anna().writeValue(key, Durability.LOG);
    Path path = Path.of(jar.artifact().path());
    MessageDigest digest = Hashes.digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
      byte[] part = new byte[PART_BYTES];
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        value.write(ByteBuffer.wrap(part, 0, n));
      }
    }
    Backend.await(value.finish());
    if (!HexFormat.of().formatHex(digest.digest()).equals(jar.artifact().sha256())) {
      throw new IOException(path + " changes while it is added: add it when it is complete");
    }
  }

  /**
   * Where a copy of a stored jar lies, whether or not it is there. What names it comes from the
   * manifest, which cells can write: no spelling leads out of the folder of copies.
   */
  private Path copyOf(Dependency jar) throws IOException {
    String hash = jar.artifact().sha256();
    if (!HASH.matcher(hash).matches()) {
      throw new IOException("its hash is none: add the jar again");
    }
    String file = jar.artifact().coordinates();
    return copies.resolve(hash).resolve(FILE.matcher(file).matches() ? file : "library.jar");
  }

  /**
   * A copy of a jar on this machine; what was stored before this is not looked at twice.
   *
   * @throws IOException when it is not in the store, or is not what was stored
   */
  Path fetch(Dependency jar, Entry entry, SessionKeys keys) throws IOException {
    Path copy = copyOf(jar);
    if (!Files.exists(copy)) {
      removeUnused();
      String key = entry.valueKey();
      ValueReader value =
          key == null || !key.startsWith(keys.valuePrefix())
              ? null
              : Backend.await(backend.anna().readValue(new Key(key)));
      if (value == null) {
        throw new IOException(jar.artifact().coordinates() + " is not in the store");
      }
      Folders.makePrivate(copies);
      Files.createDirectories(copy.getParent());
      Path partial = Files.createTempFile(copies, "jar", ".part");
      try {
        write(value, partial);
        if (!Hashes.sha256(partial).equals(jar.artifact().sha256())) {
          throw new IOException(jar.artifact().coordinates() + " is damaged in the store");
        }
        Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
    return copy;
  }

  private static void write(ValueReader value, Path file) throws IOException {
    try (ByteChannel out = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      for (ByteBuffer part = value.next(); part != null; part = value.next()) {
        while (part.hasRemaining()) {
          out.write(part);
        }
      }
    }
  }

  /** Notes that a copy is in use, so that it stays. */
  void use(Path path) throws IOException {
    if (path.startsWith(copies)) {
      Files.setLastModifiedTime(path.getParent(), FileTime.from(clock.instant()));
    }
  }

  /** Copies that no notebook has used for long are fetched again when one does. */
  private void removeUnused() {
    if (!Files.isDirectory(copies)) {
      return;
    }
    Instant limit = clock.instant().minus(UNUSED_FOR);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(copies)) {
      for (Path each : all) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(limit)) {
          remove(each);
        }
      }
    } catch (IOException e) {
      LOG.info("copies of jars stay where they are: {}", e.toString());
    }
  }

  private static void remove(Path copy) throws IOException {
    if (Files.isDirectory(copy)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(copy)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
    Files.delete(copy);
  }
}
