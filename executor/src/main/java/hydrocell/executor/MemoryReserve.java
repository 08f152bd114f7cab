package hydrocell.executor;

import hydrocell.cell.local.Settings;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Memory of the machine that the pool leaves free. Below it warm executors are given back, and no
 * more than one is started at a time. Immutable.
 *
 * @param machine what there is
 * @param bytes how much is left free
 */
public record MemoryReserve(Capacity machine, long bytes) {
  private static final long SMALLEST_BYTES = 256L << 20;
  private static final long SHARE = 20;

  /** As the settings say; by default a twentieth of the memory. */
  public static MemoryReserve of(Settings settings, Capacity machine) throws IOException {
    long usual = Math.max(SMALLEST_BYTES, machine.memoryBytes() / SHARE);
    return new MemoryReserve(machine, settings.number("memory.reserve", usual, 0, Long.MAX_VALUE));
  }

  /** Whether less is free now; false where the system does not tell. */
  boolean isShort() {
    OptionalLong available = machine.availableBytes();
    return available.isPresent() && available.getAsLong() < bytes;
  }
}
