package hydrocell.executor;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.Limit;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether programs that run users' code are kept apart from the rest of the machine by a {@link
 * Sandbox}, as the operator has set it and the system can. Immutable.
 */
public final class Isolation {
  private static final Logger LOG = LoggerFactory.getLogger(Isolation.class);
  private static final String OFF = "off";
  private static final String ON = "on";

  /** The host ends who goes beyond {@code threads.limit}; the system holds it this far above. */
  private static final long SPARE_PROCESSES = 200;

  private final @Nullable Sandbox sandbox;
  private final String state;

  private Isolation(@Nullable Sandbox sandbox, String state) {
    this.sandbox = sandbox;
    this.state = state;
  }

  /** Programs run as the user does. */
  public static Isolation off() {
    return new Isolation(null, OFF);
  }

  /**
   * As it is set.
   *
   * @param program what programs are started from: folders and jars
   * @param anna where the store listens
   * @throws IOException when it is set and cannot be had, with a message that says what helps
   */
  public static Isolation of(Settings settings, Folders folders, List<Path> program, Endpoint anna)
      throws IOException {
    String wanted = settings.word("isolation", OFF, OFF, ON, "auto");
    boolean network = settings.word("isolation.network", ON, ON, OFF).equals(ON);
    String shown = settings.text("isolation.folders", "");
    if (wanted.equals(OFF)) {
      return off();
    }
    Path home = Path.of(System.getProperty("user.home", "/"));
    List<Path> readable = new ArrayList<>(program);
    readable.add(Path.of(System.getProperty("java.home")));
    libraries(home.resolve(".m2/repository"), readable);
    libraries(folders.jars(), readable);
    for (String each : shown.split(File.pathSeparator, 0)) {
      if (!each.isBlank()) {
        readable.add(folder(each.strip()));
      }
    }
    Sandbox sandbox =
        anna.isUnix() ? new Sandbox(folders, store(folders, anna), home, readable, network) : null;
    String problem = sandbox == null ? "it takes Unix sockets" : sandbox.problem();
    if (problem == null) {
      return new Isolation(sandbox, network ? ON : "on, without a network");
    }
    if (wanted.equals(ON)) {
      throw new IOException(
          "isolation is on, and cannot be had: %s. Or set it to auto or off in settings.properties"
              .formatted(problem));
    }
    LOG.warn("cells are not isolated: {}", problem);
    return new Isolation(null, "off, for " + problem);
  }

  /** Where the libraries of notebooks come to lie. */
  private static void libraries(Path libraries, List<Path> readable) {
    try {
      readable.add(Files.createDirectories(libraries));
    } catch (IOException e) {
      LOG.warn("cells see no libraries in {}: {}", libraries, e.toString());
    }
  }

  /**
   * What programs see of the store: its socket, or, of one for several people, the folder that
   * everybody may enter. When that store starts again, its socket is another file.
   */
  private static Path store(Folders folders, Endpoint anna) {
    Path socket = anna.path();
    Path folder = socket.getParent();
    return folder == null || socket.startsWith(folders.run()) ? socket : folder;
  }

  private static Path folder(String text) throws IOException {
    Path path = Path.of(text);
    if (!path.isAbsolute() || !Files.exists(path)) {
      throw new IOException(
          "isolation.folders names %s: it takes absolute paths of what is there, separated by %s"
              .formatted(text, File.pathSeparator));
    }
    return path;
  }

  /** How it stands, for the operator: {@code on} or {@code off}, and why. */
  public String state() {
    return state;
  }

  /** Where programs are started in; null where they run as the user does. */
  @Nullable Sandbox sandbox() {
    return sandbox;
  }

  /** The folder that the cells of a notebook see; empty where that makes no difference. */
  String notebook(String folder) {
    return sandbox == null || folder.isEmpty() || sandbox.objection(Path.of(folder)) != null
        ? ""
        : folder;
  }

  /** Why an executor cannot be had that connects to a debugger; null where it can. */
  @Nullable String refusal(String debugAddress) {
    return debugAddress.isEmpty() || sandbox == null || sandbox.network()
        ? null
        : "cells have no network on this machine (isolation.network is off), and a debugger is"
            + " connected to over it: turn debugging off in this notebook";
  }

  /** What an executor is told of its processes, which are all there are in its namespace. */
  Map<String, String> terms(Limits limits) {
    return sandbox == null
        ? Map.of()
        : Map.of(
            ChildProperties.PROCESSES, Long.toString(limits.of(Limit.THREADS) + SPARE_PROCESSES));
  }

  /** What the user should know whose cells cannot be in the folder that they should be in. */
  String elsewhere(String directory, String notebook) {
    if (sandbox == null) {
      return "cells do not run in %s: it cannot be entered".formatted(directory);
    }
    if (!notebook.isEmpty()) {
      return "cells do not run in %s but in %s: this machine shows them the notebook's folder alone"
          .formatted(directory, notebook);
    }
    String objection = directory.isEmpty() ? null : sandbox.objection(Path.of(directory));
    return "cells do not see %s, which %s: they run in a temporary folder"
        .formatted(directory, objection == null ? "is not the notebook's folder" : objection);
  }
}
