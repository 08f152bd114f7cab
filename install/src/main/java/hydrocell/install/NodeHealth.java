package hydrocell.install;

import hydrocell.anna.AnnaClient;
import hydrocell.executor.HostFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a node's parts as they are now: the disk by writing to it, the store and the host by
 * asking them. Thread-safe.
 */
final class NodeHealth {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHealth.class);
  private static final long ANSWER_LIMIT_S = 5;
  private static final int PROBE_BYTES = 8 << 10;

  private final Path data;
  private final AnnaClient anna;
  private final Supplier<@Nullable HostFigures> host;

  /**
   * Looks at a node.
   *
   * @param data the folder that it writes to
   * @param host what the executor host says; null when it does not answer
   */
  NodeHealth(Path data, AnnaClient anna, Supplier<@Nullable HostFigures> host) {
    this.data = data;
    this.anna = anna;
    this.host = host;
  }

  /**
   * How a node is, a sentence for each thing, with no name of anybody's.
   *
   * @param problems what keeps it from serving as it should; nothing when it is healthy
   * @param warnings what somebody should look at
   */
  record Report(List<String> problems, List<String> warnings) {}

  /** Looks at everything now. */
  Report report() {
    Report report = new Report(new ArrayList<>(), new ArrayList<>());
    if (!canWrite()) {
      report.problems.add("the data folder cannot be written: nothing new is kept");
    }
    Map<String, Long> store = store();
    if (store == null) {
      report.problems.add(
          "the store does not answer, or its disk refused a write: log/node.log says more");
    } else if (store.getOrDefault("damaged.parts", 0L) > 0) {
      report.warnings.add(
          "parts of the store could not be read when the node began: log/node.log names them");
    }
    HostFigures figures = host.get();
    if (figures == null) {
      report.problems.add("the executor host does not answer");
      return report;
    }
    if (!figures.canLease()) {
      report.problems.add("executors do not start: log/ has a log of each that tried");
    }
    if (!figures.canCompile()) {
      report.problems.add("the compile service does not start: log/compile-service.log says more");
    }
    if (!figures.canProcess()) {
      report.warnings.add(
          "cells that need annotation processors do not compile: log/processing-compile-service.log says more");
    }
    if (figures.memoryShort()) {
      report.warnings.add("the machine is short of memory: no executors are kept warm");
    }
    return report;
  }

  /** The page of {@code /metrics}. */
  String metrics() {
    return Prometheus.page(store(), host.get(), canWrite(), free());
  }

  private @Nullable Map<String, Long> store() {
    try {
      return anna.stats().get(ANSWER_LIMIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the store does not say how it fares: {}", e.toString());
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private boolean canWrite() {
    Path probe = null;
    try {
      probe = Files.createTempFile(data, "health", ".tmp");
      Files.write(probe, new byte[PROBE_BYTES]);
      return true;
    } catch (IOException e) {
      LOG.warn("the data folder cannot be written: {}", e.toString());
      return false;
    } finally {
      remove(probe);
    }
  }

  private static void remove(@Nullable Path probe) {
    try {
      if (probe != null) {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      LOG.warn("{} is left over: {}", probe, e.toString());
    }
  }

  private long free() {
    try {
      return Files.getFileStore(data).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }
}
