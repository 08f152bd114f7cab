package hydrocell.install;

import hydrocell.executor.HostFigures;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node's figures in Prometheus' text format 0.0.4. Used by one thread. */
final class Prometheus {
  private final StringBuilder page = new StringBuilder();

  private Prometheus() {}

  /**
   * The page.
   *
   * @param store the storage node's figures; null when it does not answer
   * @param host the executor host's; null when it does not answer
   */
  static String page(
      @Nullable Map<String, Long> store,
      @Nullable HostFigures host,
      boolean writable,
      long freeBytes) {
    Prometheus out = new Prometheus();
    out.gauge("up", "Whether store and executor host answer.", store != null && host != null);
    out.gauge("disk_writable", "Whether the data folder can be written.", writable);
    out.gauge("disk_free_bytes", "Free space where the data folder lies.", freeBytes);
    if (store != null) {
      out.log(store);
    }
    if (host != null) {
      out.pool(host);
      out.leases(host);
      out.compiler(host);
    }
    return out.page.toString();
  }

  private void log(Map<String, Long> store) {
    gauge("store_keys", "Keys in the store.", of(store, "keys"));
    gauge("store_live_bytes", "Bytes that the store's keys need.", of(store, "live.bytes"));
    gauge("log_bytes", "Bytes of the logs on disk.", of(store, "disk.bytes"));
    counter("log_appended_bytes_total", "Bytes written to logs.", of(store, "appended.bytes"));
    counter(
        "log_refused_writes_total", "Writes that the disk refused.", of(store, "refused.writes"));
    gauge("log_damaged_parts", "Parts of logs that could not be read.", of(store, "damaged.parts"));
  }

  private static long of(Map<String, Long> figures, String name) {
    return figures.getOrDefault(name, 0L);
  }

  private void pool(HostFigures host) {
    gauge("kernels", "Kernels that are connected.", host.kernels());
    head("executors", "gauge", "Executors by state.");
    host.executors().forEach((state, count) -> line("executors{state=\"" + state + "\"}", count));
    gauge("executors_most", "Executors that there may be.", host.mostExecutors());
    gauge("processes_resident_bytes", "Memory of the host's processes.", host.residentBytes());
    gauge("memory_short", "Whether the machine has too little free memory.", host.memoryShort());
    gauge("can_lease", "Whether executors start.", host.canLease());
    counter("executor_starts_total", "Executors started.", host.starts());
    counter(
        "executor_failed_starts_total",
        "Executors that ended before they were ready.",
        host.failedStarts());
    counter(
        "executor_losses_total",
        "Executors that ended by themselves under a lease.",
        host.losses());
    counter(
        "executor_limit_ends_total",
        "Executors ended because a cell went beyond a limit.",
        host.beyondLimits());
  }

  private void leases(HostFigures host) {
    gauge("queue_length", "Requests that wait for an executor.", host.queued());
    gauge("queue_oldest_seconds", "How long the first has waited.", host.oldestWaitNs() / 1e9);
    HostFigures.Waits waits = host.waits();
    head("lease_wait_seconds", "histogram", "How long requests waited for their leases.");
    long upTo = 0;
    for (int i = 0; i < waits.counts().size(); i++) {
      upTo += waits.counts().get(i);
      String bound = i < waits.boundsMs().size() ? number(waits.boundsMs().get(i) / 1e3) : "+Inf";
      line("lease_wait_seconds_bucket{le=\"" + bound + "\"}", upTo);
    }
    line("lease_wait_seconds_sum", waits.sumNs() / 1e9);
    line("lease_wait_seconds_count", upTo);
  }

  private void compiler(HostFigures host) {
    gauge("can_compile", "Whether the compile service starts.", host.canCompile());
    gauge(
        "can_process_annotations",
        "Whether the compile service that runs annotation processors starts.",
        host.canProcess());
    counter("compiles_total", "Cells that were to be compiled.", host.compiles());
    counter("compile_cache_hits_total", "Those that a cache had.", host.compiledBefore());
  }

  private void gauge(String name, String help, Number value) {
    head(name, "gauge", help);
    line(name, value);
  }

  private void gauge(String name, String help, boolean value) {
    gauge(name, help, value ? 1 : 0);
  }

  private void counter(String name, String help, Number value) {
    head(name, "counter", help);
    line(name, value);
  }

  private void head(String name, String type, String help) {
    page.append("# HELP hydrocell_").append(name).append(' ').append(help).append('\n');
    page.append("# TYPE hydrocell_").append(name).append(' ').append(type).append('\n');
  }

  private void line(String name, Number value) {
    page.append("hydrocell_").append(name).append(' ').append(number(value)).append('\n');
  }

  private static String number(Number value) {
    return value instanceof Double
        ? String.format(Locale.ROOT, "%.6g", value.doubleValue())
        : value.toString();
  }
}
