package hydrocell.cell.local;

import hydrocell.anna.wire.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store for several people of one machine, see {@code docs/OPERATING.md}. A person's local node
 * uses it in place of one of its own where {@code HYDROCELL_STORE}, or {@code store} in the
 * settings, names its folder. Immutable.
 *
 * @param socket where it listens
 */
public record SharedStore(Path socket) {
  /** The environment variable that names the store's folder. */
  public static final String VARIABLE = "HYDROCELL_STORE";

  private static final String SETTING = "store";
  private static final int SECRET_BYTES = 32;

  /** The store in a folder. */
  public static SharedStore in(Path folder) {
    return new SharedStore(folder.toAbsolutePath().normalize().resolve("anna.sock"));
  }

  /** The one that the environment names; null when it names none. */
  public static @Nullable SharedStore of(Map<String, String> environment) {
    String folder = environment.get(VARIABLE);
    return folder == null || folder.isBlank() ? null : in(Path.of(folder.strip()));
  }

  /** The one that the environment names, else that of the settings; null where there is none. */
  public static @Nullable SharedStore of(Map<String, String> environment, Settings settings) {
    SharedStore named = of(environment);
    String folder = settings.text(SETTING, "");
    return named != null || folder.isEmpty() ? named : in(Path.of(folder));
  }

  /** Makes the folder that everybody may enter, in which what they may not enter lies. */
  public static Path makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      return folder.toAbsolutePath().normalize();
    } catch (IOException | UnsupportedOperationException e) {
      throw new IOException(
          "the folder %s cannot be one for everybody (%s): it must be this user's own, on a disk of this machine"
              .formatted(folder, e),
          e);
    }
  }

  /** Where it listens. */
  public Endpoint endpoint() {
    return Endpoint.unix(socket);
  }

  /**
   * By what this person's node and kernels prove to the store that they are no cells, which are the
   * same user to the system. Made when it is first needed, and kept in the data folder.
   */
  public static byte[] secret(Folders folders) throws IOException {
    Path file = folders.data().resolve("store.secret");
    if (!Files.exists(file)) {
      byte[] secret = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      Path fresh = folders.data().resolve(".store.secret-" + ProcessHandle.current().pid());
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, HexFormat.of().formatHex(secret));
      try {
        Files.createLink(file, fresh);
      } catch (FileAlreadyExistsException e) {
        // Another process was faster: its secret counts.
        return read(file);
      } finally {
        Files.delete(fresh);
      }
    }
    return read(file);
  }

  private static byte[] read(Path file) throws IOException {
    try {
      byte[] secret =
          HexFormat.of().parseHex(Files.readString(file, StandardCharsets.UTF_8).strip());
      if (secret.length == SECRET_BYTES) {
        return secret;
      }
    } catch (IllegalArgumentException e) {
      throw damaged(file);
    }
    throw damaged(file);
  }

  private static IOException damaged(Path file) {
    return new IOException(
        "%s is damaged: put back a copy of it, or remove it and ask the shared store's operator to forget you"
            .formatted(file));
  }
}
