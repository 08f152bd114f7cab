package hydrocell.executor;

import hydrocell.cell.Limit;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends executors whose cells go beyond limits that the system does not hold by itself: memory
 * outside the heap, threads, the temporary folder. Looks only while cells run. Called by the host's
 * thread; folders are measured by another.
 */
final class ExecutorWatch {
  private static final int LOOKS_PER_SCAN = 4;
  private static final long SMALLEST_FILE_BYTES = 4 << 10;

  private final Pool pool;
  private final Executor loop;
  private final Executor measuring;
  private int looks;
  private boolean measured = true;

  /**
   * A watch.
   *
   * @param loop the host's thread
   * @param measuring walks through folders
   */
  ExecutorWatch(Pool pool, Executor loop, Executor measuring) {
    this.pool = pool;
    this.loop = loop;
    this.measuring = measuring;
  }

  /** Looks once; every few times also at the processes that cells started, and at folders. */
  void look() {
    List<PooledExecutor> active = pool.active();
    if (active.isEmpty()) {
      return;
    }
    boolean scan = looks++ % LOOKS_PER_SCAN == 0;
    Map<Long, PooledExecutor> byPid =
        active.stream().collect(Collectors.toMap(e -> e.child.pid(), e -> e));
    if (scan) {
      Map<Long, Long> roots =
          active.stream().collect(Collectors.toMap(e -> e.child.root(), e -> e.child.pid()));
      ProcessFigures.byGroup(roots).forEach((pid, figures) -> check(byPid.get(pid), figures));
      measure(active);
    } else {
      byPid.forEach((pid, executor) -> check(executor, ProcessFigures.of(pid)));
    }
  }

  private void check(@Nullable PooledExecutor executor, @Nullable ProcessFigures figures) {
    Limits limits = executor == null ? null : executor.limits;
    if (executor == null || limits == null || figures == null) {
      return;
    }
    if (executor.running != null) {
      executor.running.seen(figures);
    }
    long heap = limits.of(Limit.HEAP);
    if (figures.memoryBytes() > heap + limits.of(Limit.NATIVE)) {
      pool.endBeyond(
          executor,
          Limit.NATIVE,
          String.format(
              Locale.ROOT,
              "it used %,d MB of memory, of which the heap is %,d MB at most",
              figures.memoryBytes() >> 20,
              heap >> 20));
    } else if (figures.threads() > limits.of(Limit.THREADS)) {
      pool.endBeyond(
          executor,
          Limit.THREADS,
          String.format(Locale.ROOT, "it had %,d threads and processes", figures.threads()));
    }
  }

  private void measure(List<PooledExecutor> active) {
    if (!measured) {
      return;
    }
    measured = false;
    measuring.execute(() -> {
      for (PooledExecutor each : active) {
        Limits limits = each.limits;
        if (limits != null) {
          long most = limits.of(Limit.SCRATCH);
          long bytes = bytesOf(each.scratch, most);
          bytes += each.run == null ? 0 : bytesOf(each.run, most);
          if (bytes > most) {
            loop.execute(() ->
                pool.endBeyond(
                    each,
                    Limit.SCRATCH,
                    "its temporary files took more than " + Limit.SCRATCH.show(most)));
          }
        }
      }
      loop.execute(() -> measured = true);
    });
  }

  /** Bytes of the files under a folder; stops counting beyond {@code enough}. */
  private static long bytesOf(Path folder, long enough) {
    long[] sum = {0};
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              sum[0] += Math.max(attributes.size(), SMALLEST_FILE_BYTES);
              return sum[0] > enough ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // It goes while it is measured; the next look sees what is left.
      return sum[0];
    }
    return sum[0];
  }
}
