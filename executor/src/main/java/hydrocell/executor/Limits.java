package hydrocell.executor;

import hydrocell.cell.Limit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one executor may use; every limit has an amount. Immutable. */
final class Limits {
  private final Map<Limit, Long> amounts;

  Limits(Map<Limit, Long> amounts) {
    this.amounts = new EnumMap<>(amounts);
  }

  long of(Limit limit) {
    Long amount = amounts.get(limit);
    if (amount == null) {
      throw new IllegalArgumentException("no amount for " + limit);
    }
    return amount;
  }

  /** By spelling, as messages have them. */
  Map<String, Long> spelled() {
    Map<String, Long> all = new LinkedHashMap<>();
    amounts.forEach((limit, amount) -> all.put(limit.spelling(), amount));
    return all;
  }

  /** What a process must be started with for these, with a debugger's address or none. */
  ExecutorShape shape(String debugAddress, String notebook) {
    return new ExecutorShape(of(Limit.HEAP), of(Limit.NATIVE), debugAddress, notebook);
  }
}
