package hydrocell.kernel;

import hydrocell.anna.wire.Build;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.local.SharedStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds the local node, or starts it. Whoever starts it holds a lock meanwhile, so that of many
 * kernels one does. The node gets a process group of its own: Jupyter kills a kernel's whole group.
 */
final class LocalNode {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int LOG_TAIL_BYTES = 2_000;

  private final Folders folders;
  private final @Nullable Path install;
  private final String refusal;

  /**
   * A node of this user.
   *
   * @param install folder with {@code node.args}; null when this kernel cannot start a node
   */
  LocalNode(Folders folders, @Nullable Path install) {
    this(folders, install, "");
  }

  /**
   * The same, for a kernel that may not use it.
   *
   * @param refusal why, in words for the user; empty when it may
   */
  LocalNode(Folders folders, @Nullable Path install, String refusal) {
    this.folders = folders;
    this.install = install;
    this.refusal = refusal;
  }

  /** The running node; started if need be. Throws with a message for the user. */
  NodeFile findOrStart() throws IOException {
    if (!refusal.isEmpty()) {
      throw new IOException(refusal);
    }
    NodeFile running = running();
    requireStore(running);
    if (running != null && Build.here().goesWith(new Build(running.build()))) {
      return running;
    }
    Folders.makePrivate(folders.data());
    Folders.makePrivate(folders.logs());
    try (FileChannel file =
            FileChannel.open(
                folders.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      running = running();
      if (running != null && OtherBuild.gaveWay(running, folders.nodeLock())) {
        running = null;
      }
      return running != null || !lock.isValid() ? require(running) : start();
    }
  }

  /** A notebook that is to use one store must not write into another without a word. */
  private static void requireStore(@Nullable NodeFile running) throws IOException {
    SharedStore named = SharedStore.of(System.getenv());
    if (running != null && named != null && !running.store().equals(named.place())) {
      throw new IOException(
          "%s names the store at %s, and the running local node uses another one: `hydrocell stop` ends it, and the next cell starts one for that store"
              .formatted(SharedStore.VARIABLE, named.place()));
    }
  }

  /** Why the store for several people that a node uses cannot be had, in words for the user. */
  IOException refused(NodeFile running, IOException why) {
    return new SharedStore(running.store()).refused(why, folders);
  }

  /** A node in the place of one that is not to be reached although a process has its id. */
  NodeFile startInstead(NodeFile unreachable) throws IOException {
    try (FileChannel file =
            FileChannel.open(
                folders.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      NodeFile running = running();
      if (running != null && lock.isValid() && running.pid() == unreachable.pid()) {
        Files.deleteIfExists(folders.nodeFile());
        return start();
      }
    }
    return findOrStart();
  }

  private static NodeFile require(@Nullable NodeFile file) throws IOException {
    if (file == null) {
      throw new IOException("the lock for starting the local node was lost: try again");
    }
    return file;
  }

  private @Nullable NodeFile running() throws IOException {
    NodeFile file;
    try {
      file = NodeFile.read(folders.nodeFile());
    } catch (IOException e) {
      if (!Files.isReadable(folders.nodeFile())) {
        throw e;
      }
      return null;
    }
    return file != null && file.isAlive() ? file : null;
  }

  private NodeFile start() throws IOException {
    Path folder = install;
    if (folder == null) {
      throw new IOException(
          "no local node runs, and this kernel does not know where Hydrocell is installed: run"
              + " `install/hydrocell kernelspec install`");
    }
    Path log = folders.logs().resolve("node.out");
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    } else if (Files.isExecutable(Path.of("/bin/sh"))) {
      command.addAll(List.of("/bin/sh", "-c", "set -m; \"$@\" &", "sh"));
    }
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("@" + folder.resolve("node.args"));
    Process process =
        new ProcessBuilder(command)
            .directory(folders.data().toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    long deadlineNs = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadlineNs) {
      NodeFile running = running();
      if (running != null) {
        return running;
      }
      if (!process.isAlive() && process.exitValue() != 0) {
        break;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NS);
    }
    throw new IOException(
        "the local node did not start; the end of %s says:\n%s".formatted(log, tail(log)));
  }

  private static String tail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(LOG_TAIL_BYTES, file.length())];
      file.seek(file.length() - end.length);
      file.readFully(end);
      return new String(end, java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }
}
