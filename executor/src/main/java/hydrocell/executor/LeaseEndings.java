package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Ends executors, and tells of it everybody who has to know. Owned by the host's thread, as {@link
 * Pool} is.
 */
final class LeaseEndings {
  private final LongSupplier nanoTime;
  private final Consumer<HostReply.LeaseEnded> onLeaseEnded;
  private final Consumer<PooledExecutor> onProcessEnded;
  private final Consumer<Metering.Charge> onCost;
  private final EndedLeases endedLeases = new EndedLeases();

  /**
   * Endings of one pool.
   *
   * @param onLeaseEnded tells all kernels
   * @param onProcessEnded takes away what the process left behind
   * @param onCost what a cell used that was cut short
   */
  LeaseEndings(
      LongSupplier nanoTime,
      Consumer<HostReply.LeaseEnded> onLeaseEnded,
      Consumer<PooledExecutor> onProcessEnded,
      Consumer<Metering.Charge> onCost) {
    this.nanoTime = nanoTime;
    this.onLeaseEnded = onLeaseEnded;
    this.onProcessEnded = onProcessEnded;
    this.onCost = onCost;
  }

  /** Ends the one that has a lease; its end is told to {@code reply}, also when it was before. */
  void end(
      Collection<PooledExecutor> executors,
      long id,
      String leaseId,
      String reason,
      Consumer<HostReply> reply) {
    for (PooledExecutor each : executors) {
      if (each.leaseId.equals(leaseId)) {
        each.waitingForEnd.add(ended -> reply.accept(each.leaseEnded(id)));
        end(each, reason);
        return;
      }
    }
    reply.accept(endedLeases.answer(id, leaseId));
  }

  /** Kills one, whatever it does. */
  void end(PooledExecutor executor, String reason) {
    if (executor.state != PooledExecutor.State.ENDING) {
      executor.state = PooledExecutor.State.ENDING;
      executor.endReason = reason;
    }
    executor.child.kill();
  }

  /** Ends a lease that is idle, unless its next cell is there already. */
  void retire(PooledExecutor executor, String reason) {
    executor.state = PooledExecutor.State.RETIRING;
    executor.endReason = reason;
    executor.retiringSinceNs = nanoTime.getAsLong();
    try {
      executor.child.tell(Map.of(ChildProperties.RETIRE, reason));
    } catch (IOException e) {
      end(executor, reason);
    }
  }

  /** Whoever waits for an executor that has ended, or has its lease, learns of it. */
  void ended(PooledExecutor executor) {
    executor.waiting.forEach(each ->
        each.reply()
            .accept(
                new HostReply.Failed(
                    each.request().id(), "its executor ended: " + executor.endReason)));
    if (executor.running != null) {
      onCost.accept(executor.running.cut(executor.owner, nanoTime.getAsLong()));
    }
    HostReply.LeaseEnded ended = executor.leaseEnded(0);
    endedLeases.add(ended);
    onProcessEnded.accept(executor);
    executor.waitingForEnd.forEach(reply -> reply.accept(ended));
    if (!executor.leaseId.isEmpty()) {
      onLeaseEnded.accept(ended);
    }
  }
}
