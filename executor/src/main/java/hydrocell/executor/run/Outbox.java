package hydrocell.executor.run;

import hydrocell.cell.message.FromExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that goes to kernels, in the order in which it was said. Any thread puts in, behind
 * its shut gate where it is the user's; one thread takes out and sends. Text waits a moment for
 * more, so that a loop of small prints does not become a flood of small messages; anything else
 * takes the text before it along at once. The output thread alone calls what things are said to.
 * Writers wait while a slow kernel leaves too much in here.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final long GATHER_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long ROOM_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long SENT_LIMIT_MS = 1_000;
  private static final int ENOUGH_CHARS = 8 << 10;
  private static final int MAX_CHARS = 2 << 20;
  private static final int MAX_TEXT_CHARS = 2 << 20;

  /** Something to send, of a run or of none. */
  sealed interface Item {}

  private static final class Text implements Item {
    private final CellOutput output;
    private final CellOutput.Channel channel;
    private final StringBuilder text = new StringBuilder();

    Text(CellOutput output, CellOutput.Channel channel) {
      this.output = output;
      this.channel = channel;
    }
  }

  private record Say(Consumer<FromExecutor> to, FromExecutor message) implements Item {}

  private record Act(Runnable action) implements Item {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private Deque<Item> items = new ArrayDeque<>();
  private long chars;
  private boolean urgent;
  private long lastSentNs = System.nanoTime() - GATHER_NS;

  /** Starts the output thread. */
  void start() {
    Thread.ofPlatform().daemon().name("output").start(this::run);
  }

  /** Writes text for a cell; waits for room, but not when the writer is to be stopped. */
  void write(CellOutput output, CellOutput.Channel channel, String text, BooleanSupplier hurried) {
    awaitRoom(hurried);
    lock.lock();
    try {
      output.write(channel, text);
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Writes bytes of UTF-8 for a cell. */
  void write(
      CellOutput output,
      CellOutput.Channel channel,
      byte[] bytes,
      int offset,
      int length,
      BooleanSupplier hurried) {
    awaitRoom(hurried);
    lock.lock();
    try {
      output.write(channel, output.decode(channel, bytes, offset, length));
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom(BooleanSupplier hurried) {
    boolean interrupted = false;
    while (full() && !hurried.getAsBoolean()) {
      LockSupport.parkNanos(this, ROOM_NS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean full() {
    lock.lock();
    try {
      return chars > MAX_CHARS;
    } finally {
      lock.unlock();
    }
  }

  /** Says something after all text so far, at once. */
  void say(Consumer<FromExecutor> to, FromExecutor message) {
    put(new Say(to, message));
  }

  /** Says something large; waits for room, but not when the speaker is to be stopped. */
  void say(Consumer<FromExecutor> to, FromExecutor message, long size, BooleanSupplier hurried) {
    awaitRoom(hurried);
    lock.lock();
    try {
      put(new Say(to, message));
      chars += size;
    } finally {
      lock.unlock();
    }
  }

  /** Shows something of a cell if its output may still grow. */
  void show(CellOutput output, FromExecutor message, long bytes) {
    lock.lock();
    try {
      if (!output.silent() && output.admit(bytes)) {
        put(new Say(output.to(), message));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Gives out what the cell's output still holds, then says that it is over. */
  void finish(CellOutput output, FromExecutor last) {
    lock.lock();
    try {
      output.finish();
      put(new Say(output.to(), last));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says something, and returns when it was sent: who hears of it learns it even if this process is
   * killed in the next moment. Returns after a while in any case, for a kernel that stands still.
   */
  void sayFirst(Consumer<FromExecutor> to, FromExecutor message) {
    CountDownLatch sent = new CountDownLatch(1);
    say(to, message);
    act(sent::countDown);
    boolean wasSent = false;
    try {
      wasSent = sent.await(SENT_LIMIT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!wasSent) {
      LOG.warn("a kernel does not take what it is told");
    }
  }

  /** Runs something on the output thread, after all that was said before. */
  void act(Runnable action) {
    put(new Act(action));
  }

  private void put(Item item) {
    lock.lock();
    try {
      items.add(item);
      urgent = true;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Called by {@link CellOutput} under the lock. */
  void enqueueText(CellOutput output, CellOutput.Channel channel, String text) {
    if (output.silent() || text.isEmpty()) {
      return;
    }
    Text last = items.peekLast() instanceof Text waiting ? waiting : null;
    if (last == null
        || last.output != output
        || last.channel != channel
        || last.text.length() + text.length() > MAX_TEXT_CHARS) {
      last = new Text(output, channel);
      items.add(last);
    }
    last.text.append(text);
    chars += text.length();
  }

  private void run() {
    while (true) {
      for (Item item : take()) {
        switch (item) {
          case Text text ->
              text.output.to().accept(text.output.stream(text.channel, text.text.toString()));
          case Say say -> say.to().accept(say.message());
          case Act act -> act.action().run();
        }
      }
    }
  }

  /** Waits until there is something worth sending. */
  private Iterable<Item> take() {
    lock.lock();
    try {
      while (true) {
        if (items.isEmpty()) {
          something.awaitUninterruptibly();
        } else {
          long early = lastSentNs + GATHER_NS - System.nanoTime();
          if (urgent || chars >= ENOUGH_CHARS || early <= 0) {
            break;
          }
          something.awaitNanos(early);
        }
      }
      Deque<Item> taken = items;
      items = new ArrayDeque<>();
      chars = 0;
      urgent = false;
      lastSentNs = System.nanoTime();
      return taken;
    } catch (InterruptedException e) {
      return List.of();
    } finally {
      lock.unlock();
    }
  }
}
