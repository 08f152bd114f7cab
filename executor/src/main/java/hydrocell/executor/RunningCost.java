package hydrocell.executor;

import hydrocell.cell.SessionKeys;
import hydrocell.cell.Usage;
import java.util.concurrent.TimeUnit;

/**
 * What a run of a cell costs while nobody knows its end: should its executor be killed, this is
 * what its owner is charged for. Owned by the host's thread.
 */
final class RunningCost {
  private final SessionKeys keys;
  private final long cell;
  private final long beganNs;
  private final long cpuAtBeginNs;
  private long cpuNs;

  private RunningCost(SessionKeys keys, long cell, long beganNs, long cpuAtBeginNs) {
    this.keys = keys;
    this.cell = cell;
    this.beganNs = beganNs;
    this.cpuAtBeginNs = cpuAtBeginNs;
    this.cpuNs = cpuAtBeginNs;
  }

  /** Reads what an executor says at the begin of a run: {@code EPOCH CELL CPU-NS}. */
  static RunningCost begin(String leasedTo, String[] figures, long nowNs) {
    return new RunningCost(
        keys(leasedTo, figures[1]), Long.parseLong(figures[2]), nowNs, Long.parseLong(figures[3]));
  }

  /** Reads what it says at the end: {@code EPOCH CELL NS CPU-NS READ-BYTES WRITTEN-BYTES}. */
  static Metering.Charge ended(String leasedTo, String owner, String[] figures) {
    return new Metering.Charge(
        keys(leasedTo, figures[1]),
        owner,
        Long.parseLong(figures[2]),
        new Usage(
            1,
            Long.parseLong(figures[3]),
            Long.parseLong(figures[4]),
            Long.parseLong(figures[5]),
            Long.parseLong(figures[6])));
  }

  /** Executors that a session leases beside its own have names of their own. */
  private static SessionKeys keys(String leasedTo, String epoch) {
    return new SessionKeys(SessionKeys.sessionOfLease(leasedTo), Long.parseLong(epoch));
  }

  /** Somebody has looked at its process. */
  void seen(ProcessFigures figures) {
    cpuNs = Math.max(cpuNs, TimeUnit.MILLISECONDS.toNanos(figures.cpuMs()));
  }

  /** Its executor has ended under it. */
  Metering.Charge cut(String owner, long nowNs) {
    return new Metering.Charge(
        keys, owner, cell, new Usage(1, nowNs - beganNs, cpuNs - cpuAtBeginNs, 0, 0));
  }
}
