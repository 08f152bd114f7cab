package hydrocell.install;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Usage;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the command line asks of the running local node. */
final class NodeCommands {
  private static final long STOP_LIMIT_S = 30;
  private static final int KEYS_PER_PAGE = 1_000;
  private static final long COMPACT_LIMIT_S = 600;
  private static final long LOOK_AGAIN_MS = 20;

  /** Figures of the storage node. */
  private static final String DISK = "disk.bytes";

  private static final String REFUSED = "refused.writes";

  private NodeCommands() {}

  /** The running node's file; null when none runs. */
  static @Nullable NodeFile running(Folders folders) throws IOException {
    NodeFile file = NodeFile.read(folders.nodeFile());
    return file != null && file.isAlive() ? file : null;
  }

  /** Asks for figures. */
  static HostReply.HostStatus status(NodeFile node) throws IOException {
    HostReply reply = ask(node, new HostRequest.Status(1));
    return switch (reply) {
      case HostReply.HostStatus status -> status;
      case HostReply.Failed failed -> throw new IOException(failed.reason());
      default -> throw new IOException("unexpected answer to status: " + reply);
    };
  }

  /**
   * What cells used.
   *
   * @param owners all owners
   * @param sessions those that were asked for
   */
  record Used(Map<String, Usage> owners, Map<String, Usage> sessions) {}

  /** What the cells of all owners and of some sessions used. */
  static Used used(NodeFile node, Collection<String> sessions) throws IOException {
    Used used = new Used(new TreeMap<>(), new TreeMap<>());
    try (NodeClient anna = NodeClient.connect(node.anna(), "command line", node.annaSecret())) {
      String cursor = null;
      do {
        AnnaClient.KeyPage page =
            anna.scan(SessionKeys.ALL_OWNERS_USAGE, cursor, KEYS_PER_PAGE).join();
        for (Key key : page.keys()) {
          String owner = key.text().substring(SessionKeys.ALL_OWNERS_USAGE.length());
          used.owners.put(owner, usage(anna, key));
        }
        cursor = page.next();
      } while (cursor != null);
      for (String session : sessions) {
        used.sessions.put(session, usage(anna, new SessionKeys(session, 1).usage()));
      }
      return used;
    } catch (CompletionException e) {
      throw new IOException("the local node does not say what was used: " + e.getMessage(), e);
    }
  }

  private static Usage usage(NodeClient anna, Key key) {
    return Usage.of(anna.get(key).join().lattice(), "");
  }

  /**
   * Deletes what nothing can reach, and frees its space on the disk.
   *
   * @return bytes of the logs before and afterwards
   */
  static long[] compact(NodeFile node) throws IOException, InterruptedException {
    if (node.severalPeople()) {
      ask(node, new HostRequest.Collect(1));
      throw new IOException(
          "what nothing can reach was deleted; the shared store frees its space by itself");
    }
    try (NodeClient anna = NodeClient.connect(node.anna(), "command line", node.secret())) {
      Map<String, Long> before = anna.stats().join();
      ask(node, new HostRequest.Collect(1));
      Map<String, Long> now = anna.compact().join();
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMPACT_LIMIT_S);
      while (now.getOrDefault("compacting", 0L) > 0) {
        if (System.nanoTime() > deadlineNs) {
          throw new IOException("the local node is still compacting: see log/node.log");
        }
        Thread.sleep(LOOK_AGAIN_MS);
        now = anna.stats().join();
      }
      if (now.getOrDefault(REFUSED, 0L) > before.getOrDefault(REFUSED, 0L)) {
        throw new IOException(
            "the disk refused a write, and the logs may not be compacted: they need room for all"
                + " that is live in them; make some, and compact again");
      }
      return new long[] {before.getOrDefault(DISK, 0L), now.getOrDefault(DISK, 0L)};
    } catch (CompletionException e) {
      throw new IOException("the local node could not compact its logs: " + e.getMessage(), e);
    }
  }

  private static HostReply ask(NodeFile node, HostRequest request) throws IOException {
    try (FrameConnection connection = FrameConnection.connect(node.executorHost())) {
      Handshake.open(connection, "command line", node.secret());
      Messages.send(connection, HostRequest.class, request);
      for (HostReply reply = Messages.receive(connection, HostReply.class);
          reply != null;
          reply = Messages.receive(connection, HostReply.class)) {
        if (reply.id() == request.id()) {
          return reply;
        }
      }
      throw new IOException("the local node closed the connection");
    }
  }

  /**
   * Ends the node, in good order if it listens.
   *
   * @return false when none ran
   */
  static boolean stop(Folders folders) throws IOException, InterruptedException {
    return stop(folders, STOP_LIMIT_S);
  }

  /** As {@link #stop(Folders)}; a node that takes longer than the limit is killed. */
  static boolean stop(Folders folders, long limitS) throws IOException, InterruptedException {
    NodeFile node = running(folders);
    if (node == null) {
      return false;
    }
    ProcessHandle process = ProcessHandle.of(node.pid()).orElse(null);
    if (process == null) {
      return false;
    }
    try {
      ask(node, new HostRequest.Stop(1));
    } catch (IOException e) {
      // It may have ended while it answered, or not listen any more: then the signal ends it.
      process.destroy();
    }
    try {
      process.onExit().get(limitS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      process.destroyForcibly();
      Files.deleteIfExists(folders.nodeFile());
    }
    return true;
  }

  /** Bytes of all files under a folder; 0 when there is none. */
  static long diskBytes(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Resident memory of a process; -1 where the system does not say. */
  static long residentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
      return -1;
    } catch (IOException e) {
      return -1;
    }
  }
}
