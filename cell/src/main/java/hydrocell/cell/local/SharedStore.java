package hydrocell.cell.local;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.Handshake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store for several people, see {@code docs/OPERATING.md}. A person's local node uses it in place
 * of one of its own where {@code HYDROCELL_STORE}, or {@code store} in the settings, names it: by
 * its folder on this machine, or as {@code tls://HOST:PORT}. Immutable.
 *
 * @param place the folder, absolute, or the address
 */
public record SharedStore(String place) {
  /** The environment variable that names the store's folder. */
  public static final String VARIABLE = "HYDROCELL_STORE";

  private static final String SETTING = "store";

  /** Holds the socket alone: a sandbox that shows this folder shows nothing else of the store. */
  private static final String OPEN = "socket";

  private static final int MAX_PORT = 65_535;
  private static final String TLS = "tls://";
  private static final Pattern ADDRESS =
      Pattern.compile("tls://([^:/\\s]+|\\[[^\\]]+]):(\\d{1,5})/?");
  private static final int SECRET_BYTES = 32;

  /** What lies in the folder; the last where it is a disk of its own. */
  private static final Set<String> OWN =
      Set.of(OPEN, "settings.properties", "anna", "people", "log", "tls", "tokens", "lost+found");

  /** The store in a folder. */
  public static SharedStore in(Path folder) {
    return new SharedStore(folder.toAbsolutePath().normalize().toString());
  }

  /** The one that a person names: by its folder, or by {@code tls://HOST:PORT}. */
  public static SharedStore named(String place) {
    return place.startsWith(TLS) ? new SharedStore(place) : in(Path.of(place));
  }

  /** The one that the environment names; null when it names none. */
  public static @Nullable SharedStore of(Map<String, String> environment) {
    String place = environment.get(VARIABLE);
    return place == null || place.isBlank() ? null : named(place.strip());
  }

  /** The one that the environment names, else that of the settings; null where there is none. */
  public static @Nullable SharedStore of(Map<String, String> environment, Settings settings) {
    SharedStore named = of(environment);
    String place = settings.text(SETTING, "");
    return named != null || place.isEmpty() ? named : named(place);
  }

  /**
   * Makes the folder that everybody may enter, in which what they may not enter lies. A folder with
   * something else in it is not opened to everybody: it may be somebody's home.
   */
  public static Path makeFolder(Path folder) throws IOException {
    for (String each : Files.isDirectory(folder) ? namesIn(folder) : List.<String>of()) {
      if (!OWN.contains(each)) {
        throw new IOException(
            "%s has %s in it, which is nothing of a shared store's, and everybody could enter: choose a new or an empty folder"
                .formatted(folder, each));
      }
    }
    try {
      for (Path each : List.of(folder, folder.resolve(OPEN))) {
        Files.createDirectories(each);
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      return folder.toAbsolutePath().normalize();
    } catch (IOException | UnsupportedOperationException e) {
      throw new IOException(
          "the folder %s cannot be one for everybody (%s): it must be this user's own, on a disk of this machine"
              .formatted(folder, e),
          e);
    }
  }

  private static List<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  /** Whether it is on another machine, and people are known there by tokens. */
  public boolean isRemote() {
    return place.startsWith(TLS);
  }

  /** Where one on this machine listens. */
  public Path socket() {
    return Path.of(place, OPEN, "anna.sock");
  }

  /** As {@link #socket}. */
  public Endpoint endpoint() {
    return Endpoint.unix(socket());
  }

  /** The host of one on another machine. Throws with a message that says what to do. */
  public String host() throws IOException {
    String host = address().group(1);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port of one on another machine. Throws with a message that says what to do. */
  public int port() throws IOException {
    return Integer.parseInt(address().group(2));
  }

  private Matcher address() throws IOException {
    Matcher matcher = ADDRESS.matcher(place);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MAX_PORT) {
      throw new IOException(
          "%s is no address of a shared store: it is spelled tls://HOST:PORT".formatted(place));
    }
    return matcher;
  }

  /**
   * What a person is told who gets no connection to it.
   *
   * @param folders the person's
   */
  public IOException refused(IOException why, Folders folders) {
    if (isRemote()) {
      // The relay says all that there is to say.
      return new IOException(String.valueOf(why.getMessage()), why);
    }
    String told =
        why instanceof Handshake.RefusedException
            ? "the shared store at %s refuses (%s): where another data folder of yours is in use there, copy its store.secret to %s, or ask the store's operator to forget you"
                .formatted(socket(), why.getMessage(), folders.data())
            : "the shared store at %s does not answer (%s): its operator starts it with `hydrocell node --shared %s`"
                .formatted(socket(), why.getMessage(), place);
    return new IOException(told, why);
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
