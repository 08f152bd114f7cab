package hydrocell.kernel;

import hydrocell.anna.wire.Build;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.local.NodeFile;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Messages;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node of another build than this kernel's. Processes of two builds do not talk to each
 * other, but for the few words here, whose messages stay as they are: an older node that nobody
 * uses is ended, so that one of this build can take its place.
 */
final class OtherBuild {
  private static final Logger LOG = LoggerFactory.getLogger(OtherBuild.class);
  private static final long END_LIMIT_S = 30;
  private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private OtherBuild() {}

  /**
   * Whether the node was of another build and has ended.
   *
   * @param nodeLock what a node holds while it runs
   * @return false when it is of this kernel's build
   * @throws IOException when it is newer, or in use; the message says what to do
   */
  static boolean gaveWay(NodeFile node, Path nodeLock) throws IOException {
    Build its = new Build(node.build());
    Build mine = Build.here();
    if (mine.goesWith(its)) {
      return false;
    }
    if (its.isNewerThan(mine)) {
      throw new IOException(
          "the local node is of a newer build (%s) than this kernel (%s): restart the kernel after `install/hydrocell kernelspec install`, or `pip install` of the newer wheel"
              .formatted(its.id(), mine.id()));
    }
    try (FrameConnection host = FrameConnection.connect(node.executorHost())) {
      Handshake.open(host, "newer build", node.secret());
      Messages.send(host, HostRequest.class, new HostRequest.Status(1));
      int kernels = kernels(host);
      if (kernels > 0) {
        throw new IOException(
            "the local node is of an older build (%s) than this kernel (%s) and %d open notebook%s still use%s it: close them, or run `install/hydrocell stop`, then run the cell again"
                .formatted(
                    its.id(),
                    mine.id(),
                    kernels,
                    kernels == 1 ? "" : "s",
                    kernels == 1 ? "s" : ""));
      }
      LOG.info("a node of the older build {} gives way", its.id());
      Messages.send(host, HostRequest.class, new HostRequest.Stop(2));
    }
    awaitEnd(nodeLock);
    return true;
  }

  private static int kernels(FrameConnection host) throws IOException {
    HostReply reply = Messages.receive(host, HostReply.class);
    if (reply instanceof HostReply.HostStatus status) {
      return status.kernels();
    }
    throw new IOException("the local node of another build does not say who uses it: " + reply);
  }

  /** Its process holds the lock on the data until its end. */
  private static void awaitEnd(Path nodeLock) throws IOException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_LIMIT_S);
    while (System.nanoTime() < deadlineNs) {
      try (FileChannel file = FileChannel.open(nodeLock, StandardOpenOption.WRITE);
          FileLock lock = file.tryLock()) {
        if (lock != null) {
          return;
        }
      }
      LockSupport.parkNanos(LOOK_AGAIN_NS);
    }
    throw new IOException(
        "the local node of an older build does not end: run `install/hydrocell stop`");
  }
}
