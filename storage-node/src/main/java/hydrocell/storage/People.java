package hydrocell.storage;

import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.anna.wire.Permissions;
import hydrocell.storage.log.DiskFolder;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The people whom a shared node serves: by which secret each one's trusted processes are known, in
 * which groups they are, what they permit each other, and how much they have stored. Who a client
 * is, the operating system says; the secret only tells the person's kernels and hosts, which may do
 * all that the person may, from cells, which show tokens signed with it. Thread-safe.
 */
final class People implements KeySpace.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(People.class);
  static final int SECRET_BYTES = 32;

  /** What the keys of shared names start with: these are spelled alike by everybody. */
  static final String SHARED = "shared/";

  static final String PRIVATE = "person/";

  private final Path folder;
  private final long quotaBytes;
  private final InstantSource clock;
  private final Groups groups;
  private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> stored = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> connections = new ConcurrentHashMap<>();

  /** By the key of {@link Permissions#ALL} that they lie under; all such keys that there are. */
  private final Map<String, Permissions> permissions = new ConcurrentHashMap<>();

  /** How many of those a person has. */
  private final Map<String, AtomicInteger> rights = new ConcurrentHashMap<>();

  /**
   * The people of a store.
   *
   * @param folder where their secrets are kept, a file each
   * @param quotaBytes most that one person may store
   */
  People(Path folder, long quotaBytes, Groups groups, InstantSource clock) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.quotaBytes = quotaBytes;
    this.groups = groups;
    this.clock = clock;
  }

  /** A person's name as keys spell it. */
  static String spelled(String person) {
    return URLEncoder.encode(person, StandardCharsets.UTF_8);
  }

  /** What the keys that only this person uses start with. */
  static String privatePrefix(String person) {
    return privatePrefixOf(spelled(person));
  }

  /** The same of a person as keys spell it. */
  static String privatePrefixOf(String spelledPerson) {
    return PRIVATE + spelledPerson + "/";
  }

  /** Which groups people are in. */
  Groups groups() {
    return groups;
  }

  /**
   * The secret of a person. The first that is presented is kept: the first client that a person
   * ever has is their host, since cells run only once that is there.
   */
  byte[] secret(String person, byte[] presented) throws Handshake.RefusedException {
    byte[] known = secrets.get(person);
    if (known != null) {
      return known;
    }
    try {
      Path file = folder.resolve(spelled(person) + ".secret");
      synchronized (this) {
        if (!Files.exists(file)) {
          if (presented.length != SECRET_BYTES) {
            throw new Handshake.RefusedException(
                "%s has never used this store: the first client shows a secret".formatted(person));
          }
          keep(file, presented);
          LOG.info("{} uses this store now", person);
        }
        known = HexFormat.of().parseHex(Files.readString(file).strip());
        if (known.length != SECRET_BYTES) {
          throw new IOException(file + " has not the " + SECRET_BYTES + " bytes of a secret");
        }
      }
      secrets.put(person, known);
      return known;
    } catch (IOException | IllegalArgumentException e) {
      if (e instanceof Handshake.RefusedException refused) {
        throw refused;
      }
      LOG.error(
          "the secret of {} cannot be kept or read ({}): where its file is damaged, remove it, and the next node that comes as {} is theirs",
          person,
          e.toString(),
          person);
      throw new Handshake.RefusedException(
          "the shared store cannot read what it knows of %s: its operator looks at people/%s.secret, and removes it if it is damaged"
              .formatted(person, spelled(person)));
    }
  }

  /** Whole or not at all, also where the power fails. */
  private void keep(Path file, byte[] secret) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName());
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer text = StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(secret));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    new DiskFolder(folder).force();
  }

  /** Counts a connection, unless the person has as many as one may have; whether it did. */
  boolean connected(String person, int most) {
    AtomicInteger count = connections.computeIfAbsent(person, each -> new AtomicInteger());
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A counted connection has ended. */
  void disconnected(String person) {
    AtomicInteger count = connections.get(person);
    if (count != null) {
      count.decrementAndGet();
    }
  }

  /** Whether a person may do something with what another one's permissions are about. */
  boolean allow(String person, Permissions.Use use, String rightsKey) {
    Permissions known = permissions.get(rightsKey);
    return known != null && known.allow(use, person, groups.of(person), clock.millis());
  }

  @Override
  public void changed(String key, @Nullable Lattice lattice) {
    if (!key.startsWith(Permissions.ALL)) {
      return;
    }
    Permissions now = Permissions.NONE;
    if (lattice instanceof LwwRegister register) {
      try {
        now = Permissions.read(register.value());
      } catch (MalformedFrameException e) {
        LOG.warn("{} permits nothing: {}", key, e.getMessage());
      }
    }
    boolean gone = lattice == null;
    Permissions before = gone ? permissions.remove(key) : permissions.put(key, now);
    if (gone == (before == null)) {
      return; // As many keys as before.
    }
    rights.computeIfAbsent(owner(key), each -> new AtomicInteger()).addAndGet(gone ? -1 : 1);
  }

  /** Whether there is such a key of permissions, though it may permit nothing. */
  boolean hasRights(String rightsKey) {
    return permissions.containsKey(rightsKey);
  }

  /** How many keys of permissions a person has. */
  int rights(String spelledPerson) {
    AtomicInteger count = rights.get(spelledPerson);
    return count == null ? 0 : count.get();
  }

  @Override
  public void resized(String key, long moreBytes) {
    String owner = owner(key);
    if (!owner.isEmpty()) {
      AtomicLong bytes = stored.get(owner);
      if (bytes == null) {
        bytes = stored.computeIfAbsent(owner, each -> new AtomicLong());
      }
      bytes.addAndGet(moreBytes);
    }
  }

  /** Whose a key is, as keys spell persons; empty for a key that is nobody's. */
  static String owner(String key) {
    int from = key.indexOf('/') + 1;
    int to = key.indexOf('/', from);
    return to < 0 ? "" : key.substring(from, to);
  }

  /** How many bytes of the store are a person's, about. */
  long storedBytes(String spelledPerson) {
    AtomicLong bytes = stored.get(spelledPerson);
    return bytes == null ? 0 : bytes.get();
  }

  /** Most that one person may store. */
  long quotaBytes() {
    return quotaBytes;
  }
}
