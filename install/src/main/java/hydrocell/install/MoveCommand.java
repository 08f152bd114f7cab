package hydrocell.install;

import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.PeerUser;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.local.SharedStore;
import hydrocell.cell.local.StoreToken;
import hydrocell.cell.message.HostReply;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a notebook between this person's own store and a shared one. Nobody else uses the own store
 * meanwhile: the local node is ended first, and its lock held. A move that was broken off is noted
 * in the data folder, and finished, or taken back, by the next command or node.
 */
final class MoveCommand {
  private static final Logger LOG = LoggerFactory.getLogger(MoveCommand.class);
  private static final String USE =
      "move wants NOTEBOOK --to STORE or NOTEBOOK --from STORE, and perhaps --replace; STORE is a shared store's folder or tls://HOST:PORT";
  private static final int SECRET_BYTES = 32;

  private final Folders folders;
  private final PrintStream out;

  MoveCommand(Folders folders, PrintStream out) {
    this.folders = folders;
    this.out = out;
  }

  /**
   * What is asked for.
   *
   * @param notebook its absolute path
   * @param store the shared one
   * @param there whether the session goes to the shared store, and not back from it
   */
  private record Asked(String notebook, SharedStore store, boolean there, boolean replace) {
    static @Nullable Asked of(List<String> arguments) {
      boolean replace = arguments.contains("--replace");
      List<String> words = arguments.stream().filter(each -> !each.equals("--replace")).toList();
      boolean there = words.size() == 3 && words.get(1).equals("--to");
      if (!there && (words.size() != 3 || !words.get(1).equals("--from"))) {
        return null;
      }
      Path notebook = Path.of(words.getFirst()).toAbsolutePath().normalize();
      return new Asked(notebook.toString(), SharedStore.named(words.get(2)), there, replace);
    }

    static @Nullable Asked read(Path file) throws IOException {
      if (!Files.exists(file)) {
        return null;
      }
      Properties lines = new Properties();
      try (Reader reader = Files.newBufferedReader(file)) {
        lines.load(reader);
      }
      return new Asked(
          lines.getProperty("notebook", ""),
          new SharedStore(lines.getProperty("store", "")),
          lines.getProperty("there", "").equals("true"),
          false);
    }

    void write(Path file) throws IOException {
      Properties lines = new Properties();
      lines.setProperty("notebook", notebook);
      lines.setProperty("store", store.place());
      lines.setProperty("there", Boolean.toString(there));
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      try (Writer writer = Files.newBufferedWriter(fresh)) {
        lines.store(writer, "a move that has begun");
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Both stores of a move, opened; closed backwards. */
  private static final class Ends implements Closeable {
    final Deque<Closeable> parts = new ArrayDeque<>();

    <C extends Closeable> C with(C part) {
      parts.push(part);
      return part;
    }

    @Override
    public void close() throws IOException {
      while (!parts.isEmpty()) {
        parts.pop().close();
      }
    }
  }

  private static Path noted(Folders folders) {
    return folders.data().resolve("moving.properties");
  }

  /** Does it; the exit code. */
  int run(List<String> arguments) throws IOException, InterruptedException {
    Asked asked = Asked.of(arguments);
    if (asked == null) {
      out.println(USE);
      return 2;
    }
    endNode();
    Folders.makePrivate(folders.data());
    Folders.makePrivate(folders.run());
    try (NodeLock lock = NodeLock.take(folders.nodeLock(), Machine.here())) {
      if (lock == null) {
        throw new IOException("a local node has been started meanwhile: try again");
      }
      Asked earlier = Asked.read(noted(folders));
      if (earlier != null && !earlier.notebook.equals(asked.notebook)) {
        finish(folders, earlier);
      }
      SessionMove.Moved moved;
      try (Ends ends = new Ends()) {
        SessionMove move = move(ends, folders, asked);
        // Not before: what cannot begin would be in the way of every other move.
        asked.write(noted(folders));
        moved = move.run(asked.replace);
      }
      Files.delete(noted(folders));
      out.printf(
          "%s is in %s now: %d names, %d values copied%n",
          asked.notebook,
          asked.there ? asked.store.place() : "your own store",
          moved.names(),
          moved.values());
      if (asked.there) {
        out.printf("kernels find it there with %s=%s%n", SharedStore.VARIABLE, asked.store.place());
      }
    }
    return 0;
  }

  /** A running node serves the own store, or the kernels of the shared one. */
  private void endNode() throws IOException, InterruptedException {
    NodeFile node = NodeCommands.running(folders);
    if (node == null) {
      return;
    }
    for (HostReply.ProcessStatus each : NodeCommands.status(node).processes()) {
      if (each.state().equals("busy")) {
        throw new IOException(
            "cells run (session %s): move the notebook when they have ended"
                .formatted(each.sessionId()));
      }
    }
    NodeCommands.stop(folders);
  }

  /**
   * Ends a move that was broken off, before a node serves anybody; its folders' lock is held. When
   * a store does not answer it stays noted.
   */
  static void finishBroken(Folders folders) {
    try {
      Asked asked = Asked.read(noted(folders));
      if (asked != null) {
        finish(folders, asked);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("a move that was broken off is not finished: {}", e.getMessage());
    }
  }

  private static void finish(Folders folders, Asked asked) throws IOException {
    try (Ends ends = new Ends()) {
      SessionMove move = move(ends, folders, asked);
      if (move.isUnderWay()) {
        move.run(false);
        LOG.info("{} has been moved to the end", asked.notebook);
      } else if (move.cancel()) {
        LOG.info("{} stays where it was", asked.notebook);
      }
    }
    Files.deleteIfExists(noted(folders));
  }

  private static SessionMove move(Ends ends, Folders folders, Asked asked) throws IOException {
    SessionMove.Place own = own(ends, folders);
    SessionMove.Place shared = shared(ends, folders, asked.store);
    return asked.there
        ? SessionMove.of(own, shared, asked.notebook)
        : SessionMove.of(shared, own, asked.notebook);
  }

  private static byte[] secret() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  private static SessionMove.Place own(Ends ends, Folders folders) throws IOException {
    byte[] secret = secret();
    StorageNode node =
        StorageNode.start(
            StorageConfig.local(
                Folders.makePrivate(folders.anna()),
                LocalNode.at(folders, LocalNode.unixSocketsWork(folders.run()), "move"),
                secret));
    ends.with(node::close);
    NodeClient client = ends.with(NodeClient.connect(node.endpoint(), "move", secret));
    return new SessionMove.Place(client, System.getProperty("user.name", "user"), "your own store");
  }

  private static SessionMove.Place shared(Ends ends, Folders folders, SharedStore store)
      throws IOException {
    LocalNode.Store opened =
        ends.with(
            LocalNode.store(
                store, folders, LocalNode.unixSocketsWork(folders.run()), "relay", secret()));
    NodeClient client = ends.with(NodeClient.connect(opened.endpoint(), "move", opened.secret()));
    StoreToken token = store.isRemote() ? StoreToken.read(StoreToken.file(folders)) : null;
    String user = System.getProperty("user.name", "user");
    String owner = token != null ? token.person() : user.equals("?") ? PeerUser.ownNumber() : user;
    return new SessionMove.Place(client, owner, store.place());
  }
}
