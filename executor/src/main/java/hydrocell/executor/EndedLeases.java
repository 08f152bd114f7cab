package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the last leases ended, for kernels that ask later. Owned by the host's thread. */
final class EndedLeases {
  private static final int MAX_KEPT = 1_000;

  private final Map<String, HostReply.LeaseEnded> byId =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HostReply.LeaseEnded> eldest) {
          return size() > MAX_KEPT;
        }
      };

  void add(HostReply.LeaseEnded ended) {
    byId.put(ended.leaseId(), ended);
  }

  /** The answer to a request with this id. */
  HostReply.LeaseEnded answer(long id, String leaseId) {
    HostReply.LeaseEnded ended = byId.get(leaseId);
    return ended == null
        ? new HostReply.LeaseEnded(id, leaseId, "it had ended before", "")
        : new HostReply.LeaseEnded(id, leaseId, ended.reason(), ended.limit());
  }
}
