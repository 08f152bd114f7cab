package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.local.Settings;
import hydrocell.cell.message.HostReply;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host says of itself is what has happened. */
final class HostFiguresTest {
  private static final long PATIENCE_S = 300;

  @TempDir Path folder;

  private static HostFigures await(ExecutorHost host, Predicate<HostFigures> wanted) {
    HostFigures figures = host.figures();
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while ((figures == null || !wanted.test(figures)) && System.nanoTime() < deadlineNs) {
      figures = host.figures();
    }
    assertTrue(figures != null && wanted.test(figures), () -> String.valueOf(host.figures()));
    return figures;
  }

  private static long served(HostFigures figures) {
    return figures.waits().counts().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void startsLeasesWaitsAndLossesAreCounted() throws Exception {
    try (TestHost host = TestHost.start(folder, 0, 1, TestHost.LONG)) {
      HostFigures before = await(host.host, figures -> figures.kernels() == 1);
      assertEquals(0, served(before));
      HostReply.Leased lease = host.kernel.lease("first");
      long second = host.kernel.ask("second");
      HostFigures waiting = await(host.host, figures -> figures.queued() == 1);
      assertEquals(1, served(waiting));
      assertTrue(waiting.waits().sumNs() > 0 && waiting.canLease() && waiting.starts() == 1);
      host.kernel.signal("KILL", host.kernel.executor(lease.executorId()).pid());
      host.kernel.answer(second);
      HostFigures after = await(host.host, figures -> served(figures) == 2);
      assertEquals(1, after.losses());
      assertEquals(0, after.failedStarts());
      assertEquals(2, after.starts());
      assertEquals(0, after.queued());
    }
  }

  @Test
  void aHostWhoseExecutorsDoNotStartSaysSo() throws Exception {
    try (TestHost host =
        TestHost.start(folder, List.of("/bin/false"), 1, 2, TestHost.LONG, Settings.none())) {
      HostFigures figures = await(host.host, now -> !now.canLease());
      assertTrue(figures.failedStarts() > 0, figures::toString);
      assertTrue(figures.canCompile());
    }
  }
}
