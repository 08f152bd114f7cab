package hydrocell.resolver;

import hydrocell.cell.message.Resolution;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/**
 * Tells how far downloads are, from the second second on and twice a second at most. Thread-safe:
 * files come beside each other.
 */
final class Downloads extends AbstractTransferListener {
  private static final long FIRST_NS = 1_000_000_000L;
  private static final long EVERY_NS = 500_000_000L;

  private final LongSupplier clockNs;
  private final Consumer<Resolution.Underway> told;
  private final Map<String, Long> bytesByFile = new HashMap<>();
  private int begun;
  private long announcedBytes;
  private long nextNs;

  /** Counts from now on. */
  Downloads(LongSupplier clockNs, Consumer<Resolution.Underway> told) {
    this.clockNs = clockNs;
    this.told = told;
    this.nextNs = clockNs.getAsLong() + FIRST_NS;
  }

  private static boolean isJar(TransferEvent event) {
    return event.getResource().getResourceName().endsWith(".jar");
  }

  @Override
  public synchronized void transferStarted(TransferEvent event) {
    if (isJar(event)) {
      begun++;
      announcedBytes += Math.max(0, event.getResource().getContentLength());
    }
  }

  @Override
  public synchronized void transferProgressed(TransferEvent event) {
    if (isJar(event)) {
      bytesByFile.put(event.getResource().getResourceName(), event.getTransferredBytes());
      long now = clockNs.getAsLong();
      if (now - nextNs >= 0) {
        nextNs = now + EVERY_NS;
        tell(event.getResource().getResourceName());
      }
    }
  }

  private void tell(String file) {
    long bytes = bytesByFile.values().stream().mapToLong(Long::longValue).sum();
    String name = file.substring(file.lastIndexOf('/') + 1);
    told.accept(new Resolution.Underway(begun, bytes, Math.max(bytes, announcedBytes), name));
  }
}
