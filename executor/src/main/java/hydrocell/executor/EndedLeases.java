package hydrocell.executor;

import java.util.LinkedHashMap;
import java.util.Map;

/** Why leases ended, of the last thousand. Owned by the host's thread, as {@link Pool} is. */
final class EndedLeases {
  private static final int MAX_REMEMBERED = 1_000;

  private final Map<String, String> reasons =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  void add(String leaseId, String reason) {
    reasons.put(leaseId, reason);
  }

  /** In words for the user; also for a lease that is not remembered. */
  String reasonOf(String leaseId) {
    return reasons.getOrDefault(leaseId, "it had ended before");
  }
}
