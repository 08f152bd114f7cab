package hydrocell.executor.run;

import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.ToExecutor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Questions to the kernel for entries of names that a cell touched unforeseen. Thread-safe. */
final class NameQueries {
  private final Map<Long, CompletableFuture<@Nullable List<Entry>>> open =
      new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final CellThreads threads;

  NameQueries(CellThreads threads) {
    this.threads = threads;
  }

  /** Asks the kernel of the cell that this thread belongs to; null when it is gone. Blocks. */
  @Nullable List<Entry> ask(Collection<Name> names) {
    CellRun run = threads.current();
    if (run == null || !run.route().link().isOpen()) {
      return null;
    }
    long id = ids.incrementAndGet();
    CompletableFuture<@Nullable List<Entry>> answer = new CompletableFuture<>();
    open.put(id, answer);
    run.say(new FromExecutor.NamesWanted(run.requestId(), id, List.copyOf(names)));
    if (!run.route().link().isOpen()) {
      answer.complete(null);
    }
    try {
      return answer.join();
    } finally {
      open.remove(id);
    }
  }

  /** The kernel answered. */
  void answer(ToExecutor.Names names) {
    CompletableFuture<@Nullable List<Entry>> waiting = open.remove(names.queryId());
    if (waiting != null) {
      waiting.complete(names.entries());
    }
  }

  /** A kernel went away: whoever asks looks for himself. */
  void abandon() {
    for (CompletableFuture<@Nullable List<Entry>> waiting : open.values()) {
      waiting.complete(null);
    }
  }
}
