package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Usage;
import hydrocell.cell.message.HostReply;
import hydrocell.executor.run.TestNotebook;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cells use is counted once, in Anna: for the cell, its session and its owner. */
final class MeteringTest {
  private static final SessionKeys KEYS = new SessionKeys("s", 1);
  private static final long PATIENCE_S = 300;

  @TempDir Path folder;

  private static Usage await(AnnaClient anna, Key key, String prefix, Predicate<Usage> wanted)
      throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (System.nanoTime() < deadlineNs) {
      Usage usage = Usage.of(anna.get(key).get().lattice(), prefix);
      if (wanted.test(usage)) {
        return usage;
      }
    }
    throw new AssertionError(key + " is " + Usage.of(anna.get(key).get().lattice(), prefix));
  }

  @Test
  void everyCellIsCountedOnceAlsoOneWhoseExecutorIsKilled() throws Exception {
    try (TestHost host = TestHost.start(folder, 1, 2, TestHost.LONG);
        AnnaClient anna = NodeClient.connect(host.anna.endpoint(), "test", TestHost.ANNA_SECRET)) {
      HostReply.Leased lease = host.kernel.lease("s");
      try (TestNotebook notebook = host.notebook("s", lease)) {
        notebook.run(
            "int[] big = new int[100_000]; for (int i = 0; i < big.length; i++) big[i] = i;");
        notebook.run("long sum = 0; for (int i = 0; i < 300_000_000; i++) sum += i * sum;");
        Usage two = await(anna, KEYS.usage(), "", usage -> usage.cells() == 2);
        Usage first = Usage.of(anna.get(KEYS.usageOfCells(0)).get().lattice(), "1/");
        Usage second = Usage.of(anna.get(KEYS.usageOfCells(0)).get().lattice(), "2/");
        assertEquals(two, first.plus(second));
        assertTrue(first.writtenBytes() > 100_000, () -> "the array is not counted: " + first);
        assertTrue(second.cpuNs() > 0 && second.executorNs() > 0, second::toString);

        notebook.start("while (true);");
        ProcessFigures before = ProcessFigures.of(host.kernel.executor(lease.executorId()).pid());
        host.kernel.awaitState("busy");
        awaitCpu(host.kernel.executor(lease.executorId()).pid(), before.cpuMs() + 1_000);
        host.kernel.replace(lease.leaseId());
      }
      Usage three = await(anna, KEYS.usage(), "", usage -> usage.cells() == 3);
      Usage killed = Usage.of(anna.get(KEYS.usageOfCells(0)).get().lattice(), "3/");
      assertTrue(killed.executorNs() > TimeUnit.MILLISECONDS.toNanos(500), killed::toString);
      assertTrue(killed.cpuNs() > TimeUnit.MILLISECONDS.toNanos(200), killed::toString);
      assertEquals(three, await(anna, SessionKeys.usageOfOwner("me"), "", three::equals));
    }
  }

  private static void awaitCpu(long pid, long cpuMs) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    for (ProcessFigures now = ProcessFigures.of(pid);
        now != null && now.cpuMs() < cpuMs && System.nanoTime() < deadlineNs;
        now = ProcessFigures.of(pid)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aHostThatBeginsAgainGoesOnCountingAndOldPagesOfCellsGo() throws Exception {
    StorageConfig config =
        StorageConfig.local(
            folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), new byte[] {7});
    Usage one = new Usage(1, 10, 5, 3, 2);
    try (StorageNode node = StorageNode.start(config);
        AnnaClient anna = NodeClient.connect(node.endpoint(), "test", new byte[] {7})) {
      for (int host = 0; host < 2; host++) {
        try (Metering metering = new Metering(anna)) {
          for (int cell = 1; cell <= 4 * SessionKeys.CELLS_PER_PAGE; cell++) {
            metering.charge(new Metering.Charge(KEYS, "me", cell, one));
          }
        }
      }
      int cells = 8 * SessionKeys.CELLS_PER_PAGE;
      Usage all = new Usage(cells, 10L * cells, 5L * cells, 3L * cells, 2L * cells);
      assertEquals(all, Usage.of(anna.get(KEYS.usage()).get().lattice(), ""));
      assertEquals(all, Usage.of(anna.get(SessionKeys.usageOfOwner("me")).get().lattice(), ""));
      assertEquals(one.plus(one), Usage.of(anna.get(KEYS.usageOfCells(3)).get().lattice(), "150/"));
      // The first page went when the fourth began, and began again with the second host.
      assertEquals(one, Usage.of(anna.get(KEYS.usageOfCells(0)).get().lattice(), "1/"));
    }
  }

  @Test
  void nothingIsCountedTwiceOrLostWhileAnnaIsAway() throws Exception {
    StorageConfig config =
        StorageConfig.local(
            folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), new byte[] {7});
    Usage one = new Usage(1, 10, 5, 3, 2);
    StorageNode node = StorageNode.start(config);
    try (AnnaClient anna = NodeClient.connect(node.endpoint(), "test", new byte[] {7});
        Metering metering = new Metering(anna)) {
      metering.charge(new Metering.Charge(KEYS, "me", 1, one));
      await(anna, KEYS.usage(), "", one::equals);
      node.close();
      metering.charge(new Metering.Charge(KEYS, "me", 2, one));
      metering.charge(new Metering.Charge(new SessionKeys("other", 1), "me", 1, one));
      node = StorageNode.start(config);
      await(anna, SessionKeys.usageOfOwner("me"), "", one.plus(one).plus(one)::equals);
      await(anna, KEYS.usage(), "", one.plus(one)::equals);
    } finally {
      node.close();
    }
  }
}
