package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.message.HostReply;
import hydrocell.executor.run.TestNotebook;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values are collected and logs compacted all the time, while notebooks work. */
final class CollectionUnderLoadTest {
  private static final int NOTEBOOKS = 3;
  private static final int CELLS = Commit.COMMITS_KEPT + 30;
  private static final long PATIENCE_S = 300;

  @TempDir Path folder;

  @Test
  void nothingGoesThatIsReachableAndTheDiskHoldsLittleElse() throws Exception {
    try (TestHost host = TestHost.start(folder, NOTEBOOKS, NOTEBOOKS, TestHost.LONG);
        NodeClient anna = NodeClient.connect(host.anna.endpoint(), "test", TestHost.ANNA_SECRET);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      AtomicBoolean working = new AtomicBoolean(true);
      Future<Integer> collected =
          threads.submit(() -> {
            int deleted = 0;
            while (working.get()) {
              deleted += new ValueCollector(anna).collect();
              anna.compact().get();
            }
            return deleted;
          });
      List<Future<?>> notebooks = new ArrayList<>();
      for (int i = 0; i < NOTEBOOKS; i++) {
        String session = "load" + i;
        notebooks.add(threads.submit(() -> work(host, session)));
      }
      for (Future<?> notebook : notebooks) {
        notebook.get(PATIENCE_S, TimeUnit.SECONDS);
      }
      working.set(false);
      assertTrue(collected.get(PATIENCE_S, TimeUnit.SECONDS) > 0, "nothing was collected");

      new ValueCollector(anna).collect();
      for (int i = 0; i < NOTEBOOKS; i++) {
        valuesAreThoseThatCanBeReached(anna, new SessionKeys("load" + i, 1));
      }
      Map<String, Long> now = anna.compact().get();
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
      while (now.get("compacting") > 0 && System.nanoTime() < deadlineNs) {
        now = anna.stats().get();
      }
      Map<String, Long> figures = now;
      assertTrue(now.get("disk.bytes") <= 1.1 * now.get("live.bytes"), figures::toString);
    }
  }

  /** Cells that replace, change and drop what earlier ones made, and check that it is there. */
  private static Void work(TestHost host, String session) throws Exception {
    HostReply.Leased lease = host.kernel.lease(session);
    try (TestNotebook notebook = host.notebook(session, lease)) {
      notebook.run("int[] kept = new int[5_000]; Arrays.fill(kept, 7);");
      notebook.run("int[] hot = new int[5_000]; var list = new ArrayList<int[]>(); int sum = 0;");
      for (int cell = 0; cell < CELLS; cell++) {
        notebook.run(
            "hot = new int[5_000]; Arrays.fill(hot, %d); list.add(hot); if (list.size() > 3) list.remove(0); sum += hot[9];"
                .formatted(cell));
      }
    }
    // What another executor reads is what was stored.
    host.kernel.replace(lease.leaseId());
    try (TestNotebook again = host.notebook(session, host.kernel.lease(session))) {
      int last = CELLS - 1;
      assertEquals(
          "%d %d %d %d".formatted(7, last, last - 2, CELLS * last / 2),
          again
              .run("kept[4_999] + \" \" + hot[1] + \" \" + list.get(0)[2] + \" \" + sum")
              .result());
    }
    return null;
  }

  private static void valuesAreThoseThatCanBeReached(NodeClient anna, SessionKeys keys)
      throws Exception {
    Set<String> reachable = new HashSet<>();
    Manifest.of(anna.get(keys.manifest()).get().lattice())
        .kept()
        .map(Entry::valueKey)
        .filter(Objects::nonNull)
        .filter(key -> !key.isEmpty())
        .forEach(reachable::add);
    Set<String> stored = new HashSet<>();
    for (Key key : anna.scan(keys.valuePrefix(), null, 5_000).get().keys()) {
      stored.add(key.text());
    }
    assertEquals(reachable, stored);
  }
}
