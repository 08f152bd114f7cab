package hydrocell.storage.net;

import hydrocell.storage.log.DiskFolder;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens by which a shared store knows people who come from other machines. Each is a file of
 * its own, named by the token's SHA-256, so the folder holds no token: who reads it can be nobody,
 * and a token is revoked by removing its file. A node looks at the files, so they are issued and
 * revoked beside it. Immutable; several processes may use one folder.
 */
public final class PersonTokens {
  /** How long a token is. */
  public static final int BYTES = 32;

  /** Most tokens that a store has. */
  static final int MOST = 10_000;

  private static final int ID_LENGTH = 12;
  private static final String PERSON = "[A-Za-z0-9._@+-]{1,64}";

  private final Path folder;
  private final InstantSource clock;

  /** The tokens in a private folder. */
  public PersonTokens(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * What is known of a token.
   *
   * @param name of its file
   * @param person whose it is
   */
  public record Issued(String name, String person, Instant since, Instant until) {
    /** By what it is named where it is listed or revoked. */
    public String id() {
      return name.substring(0, ID_LENGTH);
    }
  }

  /** Makes one; it is known from now on. Throws with a message that says what to do. */
  public byte[] issue(String person, Duration life) throws IOException {
    if (!person.matches(PERSON)) {
      throw new IOException(
          "'%s' is no person: 1 to 64 letters, digits, and . _ @ + -, as the system calls them where they have a user on the store's machine"
              .formatted(person));
    }
    if (all().size() >= MOST) {
      throw new IOException(
          "there are %,d tokens, the most that may be: revoke some".formatted(MOST));
    }
    byte[] token = new byte[BYTES];
    new SecureRandom().nextBytes(token);
    Instant now = clock.instant();
    Properties known = new Properties();
    known.setProperty("person", person);
    known.setProperty("since", now.toString());
    known.setProperty("until", now.plus(life).toString());
    StringWriter text = new StringWriter();
    known.store(text, null);
    keep(folder.resolve(nameOf(token)), text.toString());
    return token;
  }

  /** Whole or not at all, also where the power fails. */
  private void keep(Path file, String text) throws IOException {
    Path fresh = folder.resolve(".new-" + ProcessHandle.current().pid());
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    new DiskFolder(folder).force();
  }

  /** What a client shows; null when it is no token, or was revoked. It may have expired. */
  @Nullable
  public Issued find(byte[] token) throws IOException {
    return token.length == BYTES ? read(nameOf(token)) : null;
  }

  /** Whether a token that was found is good now. */
  public boolean isGood(Issued found) throws IOException {
    return found.equals(read(found.name)) && clock.instant().isBefore(found.until);
  }

  private @Nullable Issued read(String name) throws IOException {
    Properties known = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve(name))) {
      known.load(reader);
      return new Issued(
          name,
          known.getProperty("person", ""),
          Instant.parse(known.getProperty("since", "")),
          Instant.parse(known.getProperty("until", "")));
    } catch (NoSuchFileException e) {
      return null;
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new IOException("%s is damaged: remove it, and issue another token".formatted(name), e);
    }
  }

  /** All that there are, also expired ones; by person. */
  public List<Issued> all() throws IOException {
    List<Issued> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(each -> !each.getFileName().toString().startsWith(".")).toList()) {
        Issued each = read(file.getFileName().toString());
        if (each != null) {
          all.add(each);
        }
      }
    }
    all.sort(Comparator.comparing(Issued::person).thenComparing(Issued::since));
    return all;
  }

  /** Makes tokens worthless: all of a person, or the one of an id. Those that were. */
  public List<Issued> revoke(String personOrId) throws IOException {
    List<Issued> revoked = new ArrayList<>();
    for (Issued each : all()) {
      if (each.person.equals(personOrId) || each.id().equals(personOrId)) {
        Files.deleteIfExists(folder.resolve(each.name));
        revoked.add(each);
      }
    }
    new DiskFolder(folder).force();
    return revoked;
  }

  private static String nameOf(byte[] token) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(token));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
