package zmq;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import zmq.util.Errno;

/**
 * Wakes the thread that reads a JeroMQ mailbox: a pipe, whose bytes wake a selector, and a counter,
 * which costs no system call to look at. Any thread sends; one thread, the mailbox's, does the
 * rest.
 *
 * <p>It takes the place of the class of this name in JeroMQ 0.6.0, which writes the byte first and
 * counts afterwards. The byte wakes the reader, on a busy machine in the writer's place; the reader
 * sees a readable pipe and an old count, and asks again and again until its time slice is over: 3
 * to 5 ms in about every twentieth cell (docs/decisions/channels.md). Here the signal is counted
 * first. A reader that meets a counted signal whose byte is still to come takes it on credit, and
 * takes the byte out of the pipe when it has come.
 */
final class Signaler implements Closeable {
  private static final ByteBuffer SIGNAL = ByteBuffer.allocateDirect(1);
  private static final int MAX_TAKEN = 64;

  private final Ctx ctx;
  private final Errno errno;
  private final int owner;
  private final Pipe.SinkChannel sink;
  private final Pipe.SourceChannel source;
  private final AtomicLong sent = new AtomicLong();

  // Only the reader's, as is what follows.
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(MAX_TAKEN);
  private @Nullable Selector selector;
  private long received;

  /** Signals received on credit: bytes that are in the pipe, or will be. */
  private long owed;

  Signaler(Ctx ctx, int owner, Errno errno) {
    this.ctx = ctx;
    this.owner = owner;
    this.errno = errno;
    try {
      Pipe pipe = Pipe.open();
      sink = pipe.sink();
      source = pipe.source();
      sink.configureBlocking(false);
      source.configureBlocking(false);
    } catch (IOException e) {
      throw new ZError.IOException(e);
    }
  }

  /** What a selector watches to learn of a signal. */
  SelectableChannel getFd() {
    return source;
  }

  /** Sends a signal. A pipe that is full wakes the reader without one byte more. */
  void send() {
    sent.incrementAndGet();
    try {
      uninterrupted(() -> sink.write(SIGNAL.duplicate()));
    } catch (IOException e) {
      throw new ZError.IOException(e);
    }
  }

  /**
   * Whether there is a signal to receive. If not, {@code errno} says why: EAGAIN when there was
   * none in time, EINTR when the thread was interrupted or the context is closing.
   *
   * @param timeout how long to wait, in ms; 0 not at all, less than 0 for ever
   */
  boolean waitEvent(long timeout) {
    if (Thread.interrupted()) {
      return failed(ZError.EINTR);
    }
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeout);
    try {
      while (!isSignalled()) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        if (timeout == 0 || (timeout > 0 && leftMs <= 0)) {
          return failed(ZError.EAGAIN);
        }
        int ready = select(timeout < 0 ? 0 : leftMs);
        if (Thread.interrupted() || (ready == 0 && timeout < 0)) {
          return failed(ZError.EINTR);
        }
      }
      return true;
    } catch (ClosedSelectorException | ClosedChannelException e) {
      return failed(ZError.EINTR);
    } catch (IOException e) {
      return failed(ZError.exccode(e));
    }
  }

  /** Looks again after paying what is owed: a byte just taken may have been a new signal's. */
  private boolean isSignalled() throws IOException {
    if (received < sent.get()) {
      return true;
    }
    if (owed == 0) {
      return false;
    }
    owed -= take(owed);
    return received < sent.get();
  }

  private int select(long timeoutMs) throws IOException {
    Selector own = selector;
    if (own == null) {
      own = ctx.createSelector();
      selector = own;
      source.register(own, SelectionKey.OP_READ);
    }
    int ready = own.select(timeoutMs);
    own.selectedKeys().clear();
    return ready;
  }

  private boolean failed(int reason) {
    errno.set(reason);
    return false;
  }

  /** Receives a signal that {@link #waitEvent} has told of. */
  void recv() {
    received++;
    try {
      owed += 1 - take(1);
    } catch (ClosedChannelException e) {
      errno.set(ZError.EINTR);
    } catch (IOException e) {
      throw new ZError.IOException(e);
    }
  }

  private int take(long most) throws IOException {
    bytes.clear().limit((int) Math.min(most, MAX_TAKEN));
    return Math.max(0, uninterrupted(() -> source.read(bytes)));
  }

  /** A channel would close itself under an interrupted thread. */
  private static int uninterrupted(Transfer transfer) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return transfer.bytes();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Transfer {
    int bytes() throws IOException;
  }

  @Override
  public void close() throws IOException {
    try (source;
        sink) {
      if (selector != null) {
        ctx.closeSelector(selector);
      }
    }
  }

  @Override
  public String toString() {
    return "Signaler[" + owner + "]";
  }
}
