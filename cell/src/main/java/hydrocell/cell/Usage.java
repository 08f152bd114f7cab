package hydrocell.cell;

import hydrocell.anna.lattice.Counter;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.MapLattice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What cells used, summed up: for one cell, a session or an owner. Anna keeps it as counters in a
 * map lattice, drawn in this package's description. Immutable.
 *
 * @param cells how many ran
 * @param executorNs how long executors were busy with them
 * @param cpuNs processor time of these executors, all threads and ended child processes together
 * @param readBytes values and classes fetched from Anna
 * @param writtenBytes values and classes written to it
 */
public record Usage(long cells, long executorNs, long cpuNs, long readBytes, long writtenBytes) {
  /** Nothing. */
  public static final Usage ZERO = new Usage(0, 0, 0, 0, 0);

  private static final Map<String, ToLongFunction<Usage>> COUNTERS = counters();

  private static Map<String, ToLongFunction<Usage>> counters() {
    Map<String, ToLongFunction<Usage>> counters = new LinkedHashMap<>();
    counters.put("cells", Usage::cells);
    counters.put("executor.ns", Usage::executorNs);
    counters.put("cpu.ns", Usage::cpuNs);
    counters.put("read.bytes", Usage::readBytes);
    counters.put("written.bytes", Usage::writtenBytes);
    return counters;
  }

  /** The sum. */
  public Usage plus(Usage other) {
    return new Usage(
        cells + other.cells,
        executorNs + other.executorNs,
        cpuNs + other.cpuNs,
        readBytes + other.readBytes,
        writtenBytes + other.writtenBytes);
  }

  /**
   * A writer's part of the counters as it stands now. Merging it twice counts once.
   *
   * @param prefix what the fields' names start with, for several usages under one key
   */
  public MapLattice counters(String writer, String prefix) {
    Map<String, Counter> fields = new LinkedHashMap<>();
    COUNTERS.forEach((name, amount) -> {
      long sum = amount.applyAsLong(this);
      if (sum > 0) {
        fields.put(prefix + name, new Counter(Map.of(writer, new Counter.Part(sum, 0))));
      }
    });
    return MapLattice.of(fields);
  }

  /** What all writers counted. */
  public static Usage of(@Nullable Lattice stored, String prefix) {
    return read(stored, prefix, Counter::value);
  }

  /** What one writer counted. */
  public static Usage of(@Nullable Lattice stored, String prefix, String writer) {
    return read(
        stored,
        prefix,
        counter -> {
          Counter.Part part = counter.parts().get(writer);
          return part == null ? 0 : part.up();
        });
  }

  private static Usage read(
      @Nullable Lattice stored, String prefix, ToLongFunction<Counter> amount) {
    long[] sums = new long[COUNTERS.size()];
    int i = 0;
    for (String name : COUNTERS.keySet()) {
      Lattice field = stored instanceof MapLattice map ? map.field(prefix + name) : null;
      sums[i++] = field instanceof Counter counter ? amount.applyAsLong(counter) : 0;
    }
    return new Usage(sums[0], sums[1], sums[2], sums[3], sums[4]);
  }
}
