package hydrocell.storage;

import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.wire.AnnaReply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one shard. It takes batches of requests, answers them, flushes the log once, and
 * only then lets the answers go: an acknowledgement is never ahead of the log.
 */
final class ShardLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShardLoop.class);
  private static final int MAX_BATCHES_PER_TURN = 256;

  private final Shard shard;
  private final long forceIntervalNs;
  private final LinkedBlockingQueue<Batch> queue = new LinkedBlockingQueue<>();
  private final ExecutorService forces;
  private final Semaphore forcing = new Semaphore(1);
  private final AtomicBoolean forceFailed = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closing;

  /** Requests of one connection that arrived together. Answers go back as one. */
  static final class Batch {
    final List<Long> ids = new ArrayList<>();
    final List<ShardRequest> requests = new ArrayList<>();
    final List<ShardReply> replies = new ArrayList<>();
    private final AnswerTo answerTo;

    /** Bytes of the requests, for the connection's account. */
    long bytes;

    Batch(AnswerTo answerTo) {
      this.answerTo = answerTo;
    }

    void add(long id, ShardRequest request) {
      ids.add(id);
      requests.add(request);
    }
  }

  /** Takes a batch whose replies are complete; called on the shard's thread. */
  @FunctionalInterface
  interface AnswerTo {
    void answered(Batch batch);
  }

  ShardLoop(Shard shard, String name, long forceIntervalMs) {
    this.shard = shard;
    this.forceIntervalNs = TimeUnit.MILLISECONDS.toNanos(forceIntervalMs);
    this.forces =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name(name + "-force").factory());
    this.thread = Thread.ofPlatform().name(name).start(this::run);
  }

  /** Hands requests over; connections bound how many are under way. */
  void submit(Batch batch) {
    queue.add(batch);
  }

  private void run() {
    List<Batch> turn = new ArrayList<>();
    long forcedAtNs = System.nanoTime();
    boolean dirty = false;
    boolean compacting = false;
    while (!closing || !queue.isEmpty()) {
      try {
        Batch first = compacting ? queue.poll() : queue.poll(forceIntervalNs, TimeUnit.NANOSECONDS);
        if (first != null) {
          turn.add(first);
          queue.drainTo(turn, MAX_BATCHES_PER_TURN - 1);
          dirty |= answer(turn);
          turn.clear();
        }
        if (dirty && System.nanoTime() - forcedAtNs >= forceIntervalNs) {
          dirty = !forceBeside() || forceFailed.getAndSet(false);
          forcedAtNs = System.nanoTime();
        }
        compacting = shard.compact();
      } catch (InterruptedException e) {
        closing = true;
      } catch (IOException e) {
        compacting = false;
        LOG.error("{} cannot use its disk: {}", thread.getName(), e.toString());
        reopenIfFailed();
      }
    }
    forces.shutdown();
    forcing.acquireUninterruptibly();
    try {
      shard.close();
    } catch (IOException e) {
      LOG.error("{} could not close its log: {}", thread.getName(), e.toString());
    }
  }

  /**
   * Forces the log on another thread, so that requests need not wait for the device; whether that
   * was begun.
   */
  private boolean forceBeside() {
    if (!forcing.tryAcquire()) {
      return false;
    }
    try {
      forces.execute(() -> {
        try {
          shard.force();
        } catch (IOException e) {
          forceFailed.set(true);
          LOG.error("{} cannot force its log: {}", thread.getName(), e.toString());
        } finally {
          forcing.release();
        }
      });
      return true;
    } catch (RejectedExecutionException e) {
      forcing.release();
      return false;
    }
  }

  /** Whether anything was written. */
  private boolean answer(List<Batch> turn) {
    reopenIfFailed();
    boolean writes = false;
    boolean force = false;
    for (Batch batch : turn) {
      for (ShardRequest request : batch.requests) {
        batch.replies.add(answerOne(request));
        writes |= request.writes();
        force |= request.forces();
      }
    }
    if (writes) {
      FaultPoint.NODE_BEFORE_LOG.reached();
      try {
        shard.flush();
        if (force) {
          shard.force();
        }
      } catch (IOException e) {
        refuseWrites(turn, e);
        reopenIfFailed();
        readAgain(turn);
      }
      FaultPoint.NODE_BEFORE_ACKNOWLEDGEMENT.reached();
    }
    for (Batch batch : turn) {
      batch.requests.forEach(ShardRequest::release);
      batch.answerTo.answered(batch);
    }
    return writes;
  }

  /** What was merged into memory and is not in the log must be forgotten. */
  private void reopenIfFailed() {
    if (!shard.hasFailed()) {
      return;
    }
    forcing.acquireUninterruptibly();
    try {
      shard.reopen();
    } catch (IOException e) {
      LOG.error("{} cannot read its log again: {}", thread.getName(), e.toString());
    } finally {
      forcing.release();
    }
  }

  private ShardReply answerOne(ShardRequest request) {
    try {
      return shard.answer(request);
    } catch (RuntimeException e) {
      LOG.error("a request failed inside the node", e);
      return new ShardReply.Plain(
          new AnnaReply.Failed(
              hydrocell.anna.AnnaException.Reason.INTERNAL, "the node failed: " + e));
    }
  }

  /** What was read in a turn whose writes failed may have been of these writes. */
  private void readAgain(List<Batch> turn) {
    for (Batch batch : turn) {
      for (int i = 0; i < batch.requests.size(); i++) {
        if (!batch.requests.get(i).writes()) {
          batch.replies.get(i).release();
          batch.replies.set(i, answerOne(batch.requests.get(i)));
        }
      }
    }
  }

  private static void refuseWrites(List<Batch> turn, IOException e) {
    for (Batch batch : turn) {
      for (int i = 0; i < batch.requests.size(); i++) {
        if (batch.requests.get(i).writes()) {
          batch.replies.set(i, new ShardReply.Plain(Shard.storageFailed(e)));
        }
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    queue.add(new Batch(batch -> {}));
    thread.join();
  }
}
