package hydrocell.cell.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where Hydrocell keeps things for one operating-system user. Immutable.
 *
 * @param data the store, settings, the node file
 * @param run sockets
 */
public record Folders(Path data, Path run) {
  /** Longest path of a Unix socket that every system takes, in bytes. */
  public static final int MAX_SOCKET_PATH_BYTES = 103;

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /**
   * Reads {@code HYDROCELL_HOME}, then the XDG folders, then what the system uses: {@code
   * ~/Library/Application Support} on macOS and {@code %LOCALAPPDATA%} on Windows.
   */
  public static Folders of(Map<String, String> environment, String osName, Path userHome) {
    String home = environment.get("HYDROCELL_HOME");
    if (home != null && !home.isBlank()) {
      Path data = Path.of(home).toAbsolutePath();
      return new Folders(data, shortEnough(data.resolve("run")));
    }
    Path data = dataFolder(environment, osName, userHome);
    String runtime = environment.get("XDG_RUNTIME_DIR");
    Path run =
        runtime != null && !runtime.isBlank() && Files.isWritable(Path.of(runtime))
            ? Path.of(runtime).resolve("hydrocell")
            : data.resolve("run");
    return new Folders(data, shortEnough(run));
  }

  /**
   * As {@link #of} for this process. The home is what {@code HOME} says, as for every program of
   * the user's; the JVM's own property is what the system's list of users says.
   */
  public static Folders here() {
    String system = System.getProperty("os.name", "");
    String home = system.startsWith("Windows") ? null : System.getenv("HOME");
    return of(
        System.getenv(),
        system,
        Path.of(home == null || home.isBlank() ? System.getProperty("user.home", ".") : home));
  }

  private static Path dataFolder(Map<String, String> environment, String osName, Path userHome) {
    String os = osName.toLowerCase(Locale.ROOT);
    if (os.contains("mac")) {
      return userHome.resolve("Library/Application Support/hydrocell");
    }
    String local = environment.get("LOCALAPPDATA");
    if (os.contains("windows") && local != null) {
      return Path.of(local).resolve("hydrocell");
    }
    String xdg = environment.get("XDG_DATA_HOME");
    return xdg != null && !xdg.isBlank()
        ? Path.of(xdg).resolve("hydrocell")
        : userHome.resolve(".local/share/hydrocell");
  }

  /**
   * A socket's path must be short: else a folder in the temp folder, named by what it stands for.
   */
  private static Path shortEnough(Path run) {
    int room = MAX_SOCKET_PATH_BYTES - "/executor-12345678.sock".length();
    if (run.toString().getBytes(StandardCharsets.UTF_8).length <= room) {
      return run;
    }
    String name =
        "hydrocell-%s-%08x"
            .formatted(System.getProperty("user.name", "user"), run.toString().hashCode());
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp")).resolve(name);
  }

  /**
   * Creates a folder that only this user can enter, or checks that it is one.
   *
   * @throws IOException with a message that says what to do
   */
  public static Path makePrivate(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
      if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(folder, PRIVATE);
      }
      return folder;
    } catch (IOException e) {
      throw new IOException(
          "cannot use the folder %s (%s): make it writable for %s, or set HYDROCELL_HOME to another"
              .formatted(folder, e, System.getProperty("user.name", "this user")),
          e);
    }
  }

  /** The file that names the running node. */
  public Path nodeFile() {
    return data.resolve("node.properties");
  }

  /** Held while a node is being started. */
  public Path startLock() {
    return data.resolve("start.lock");
  }

  /** Held by the node while it runs. */
  public Path nodeLock() {
    return data.resolve("node.lock");
  }

  /** Logs. */
  public Path logs() {
    return data.resolve("log");
  }

  /** What the operator of this machine has set. */
  public Path settings() {
    return data.resolve("settings.properties");
  }

  /** Temporary files of cells, a folder an executor. */
  public Path scratch() {
    return data.resolve("scratch");
  }

  /** Copies of jars that notebooks keep in the store. */
  public Path jars() {
    return data.resolve("jars");
  }

  /** The store's folder. */
  public Path anna() {
    return data.resolve("anna");
  }
}
