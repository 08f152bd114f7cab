package hydrocell.cell.local;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Properties;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * By what a person is known to a shared store on another machine, and knows it: the text that the
 * store's operator is told by {@code hydrocell token PERSON}, kept as {@code store.token} in the
 * person's data folder. Immutable.
 *
 * <pre>
 * person = NAME
 * token = hct-…            base64url of 32 bytes and their CRC-32
 * certificate = sha256:…   or: authorities, or the path of a PEM file with authorities
 * </pre>
 *
 * @param person as the store calls them
 * @param token what proves it
 * @param certificate by what the store is known
 */
public record StoreToken(String person, byte[] token, String certificate) {
  private static final String MARK = "hct-";
  private static final int TOKEN_BYTES = 32;
  private static final int MOST_BYTES = 10_000;
  private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rw-------");

  /** Where a person's lies. */
  public static Path file(Folders folders) {
    return folders.data().resolve("store.token");
  }

  /** Reads a person's; null when there is none. Throws with a message that says what to do. */
  public static @Nullable StoreToken read(Path file) throws IOException {
    String text;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw damaged(file, "it is far too long");
      }
      if (Files.getFileStore(file).supportsFileAttributeView("posix")
          && !OWN.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IOException(
            "others can read %s: `chmod 600 %s`, and ask for another token if they may have"
                .formatted(file, file));
      }
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return null;
    }
    Properties lines = new Properties();
    try {
      lines.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
    String person = lines.getProperty("person", "").strip();
    String certificate = lines.getProperty("certificate", "").strip();
    if (person.isEmpty() || certificate.isEmpty()) {
      throw damaged(file, "person or certificate is missing");
    }
    return new StoreToken(person, bytes(lines.getProperty("token", "").strip(), file), certificate);
  }

  private static byte[] bytes(String text, Path file) throws IOException {
    if (!text.startsWith(MARK)) {
      throw damaged(file, text.isEmpty() ? "token is missing" : "its token is none");
    }
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(text.substring(MARK.length()));
    } catch (IllegalArgumentException e) {
      throw damaged(file, "its token is truncated or mistyped");
    }
    byte[] token = Arrays.copyOf(all, TOKEN_BYTES);
    if (!Arrays.equals(all, withSum(token))) {
      throw damaged(file, "its token is truncated or mistyped");
    }
    return token;
  }

  private static byte[] withSum(byte[] token) {
    CRC32 sum = new CRC32();
    sum.update(token);
    return java.nio.ByteBuffer.allocate(token.length + 4)
        .put(token)
        .putInt((int) sum.getValue())
        .array();
  }

  private static IOException damaged(Path file, String why) {
    return new IOException(
        "%s is damaged (%s): put the whole text into it that `hydrocell token` printed for you"
            .formatted(file, why));
  }

  /** The text of the file. */
  public String text(Instant until) {
    return "# A token for a shared store of Hydrocell, good until %s. Who has it is %s there.%n"
            .formatted(until, person)
        + "person = %s%ntoken = %s%s%ncertificate = %s%n"
            .formatted(
                person,
                MARK,
                Base64.getUrlEncoder().withoutPadding().encodeToString(withSum(token)),
                certificate);
  }
}
