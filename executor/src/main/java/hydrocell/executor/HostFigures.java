package hydrocell.executor;

import java.util.List;
import java.util.Map;

/**
 * How an executor host fares: numbers and nothing of anybody's. Immutable.
 *
 * @param kernels how many are connected
 * @param executors how many there are, by state
 * @param mostExecutors how many there may be
 * @param residentBytes resident memory of all its processes
 * @param queued requests that wait for an executor
 * @param oldestWaitNs how long the first of them has waited
 * @param waits how long those waited that were served
 * @param starts executors started since the host began
 * @param failedStarts those that ended before they were ready
 * @param losses executors that ended by themselves under a lease
 * @param beyondLimits those that were ended because a cell went beyond a limit
 * @param memoryShort whether the machine has less free memory than it should
 * @param canLease false when executors do not start
 * @param compiles compilations that were asked for
 * @param compiledBefore those among them that a cache answered
 * @param canCompile false when the compile service does not start
 * @param canProcess false when the one that runs annotation processors does not
 */
public record HostFigures(
    int kernels,
    Map<String, Long> executors,
    int mostExecutors,
    long residentBytes,
    int queued,
    long oldestWaitNs,
    Waits waits,
    long starts,
    long failedStarts,
    long losses,
    long beyondLimits,
    boolean memoryShort,
    boolean canLease,
    long compiles,
    long compiledBefore,
    boolean canCompile,
    boolean canProcess) {
  /**
   * How long requests waited for their leases.
   *
   * @param boundsMs upper bounds of all classes but the last, which has none
   * @param counts how many are in each class
   * @param sumNs of all waits
   */
  public record Waits(List<Long> boundsMs, List<Long> counts, long sumNs) {}
}
