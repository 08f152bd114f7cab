package hydrocell.executor;

import hydrocell.cell.local.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs by bubblewrap, with namespaces of their own: they see the JDK, Hydrocell, the
 * libraries, and the folders that they are given; no process but their own, and nothing of the node
 * but the store's socket. They have no capabilities and can make no user namespaces. Immutable.
 */
final class Sandbox {
  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
  private static final String PROGRAM = "bwrap";

  /** Where a program listens, in its folder for that. */
  static final String SOCKET = "cells.sock";

  private static final long PROBE_LIMIT_S = 20;
  private static final int MAX_SAID_BYTES = 1_000;

  /** Folder of the sandboxes' own folders for sockets, in that of the node's. */
  private static final String OWN = "own";

  private static final long MEMORY_FOLDER_BYTES = 64 << 20;

  /** What programs need of the system; not all of it is everywhere. */
  private static final List<String> SYSTEM =
      List.of(
          "/usr",
          "/etc/alternatives",
          "/etc/ca-certificates",
          "/etc/crypto-policies",
          "/etc/fonts",
          "/etc/group",
          "/etc/gai.conf",
          "/etc/host.conf",
          "/etc/hosts",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/localtime",
          "/etc/mime.types",
          "/etc/nsswitch.conf",
          "/etc/passwd",
          "/etc/pki/ca-trust",
          "/etc/pki/java",
          "/etc/pki/tls/certs",
          "/etc/protocols",
          "/etc/resolv.conf",
          "/etc/services",
          "/etc/ssl/certs",
          "/etc/ssl/openssl.cnf",
          "/etc/timezone",
          "/sys/devices/system",
          "/sys/fs/cgroup",
          "/sys/kernel/mm/transparent_hugepage");

  /** Names of the root that are folders on some systems, and links into {@code /usr} on others. */
  private static final List<String> LINKED = List.of("bin", "sbin", "lib", "lib32", "lib64");

  /** Nobody's notebooks are there. */
  private static final List<Path> NO_NOTEBOOKS =
      Stream.of("/boot", "/dev", "/etc", "/proc", "/sys", "/usr").map(Path::of).toList();

  /** Variables of the node's environment that say where and how, and nothing of anybody's. */
  private static final Set<String> INHERITED =
      Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "HYDROCELL_HOME");

  private final Folders folders;
  private final Path anna;
  private final Path home;
  private final boolean network;
  private final Mounts common;

  /** What is not shown even where a folder around it is. */
  private final List<Path> hidden;

  private final List<String> links;

  /**
   * A sandbox for the programs of one node.
   *
   * @param folders those of the node, of which programs see what they are given
   * @param anna the store's socket, or the folder that holds nothing else that others may read
   * @param home the user's; programs have an empty one in its place
   * @param readable folders and files that all of them may read
   * @param network whether they are on the machine's network
   */
  Sandbox(Folders folders, Path anna, Path home, List<Path> readable, boolean network) {
    this.folders = folders;
    this.anna = anna;
    this.home = home;
    this.network = network;
    common = new Mounts();
    links = system(common);
    common.memory(Path.of("/tmp"), MEMORY_FOLDER_BYTES);
    common.memory(Path.of("/dev/shm"), MEMORY_FOLDER_BYTES);
    readable.forEach(common::read);
    hidden = hidden();
    hidden.forEach(common::empty);
  }

  private static List<String> system(Mounts mounts) {
    List<String> links = new ArrayList<>();
    SYSTEM.stream().map(Path::of).filter(Files::exists).forEach(mounts::read);
    for (String name : LINKED) {
      Path path = Path.of("/", name);
      try {
        if (Files.isSymbolicLink(path)) {
          links.addAll(
              List.of("--symlink", Files.readSymbolicLink(path).toString(), path.toString()));
        } else if (Files.exists(path)) {
          mounts.read(path);
        }
      } catch (IOException e) {
        LOG.warn("{} is not there in sandboxes: {}", path, e.toString());
      }
    }
    // Debian keeps a JDK's settings there.
    try (DirectoryStream<Path> settings = Files.newDirectoryStream(Path.of("/etc"), "java*")) {
      settings.forEach(mounts::read);
    } catch (IOException e) {
      LOG.warn("/etc cannot be listed: {}", e.toString());
    }
    return links;
  }

  /** The node's folders, and that of running kernels: who reads it can have them run cells. */
  private List<Path> hidden() {
    List<Path> all = new ArrayList<>(List.of(folders.data(), folders.run()));
    String set = System.getenv("JUPYTER_RUNTIME_DIR");
    Path jupyter = set == null ? home.resolve(".local/share/jupyter/runtime") : Path.of(set);
    if (jupyter.isAbsolute() && Files.isDirectory(jupyter)) {
      all.add(jupyter);
    }
    return all;
  }

  /**
   * What one program is given.
   *
   * @param scratch its temporary folder
   * @param run folder of its socket
   * @param notebook the notebook's folder; null without one
   */
  record Place(Path scratch, Path run, @Nullable Path notebook) {}

  /**
   * Why programs cannot be shown a notebook's folder, as a part of a sentence; null if they can.
   */
  @Nullable String objection(Path notebook) {
    if (!notebook.isAbsolute() || !Files.isDirectory(notebook)) {
      return "is not there";
    }
    if (notebook.getNameCount() == 0 || NO_NOTEBOOKS.stream().anyMatch(notebook::startsWith)) {
      return "is the system's";
    }
    if (notebook.startsWith(folders.data()) || notebook.startsWith(folders.run())) {
      return "is the node's own";
    }
    if (home.startsWith(notebook)) {
      return "is the home folder, or holds it";
    }
    return null;
  }

  /** Whether programs are on the machine's network. */
  boolean network() {
    return network;
  }

  /** The command that starts a program in its place. */
  List<String> command(Place place, List<String> program) throws IOException {
    Mounts mounts = new Mounts().all(common).read(anna);
    if (home.getNameCount() > 0 && Files.isDirectory(home)) {
      mounts.write(Files.createDirectories(place.scratch.resolve(".home")), home);
    }
    Path notebook = place.notebook;
    if (notebook != null) {
      mounts.write(notebook);
    }
    mounts.write(place.scratch).write(place.run);
    if (notebook != null) {
      mounts.holdAll(notebook);
    }
    return command(mounts, notebook == null ? place.scratch : notebook, program);
  }

  private List<String> command(Mounts mounts, Path directory, List<String> program) {
    List<String> command = new ArrayList<>(List.of(PROGRAM, "--die-with-parent"));
    command.addAll(List.of("--cap-drop", "ALL", "--unshare-user", "--disable-userns"));
    command.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts"));
    command.add("--unshare-cgroup-try");
    if (!network) {
      command.add("--unshare-net");
    }
    command.addAll(links);
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    command.addAll(mounts.arguments());
    command.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
    command.addAll(List.of("--chdir", directory.toString()));
    command.addAll(program);
    return command;
  }

  /** A folder for the socket of one program, which is made. */
  Path run(String id) throws IOException {
    return Files.createDirectories(runs(folders.run()).resolve(id));
  }

  /** Where all of these are, in the folder of the node's sockets. */
  static Path runs(Path run) {
    return run.resolve(OWN);
  }

  /** Whether a program gets this variable of the node's environment, which is its first user's. */
  static boolean inherits(String variable) {
    return INHERITED.contains(variable) || variable.startsWith("LC_");
  }

  /** Why nothing can be started in a sandbox here, and what helps; null where all is well. */
  @Nullable String problem() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try {
      Process process =
          new ProcessBuilder(command(common, Path.of("/"), List.of(java.toString(), "-version")))
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(PROBE_LIMIT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "bubblewrap does not come to an end";
      }
      byte[] said = process.getInputStream().readNBytes(MAX_SAID_BYTES);
      return process.exitValue() == 0
          ? null
          : refusal(new String(said, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return "bubblewrap is not installed (Debian: apt install bubblewrap)";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the check was interrupted";
    }
  }

  private static String refusal(String said) {
    if (said.contains("nknown option")) {
      return "bubblewrap is too old (%s): it takes version 0.8".formatted(said);
    }
    return ("bubblewrap makes no sandbox here (%s): user namespaces must be allowed (sysctl"
            + " user.max_user_namespaces, kernel.unprivileged_userns_clone,"
            + " kernel.apparmor_restrict_unprivileged_userns; in a container, those of the"
            + " container)")
        .formatted(said);
  }
}
