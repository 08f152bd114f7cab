package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.local.Settings;
import hydrocell.cell.message.HostReply;
import hydrocell.executor.run.TestNotebook;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More notebooks than executors. */
final class AdmissionTest {
  /** Speaks to the host as an executor does, and starts at once. */
  private static final String SCRIPT =
      """
      #!/bin/sh
      state=new
      while IFS= read -r line; do
        case "$line" in
          "")
            case $state in
              new) printf 'ready unix:/none\\n'; state=warm ;;
              retire) exit 0 ;;
              *) printf '\\001adopted\\n\\001busy\\n'; sleep 0.02; printf '\\001idle 0 0\\n' ;;
            esac ;;
          retire=*) state=retire ;;
        esac
      done
      """;

  @TempDir Path folder;

  @Test
  void whoWaitsIsToldItsPlaceAndMayLeave() throws Exception {
    try (TestHost host = TestHost.start(folder, 0, 1, TestHost.LONG)) {
      HostReply.Leased held = host.kernel.lease("first");
      long second = host.kernel.ask("second");
      assertEquals(1, host.kernel.awaitPlace(second, 1).waiting());
      long third = host.kernel.ask("third");
      assertEquals(2, host.kernel.awaitPlace(third, 2).waiting());
      host.kernel.withdraw(second);
      assertInstanceOf(HostReply.Failed.class, host.kernel.answer(second));
      assertEquals(1, host.kernel.awaitPlace(third, 1).waiting());
      host.kernel.replace(held.leaseId());
      assertInstanceOf(HostReply.Leased.class, host.kernel.answer(third));
    }
  }

  @Test
  void theOwnerWithFewerExecutorsStandsFurtherAhead() throws Exception {
    try (TestHost host = TestHost.start(folder, 0, 1, TestHost.LONG)) {
      host.kernel.leaseOf("greedy", "g1");
      long greedy = host.kernel.ask("greedy", "g2");
      host.kernel.awaitPlace(greedy, 1);
      long modest = host.kernel.ask("modest", "m1");
      // One who is overtaken is told at once, the other after its first second.
      host.kernel.awaitPlace(greedy, 2);
      host.kernel.awaitPlace(modest, 1);
    }
  }

  @Test
  void withoutFreeMemoryNothingIsKeptWarmAndCellsStillRun() throws Exception {
    try (TestHost host = TestHost.start(folder, 2, 3, TestHost.LONG, "memory.reserve = 1000t")) {
      HostReply.Leased lease = host.kernel.lease("s");
      try (TestNotebook notebook = host.notebook("s", lease)) {
        assertEquals("2", notebook.run("1 + 1").result());
      }
      HostReply.LeaseEnded ended = host.kernel.awaitLeaseEnd();
      assertTrue(ended.reason().contains("short of memory"), ended::reason);
      host.kernel.awaitExecutors(0);
    }
  }

  @Test
  void aStampedeIsAnsweredWholeAndBothOwnersAlike() throws Exception {
    Path script = Files.writeString(folder.resolve("executor.sh"), SCRIPT);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    int max = 8;
    int greedy = 150;
    int modest = 50;
    AtomicInteger greedyServed = new AtomicInteger();
    AtomicInteger modestServed = new AtomicInteger();
    AtomicInteger greedyWhenModestDone = new AtomicInteger();
    try (TestHost host =
            TestHost.start(
                folder, List.of(script.toString()), 1, max, TestHost.LONG, Settings.none());
        ExecutorService pupils = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Long> requests = new ArrayList<>();
      for (int i = 0; i < greedy; i++) {
        requests.add(host.kernel.ask("greedy", "g" + i));
      }
      for (int i = 0; i < modest; i++) {
        requests.add(host.kernel.ask("modest", "m" + i));
      }
      List<Future<?>> answers = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        long request = requests.get(i);
        boolean isGreedy = i < greedy;
        answers.add(
            pupils.submit(() -> {
              assertInstanceOf(HostReply.Leased.class, host.kernel.answer(request));
              if (isGreedy) {
                greedyServed.incrementAndGet();
              } else if (modestServed.incrementAndGet() == modest) {
                greedyWhenModestDone.set(greedyServed.get());
              }
              return null;
            }));
      }
      for (Future<?> answer : answers) {
        answer.get();
      }
    }
    assertEquals(greedy, greedyServed.get());
    assertTrue(
        greedyWhenModestDone.get() <= modest + 4 * max,
        () -> "the greedy owner had " + greedyWhenModestDone + " of " + greedy + " by then");
  }
}
